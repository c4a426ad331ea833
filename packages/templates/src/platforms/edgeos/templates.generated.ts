// Generated from the *.hbs files of this folder by scripts/embed-templates.mjs; do not edit.
import type { TemplatePieces } from '../../template.ts'

export const templates: Readonly<Record<'check' | 'configure' | 'remove', TemplatePieces>> = {
  check: [
    '# In operational mode. The firewall of the outside interface lets these in, with UDP 500, UDP 4500 and ESP:\n',
    ['each', 'peers', [
      '# ', ['v', 'from'], ' (', ['v', 'peer'], ')\n',
    ]],
    '# The tunnels: each peer is up, each pair of prefixes is installed.\n',
    'show vpn ipsec status\n',
    'show vpn ipsec sa\n',
    ['if', 'isRouted', [
      '# The virtual interfaces are up, and the routes for these prefixes lead to them; while a tunnel is down they lead nowhere.\n',
      'show interfaces vti\n',
      ['each', 'routes', [
        ['unless', 'isNowhere', [
          'show ', ['v', 'family'], ' route ', ['v', 'prefix'], '\n',
        ]],
      ]],
    ]],
    ['if', 'proxied', [
      '# Hosts take these addresses for neighbours. The gateway answers ARP for them where "ip enable-proxy-arp" is set on their interface; or they have\n',
      '# routes of their own by the gateway. Here their routes leave by another interface:\n',
      ['each', 'proxied', [
        'show ip route ', ['v', 'address'], '\n',
      ]],
    ]],
    '# NAT: the rules with natplan in their description count packets.\n',
    'show nat rules\n',
    "# No masquerade with a lower number than natplan's source rules may match the same packets.\n",
    'show nat statistics\n',
    'show nat translations source detail\n',
    '# From a host at the site, then look at the counters again:\n',
    ['each', 'trials', [
      '# from ', ['v', 'from'], ': ping ', ['v', 'to'], ' (at ', ['v', 'peer'], ')\n',
    ]],
    '# Flows that were open before keep their old addresses. To end them, host by host (its conntrack may be too old for prefixes):\n',
    ['each', 'trials', [
      '# sudo conntrack -D -d ', ['v', 'to'], '\n',
    ]],
  ],
  configure: [
    ['each', 'clamps', [
      'set firewall options mss-clamp interface-type all\n',
      'set firewall options mss-clamp mss ', ['v', 'mss'], '\n',
    ]],
    ['each', 'interfaces', [
      ['if', 'address', [
        'set interfaces ', ['v', 'kind'], ' ', ['v', 'name'], ' address ', ['v', 'address'], '\n',
      ]],
      'set interfaces ', ['v', 'kind'], ' ', ['v', 'name'], " description 'natplan: ", ['v', 'description'], "'\n",
    ]],
    ['each', 'destinations', [
      ['if', 'isBound', [
        '# Where ', ['v', 'interface'], ' has an "in" firewall, it must accept, in real addresses: from ', ['v', 'source'], ' to ', ['v', 'translation'], '.\n',
      ], [
        '# Where the outside interface has an "in" firewall, it must accept, in real addresses: from ', ['v', 'source'], ' to ', ['v', 'translation'], ', ipsec match-ipsec.\n',
      ]],
    ]],
    ['each', 'routes', [
      ['if', 'interface', [
        ['if', 'distance', [
          'set protocols static ', ['v', 'interfaceNode'], ' ', ['v', 'prefix'], ' next-hop-interface ', ['v', 'interface'], ' distance ', ['v', 'distance'], '\n',
        ], [
          'set protocols static ', ['v', 'interfaceNode'], ' ', ['v', 'prefix'], ' next-hop-interface ', ['v', 'interface'], '\n',
        ]],
      ]],
      ['if', 'via', [
        'set protocols static ', ['v', 'node'], ' ', ['v', 'prefix'], ' next-hop ', ['v', 'via'], '\n',
      ]],
      ['if', 'isNowhere', [
        'set protocols static ', ['v', 'node'], ' ', ['v', 'prefix'], ' blackhole distance ', ['v', 'distance'], '\n',
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
      'set protocols static ', ['v', 'node'], ' ', ['v', 'prefix'], ' blackhole distance 254\n',
    ]],
    ['each', 'destinations', [
      'set service nat rule ', ['v', 'number'], " description '", ['v', 'description'], "'\n",
      'set service nat rule ', ['v', 'number'], ' destination address ', ['v', 'destination'], '\n',
      ['if', 'port', [
        'set service nat rule ', ['v', 'number'], ' destination port ', ['v', 'port'], '\n',
      ]],
      'set service nat rule ', ['v', 'number'], ' inbound-interface ', ['v', 'interface'], '\n',
      'set service nat rule ', ['v', 'number'], ' inside-address address ', ['v', 'translation'], '\n',
      ['if', 'toPort', [
        'set service nat rule ', ['v', 'number'], ' inside-address port ', ['v', 'toPort'], '\n',
      ]],
      ['if', 'protocol', [
        'set service nat rule ', ['v', 'number'], ' protocol ', ['v', 'protocol'], '\n',
      ], [
        'set service nat rule ', ['v', 'number'], ' protocol all\n',
      ]],
      'set service nat rule ', ['v', 'number'], ' source address ', ['v', 'source'], '\n',
      'set service nat rule ', ['v', 'number'], ' type destination\n',
    ]],
    ['each', 'sources', [
      'set service nat rule ', ['v', 'number'], " description '", ['v', 'description'], "'\n",
      'set service nat rule ', ['v', 'number'], ' destination address ', ['v', 'destination'], '\n',
      ['unless', 'translation', [
        'set service nat rule ', ['v', 'number'], ' exclude\n',
      ]],
      'set service nat rule ', ['v', 'number'], ' outbound-interface ', ['v', 'interface'], '\n',
      ['if', 'translation', [
        'set service nat rule ', ['v', 'number'], ' outside-address address ', ['v', 'translation'], '\n',
      ]],
      'set service nat rule ', ['v', 'number'], ' protocol all\n',
      'set service nat rule ', ['v', 'number'], ' source address ', ['v', 'source'], '\n',
      'set service nat rule ', ['v', 'number'], ' type source\n',
    ]],
    ['each', 'groups', [
      'set vpn ipsec esp-group ', ['v', 'name'], ' lifetime ', ['v', 'espLifetime'], '\n',
      'set vpn ipsec esp-group ', ['v', 'name'], ' mode tunnel\n',
      'set vpn ipsec esp-group ', ['v', 'name'], ' pfs ', ['v', 'pfs'], '\n',
      'set vpn ipsec esp-group ', ['v', 'name'], ' proposal 1 encryption ', ['v', 'espEncryption'], '\n',
      'set vpn ipsec esp-group ', ['v', 'name'], ' proposal 1 hash ', ['v', 'espHash'], '\n',
    ]],
    ['each', 'groups', [
      'set vpn ipsec ike-group ', ['v', 'name'], ' dead-peer-detection action ', ['v', 'deadPeerAction'], '\n',
      'set vpn ipsec ike-group ', ['v', 'name'], ' dead-peer-detection interval ', ['v', 'deadPeerInterval'], '\n',
      'set vpn ipsec ike-group ', ['v', 'name'], ' dead-peer-detection timeout ', ['v', 'deadPeerTimeout'], '\n',
      'set vpn ipsec ike-group ', ['v', 'name'], ' key-exchange ', ['v', 'ikeVersion'], '\n',
      'set vpn ipsec ike-group ', ['v', 'name'], ' lifetime ', ['v', 'ikeLifetime'], '\n',
      'set vpn ipsec ike-group ', ['v', 'name'], ' proposal 1 dh-group ', ['v', 'ikeDhGroup'], '\n',
      'set vpn ipsec ike-group ', ['v', 'name'], ' proposal 1 encryption ', ['v', 'ikeEncryption'], '\n',
      'set vpn ipsec ike-group ', ['v', 'name'], ' proposal 1 hash ', ['v', 'ikeHash'], '\n',
    ]],
    ['each', 'peers', [
      'set vpn ipsec site-to-site peer ', ['v', 'key'], ' authentication id ', ['v', 'localIdentity'], '\n',
      ['if', 'certificate', [
        'set vpn ipsec site-to-site peer ', ['v', 'key'], ' authentication mode x509\n',
      ], [
        'set vpn ipsec site-to-site peer ', ['v', 'key'], ' authentication mode pre-shared-secret\n',
        ['if', 'secret', [
          'set vpn ipsec site-to-site peer ', ['v', 'key'], " authentication pre-shared-secret '", ['v', 'secret'], "'\n",
        ], [
          '# set vpn ipsec site-to-site peer ', ['v', 'key'], ' authentication pre-shared-secret: not shown; without it the device refuses to commit\n',
        ]],
      ]],
      'set vpn ipsec site-to-site peer ', ['v', 'key'], ' authentication remote-id ', ['v', 'remoteIdentity'], '\n',
      ['if', 'certificate', [
        'set vpn ipsec site-to-site peer ', ['v', 'key'], " authentication x509 ca-cert-file '", ['v', 'certificate.ca'], "'\n",
        'set vpn ipsec site-to-site peer ', ['v', 'key'], " authentication x509 cert-file '", ['v', 'certificate.certificate'], "'\n",
        'set vpn ipsec site-to-site peer ', ['v', 'key'], " authentication x509 key file '", ['v', 'certificate.keyFile'], "'\n",
      ]],
      'set vpn ipsec site-to-site peer ', ['v', 'key'], ' connection-type ', ['v', 'start'], '\n',
      'set vpn ipsec site-to-site peer ', ['v', 'key'], " description 'natplan: ", ['v', '../site'], ' to ', ['v', 'peer'], "'\n",
      ['if', 'dhcpInterface', [
        'set vpn ipsec site-to-site peer ', ['v', 'key'], ' dhcp-interface ', ['v', 'dhcpInterface'], '\n',
      ]],
      ['if', 'forceNatTraversal', [
        'set vpn ipsec site-to-site peer ', ['v', 'key'], ' force-encapsulation enable\n',
      ]],
      'set vpn ipsec site-to-site peer ', ['v', 'key'], ' ike-group ', ['v', 'group'], '\n',
      ['if', 'localAddress', [
        'set vpn ipsec site-to-site peer ', ['v', 'key'], ' local-address ', ['v', 'localAddress'], '\n',
      ]],
      ['each', 'tunnels', [
        'set vpn ipsec site-to-site peer ', ['v', '../key'], ' tunnel ', ['v', 'number'], ' esp-group ', ['v', '../group'], '\n',
        'set vpn ipsec site-to-site peer ', ['v', '../key'], ' tunnel ', ['v', 'number'], ' local prefix ', ['v', 'local'], '\n',
        'set vpn ipsec site-to-site peer ', ['v', '../key'], ' tunnel ', ['v', 'number'], ' remote prefix ', ['v', 'remote'], '\n',
      ]],
      ['if', 'bind', [
        'set vpn ipsec site-to-site peer ', ['v', 'key'], ' vti bind ', ['v', 'bind'], '\n',
        'set vpn ipsec site-to-site peer ', ['v', 'key'], ' vti esp-group ', ['v', 'group'], '\n',
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
      'delete service nat rule ', ['v', 'number'], '\n',
    ]],
    ['each', 'sources', [
      'delete service nat rule ', ['v', 'number'], '\n',
    ]],
    ['each', 'peers', [
      'delete vpn ipsec site-to-site peer ', ['v', 'key'], '\n',
    ]],
    ['each', 'groups', [
      'delete vpn ipsec esp-group ', ['v', 'name'], '\n',
      'delete vpn ipsec ike-group ', ['v', 'name'], '\n',
    ]],
    ['each', 'discards', [
      'delete protocols static ', ['v', 'node'], ' ', ['v', 'prefix'], '\n',
    ]],
    ['each', 'interfaces', [
      'delete interfaces ', ['v', 'kind'], ' ', ['v', 'name'], '\n',
    ]],
    '# Settings that other tunnels may use stay. When nothing else needs them:\n',
    ['each', 'replacedClamps', [
      '# The segment size of the gateway before natplan was ', ['v', 'former'], ':\n',
      '# set firewall options mss-clamp mss ', ['v', 'former'], '\n',
    ]],
    ['each', 'addedClamps', [
      '# Before natplan the gateway had no segment size:\n',
      '# delete firewall options mss-clamp\n',
    ]],
    ['each', 'unknownClamps', [
      '# What segment size the gateway had before natplan is not known:\n',
      '# delete firewall options mss-clamp\n',
    ]],
  ],
}
