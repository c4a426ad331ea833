// Generated from the *.hbs files of this folder by scripts/embed-templates.mjs; do not edit.
import type { TemplatePieces } from '../../template.ts'

export const templates: Readonly<Record<'check' | 'configure' | 'remove', TemplatePieces>> = {
  check: [
    '# In operational mode. The firewall of the outside interface lets these in, with UDP 500, UDP 4500 and ESP:\n',
    ['each', 'peers', [
      '# ', ['v', 'from'], ' (', ['v', 'peer'], ')\n',
    ]],
    '# The tunnels: each peer is up, each pair of prefixes is installed.\n',
    'show vpn ike sa\n',
    'show vpn ipsec sa\n',
    ['if', 'initiators', [
      '# This device tries to bring a tunnel up when it is configured, and only once, so it comes after its peers. To try again:\n',
      ['each', 'initiators', [
        '# reset vpn ipsec-peer ', ['v', 'key'], '\n',
      ]],
    ]],
    ['if', 'isRouted', [
      '# The interfaces that tunnels are bound to are up:\n',
      'show interfaces vti\n',
    ]],
    '# The longest route to each of these prefixes must point at the virtual interface:\n',
    ['each', 'routes', [
      ['unless', 'isNowhere', [
        'show ', ['v', 'family'], ' route ', ['v', 'prefix'], '\n',
      ]],
    ]],
    '# Where zones are in use, each of these must be in one; packets from an interface without a zone are dropped:\n',
    ['each', 'interfaces', [
      '# ', ['v', 'name'], '\n',
    ]],
    ['if', 'proxied', [
      '# Hosts take these addresses for neighbours. The gateway answers ARP for them where "ip enable-proxy-arp" is set on their interface; or they have\n',
      '# routes of their own by the gateway. Here their routes leave by another interface:\n',
      ['each', 'proxied', [
        'show ip route ', ['v', 'address'], '\n',
      ]],
    ]],
    '# NAT: the rules with natplan in their description count packets.\n',
    'show nat source statistics\n',
    'show nat destination statistics\n',
    'show nat source translations\n',
    '# From a host at the site, then look at the counters again:\n',
    ['each', 'trials', [
      '# from ', ['v', 'from'], ': ping ', ['v', 'to'], ' (at ', ['v', 'peer'], ')\n',
    ]],
    '# Flows that were open before keep their old addresses. To end them:\n',
    '# clear connection-tracking (it ends every flow of the device)\n',
  ],
  configure: [
    ['each', 'interfaces', [
      ['if', 'address', [
        'set interfaces ', ['v', 'kind'], ' ', ['v', 'name'], " address '", ['v', 'address'], "'\n",
      ]],
      'set interfaces ', ['v', 'kind'], ' ', ['v', 'name'], " description 'natplan: ", ['v', 'description'], "'\n",
    ]],
    ['each', 'clamps', [
      'set interfaces ', ['v', 'kind'], ' ', ['v', 'name'], " ip tcp-mss limit '", ['v', 'mss'], "'\n",
    ]],
    ['each', 'routes', [
      ['if', 'interface', [
        ['if', 'distance', [
          'set protocols static ', ['v', 'interfaceNode'], ' ', ['v', 'prefix'], " next-hop-interface '", ['v', 'interface'], "' distance '", ['v', 'distance'], "'\n",
        ], [
          'set protocols static ', ['v', 'interfaceNode'], ' ', ['v', 'prefix'], " next-hop-interface '", ['v', 'interface'], "'\n",
        ]],
      ]],
      ['if', 'via', [
        'set protocols static ', ['v', 'node'], ' ', ['v', 'prefix'], ' next-hop ', ['v', 'via'], '\n',
      ]],
      ['if', 'isNowhere', [
        'set protocols static ', ['v', 'node'], ' ', ['v', 'prefix'], " blackhole distance '", ['v', 'distance'], "'\n",
      ]],
    ]],
    ['if', 'proxied', [
      '# Hosts take these addresses for neighbours, so somebody must answer when they ask for them by ARP:\n',
      ['each', 'proxied', [
        '# ', ['v', 'address'], '\n',
      ]],
      '# These lines make the gateway do so, for everything that it routes elsewhere; natplan leaves them to whoever runs the network there:\n',
      ['each', 'proxying', [
        '# set interfaces ', ['v', 'kind'], ' ', ['v', 'name'], ' ',
        ['if', 'vif', [
          'vif ', ['v', 'vif'], ' ',
        ]],
        'ip enable-proxy-arp\n',
      ]],
    ]],
    ['each', 'discards', [
      'set protocols static ', ['v', 'node'], ' ', ['v', 'prefix'], " blackhole distance '254'\n",
    ]],
    ['each', 'groups', [
      'set security vpn ipsec esp-group ', ['v', 'name'], " lifetime '", ['v', 'espLifetime'], "'\n",
      'set security vpn ipsec esp-group ', ['v', 'name'], " mode 'tunnel'\n",
      'set security vpn ipsec esp-group ', ['v', 'name'], " pfs '", ['v', 'pfs'], "'\n",
      'set security vpn ipsec esp-group ', ['v', 'name'], " proposal 1 encryption '", ['v', 'espEncryption'], "'\n",
      'set security vpn ipsec esp-group ', ['v', 'name'], " proposal 1 hash '", ['v', 'espHash'], "'\n",
    ]],
    ['each', 'groups', [
      'set security vpn ipsec ike-group ', ['v', 'name'], " dead-peer-detection action '", ['v', 'deadPeerAction'], "'\n",
      'set security vpn ipsec ike-group ', ['v', 'name'], " dead-peer-detection interval '", ['v', 'deadPeerInterval'], "'\n",
      'set security vpn ipsec ike-group ', ['v', 'name'], " dead-peer-detection timeout '", ['v', 'deadPeerTimeout'], "'\n",
      'set security vpn ipsec ike-group ', ['v', 'name'], " ike-version '", ['v', 'ikeVersion'], "'\n",
      'set security vpn ipsec ike-group ', ['v', 'name'], " lifetime '", ['v', 'ikeLifetime'], "'\n",
      'set security vpn ipsec ike-group ', ['v', 'name'], " proposal 1 dh-group '", ['v', 'ikeDhGroup'], "'\n",
      'set security vpn ipsec ike-group ', ['v', 'name'], " proposal 1 encryption '", ['v', 'ikeEncryption'], "'\n",
      'set security vpn ipsec ike-group ', ['v', 'name'], " proposal 1 hash '", ['v', 'ikeHash'], "'\n",
    ]],
    ['each', 'peers', [
      'set security vpn ipsec site-to-site peer ', ['v', 'key'], " authentication id '", ['v', 'localIdentity'], "'\n",
      ['if', 'certificate', [
        'set security vpn ipsec site-to-site peer ', ['v', 'key'], " authentication mode 'x509'\n",
      ], [
        'set security vpn ipsec site-to-site peer ', ['v', 'key'], " authentication mode 'pre-shared-secret'\n",
        ['if', 'secret', [
          'set security vpn ipsec site-to-site peer ', ['v', 'key'], " authentication pre-shared-secret '", ['v', 'secret'], "'\n",
        ], [
          '# set security vpn ipsec site-to-site peer ', ['v', 'key'], ' authentication pre-shared-secret: not shown; without it the device refuses to commit\n',
        ]],
      ]],
      'set security vpn ipsec site-to-site peer ', ['v', 'key'], " authentication remote-id '", ['v', 'remoteIdentity'], "'\n",
      ['if', 'certificate', [
        'set security vpn ipsec site-to-site peer ', ['v', 'key'], " authentication x509 ca-cert-file '", ['v', 'certificate.ca'], "'\n",
        'set security vpn ipsec site-to-site peer ', ['v', 'key'], " authentication x509 cert-file '", ['v', 'certificate.certificate'], "'\n",
        'set security vpn ipsec site-to-site peer ', ['v', 'key'], " authentication x509 key file '", ['v', 'certificate.keyFile'], "'\n",
      ]],
      'set security vpn ipsec site-to-site peer ', ['v', 'key'], " connection-type '", ['v', 'start'], "'\n",
      'set security vpn ipsec site-to-site peer ', ['v', 'key'], " default-esp-group '", ['v', 'group'], "'\n",
      'set security vpn ipsec site-to-site peer ', ['v', 'key'], " description 'natplan: ", ['v', '../site'], ' to ', ['v', 'peer'], "'\n",
      ['if', 'dhcpInterface', [
        'set security vpn ipsec site-to-site peer ', ['v', 'key'], " dhcp-interface '", ['v', 'dhcpInterface'], "'\n",
      ]],
      'set security vpn ipsec site-to-site peer ', ['v', 'key'], " ike-group '", ['v', 'group'], "'\n",
      ['if', 'localAddress', [
        'set security vpn ipsec site-to-site peer ', ['v', 'key'], " local-address '", ['v', 'localAddress'], "'\n",
      ]],
      ['each', 'tunnels', [
        'set security vpn ipsec site-to-site peer ', ['v', '../key'], ' tunnel ', ['v', 'number'], " local prefix '", ['v', 'local'], "'\n",
        'set security vpn ipsec site-to-site peer ', ['v', '../key'], ' tunnel ', ['v', 'number'], " remote prefix '", ['v', 'remote'], "'\n",
        ['if', 'interface', [
          'set security vpn ipsec site-to-site peer ', ['v', '../key'], ' tunnel ', ['v', 'number'], " uses '", ['v', 'interface'], "'\n",
        ]],
      ]],
      ['if', 'bind', [
        'set security vpn ipsec site-to-site peer ', ['v', 'key'], " vti bind '", ['v', 'bind'], "'\n",
        'set security vpn ipsec site-to-site peer ', ['v', 'key'], " vti esp-group '", ['v', 'group'], "'\n",
      ]],
    ]],
    ['each', 'destinations', [
      'set service nat destination rule ', ['v', 'number'], " description '", ['v', 'description'], "'\n",
      'set service nat destination rule ', ['v', 'number'], " destination address '", ['v', 'destination'], "'\n",
      ['if', 'port', [
        'set service nat destination rule ', ['v', 'number'], " destination port '", ['v', 'port'], "'\n",
      ]],
      'set service nat destination rule ', ['v', 'number'], " inbound-interface '", ['v', 'interface'], "'\n",
      ['if', 'protocol', [
        'set service nat destination rule ', ['v', 'number'], " protocol '", ['v', 'protocol'], "'\n",
      ]],
      'set service nat destination rule ', ['v', 'number'], " source address '", ['v', 'source'], "'\n",
      'set service nat destination rule ', ['v', 'number'], " translation address '", ['v', 'translation'], "'\n",
      ['if', 'toPort', [
        'set service nat destination rule ', ['v', 'number'], " translation port '", ['v', 'toPort'], "'\n",
      ]],
    ]],
    ['each', 'sources', [
      'set service nat source rule ', ['v', 'number'], " description '", ['v', 'description'], "'\n",
      'set service nat source rule ', ['v', 'number'], " destination address '", ['v', 'destination'], "'\n",
      ['unless', 'translation', [
        'set service nat source rule ', ['v', 'number'], ' exclude\n',
      ]],
      'set service nat source rule ', ['v', 'number'], " outbound-interface '", ['v', 'interface'], "'\n",
      'set service nat source rule ', ['v', 'number'], " source address '", ['v', 'source'], "'\n",
      ['if', 'translation', [
        'set service nat source rule ', ['v', 'number'], " translation address '", ['v', 'translation'], "'\n",
      ]],
    ]],
  ],
  remove: [
    ['each', 'interfaceNodes', [
      'delete protocols static ', ['v', 'node'], ' ', ['v', 'prefix'], '\n',
    ]],
    ['each', 'otherNodes', [
      'delete protocols static ', ['v', 'node'], ' ', ['v', 'prefix'], '\n',
    ]],
    ['each', 'destinations', [
      'delete service nat destination rule ', ['v', 'number'], '\n',
    ]],
    ['each', 'sources', [
      'delete service nat source rule ', ['v', 'number'], '\n',
    ]],
    ['each', 'peers', [
      'delete security vpn ipsec site-to-site peer ', ['v', 'key'], '\n',
    ]],
    ['each', 'groups', [
      'delete security vpn ipsec esp-group ', ['v', 'name'], '\n',
      'delete security vpn ipsec ike-group ', ['v', 'name'], '\n',
    ]],
    ['each', 'discards', [
      'delete protocols static ', ['v', 'node'], ' ', ['v', 'prefix'], '\n',
    ]],
    ['each', 'interfaces', [
      'delete interfaces ', ['v', 'kind'], ' ', ['v', 'name'], '\n',
    ]],
  ],
}
