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
    ['if', 'isRouted', [
      '# The virtual interfaces are up, and the routes for these prefixes lead to them; while a tunnel is down they lead nowhere.\n',
      'show interfaces vti\n',
      ['if', 'vrfs', [
        'show interfaces virtual-ethernet\n',
      ]],
      ['each', 'routes', [
        ['unless', 'isNowhere', [
          'show ', ['v', 'family'], ' route ', ['v', 'prefix'], '\n',
        ]],
      ]],
      ['each', 'vrfs', [
        'show ip route vrf ', ['v', 'name'], '\n',
      ]],
    ]],
    ['if', 'proxied', [
      '# Hosts take these addresses for neighbours; the gateway answers ARP for each. Its route leaves by another interface than they ask on.\n',
      'sudo ip neighbor show proxy\n',
      ['each', 'proxied', [
        'show ip route ', ['v', 'address'], '\n',
      ]],
    ]],
    '# NAT: the rules with natplan in their description count packets.\n',
    'show nat source rules\n',
    "# No masquerade with a lower number than natplan's source rules may match the same packets.\n",
    'show nat source statistics\n',
    'show nat destination statistics\n',
    'show nat source translations\n',
    '# From a host at the site, then look at the counters again:\n',
    ['each', 'trials', [
      '# from ', ['v', 'from'], ': ping ', ['v', 'to'], ' (at ', ['v', 'peer'], ')\n',
    ]],
    '# Flows that were open before keep their old addresses. To end them, those from here and those from the peers:\n',
    ['each', 'sources', [
      '# sudo conntrack -D -s ', ['v', 'source'], ' -d ', ['v', 'destination'], '\n',
    ]],
    ['each', 'destinations', [
      '# sudo conntrack -D -s ', ['v', 'source'], ' -d ', ['v', 'destination'], '\n',
    ]],
  ],
  configure: [
    ['each', 'clamps', [
      ['if', 'vif', [
        'set interfaces ', ['v', 'kind'], ' ', ['v', 'name'], ' vif ', ['v', 'vif'], " ip adjust-mss '", ['v', 'mss'], "'\n",
      ], [
        'set interfaces ', ['v', 'kind'], ' ', ['v', 'name'], " ip adjust-mss '", ['v', 'mss'], "'\n",
      ]],
    ]],
    ['each', 'interfaces', [
      ['if', 'address', [
        'set interfaces ', ['v', 'kind'], ' ', ['v', 'name'], " address '", ['v', 'address'], "'\n",
      ]],
      'set interfaces ', ['v', 'kind'], ' ', ['v', 'name'], " description 'natplan: ", ['v', 'description'], "'\n",
      ['if', 'joins', [
        'set interfaces ', ['v', 'kind'], ' ', ['v', 'name'], " peer-name '", ['v', 'joins'], "'\n",
      ]],
      ['if', 'vrf', [
        'set interfaces ', ['v', 'kind'], ' ', ['v', 'name'], " vrf '", ['v', 'vrf'], "'\n",
      ]],
    ]],
    ['each', 'destinations', [
      'set nat destination rule ', ['v', 'number'], " description '", ['v', 'description'], "'\n",
      'set nat destination rule ', ['v', 'number'], " destination address '", ['v', 'destination'], "'\n",
      ['if', 'port', [
        'set nat destination rule ', ['v', 'number'], " destination port '", ['v', 'port'], "'\n",
      ]],
      'set nat destination rule ', ['v', 'number'], " inbound-interface name '", ['v', 'interface'], "'\n",
      ['if', 'protocol', [
        'set nat destination rule ', ['v', 'number'], " protocol '", ['v', 'protocol'], "'\n",
      ]],
      'set nat destination rule ', ['v', 'number'], " source address '", ['v', 'source'], "'\n",
      'set nat destination rule ', ['v', 'number'], " translation address '", ['v', 'translation'], "'\n",
      ['if', 'toPort', [
        'set nat destination rule ', ['v', 'number'], " translation port '", ['v', 'toPort'], "'\n",
      ]],
    ]],
    ['each', 'sources', [
      'set nat source rule ', ['v', 'number'], " description '", ['v', 'description'], "'\n",
      'set nat source rule ', ['v', 'number'], " destination address '", ['v', 'destination'], "'\n",
      ['unless', 'translation', [
        'set nat source rule ', ['v', 'number'], ' exclude\n',
      ]],
      ['if', 'interface', [
        'set nat source rule ', ['v', 'number'], " outbound-interface name '", ['v', 'interface'], "'\n",
      ]],
      'set nat source rule ', ['v', 'number'], " source address '", ['v', 'source'], "'\n",
      ['if', 'translation', [
        'set nat source rule ', ['v', 'number'], " translation address '", ['v', 'translation'], "'\n",
      ]],
    ]],
    ['each', 'routes', [
      ['if', 'description', [
        'set protocols static ', ['v', 'node'], ' ', ['v', 'prefix'], " description 'natplan: ", ['v', 'description'], "'\n",
      ]],
      ['if', 'interface', [
        'set protocols static ', ['v', 'node'], ' ', ['v', 'prefix'], ' interface ', ['v', 'interface'],
        ['if', 'distance', [
          " distance '", ['v', 'distance'], "'",
        ]],
        '\n',
      ]],
      ['if', 'via', [
        'set protocols static ', ['v', 'node'], ' ', ['v', 'prefix'], ' next-hop ', ['v', 'via'], '\n',
      ]],
      ['if', 'isNowhere', [
        'set protocols static ', ['v', 'node'], ' ', ['v', 'prefix'], " blackhole distance '", ['v', 'distance'], "'\n",
      ]],
    ]],
    ['each', 'discards', [
      'set protocols static ', ['v', 'node'], ' ', ['v', 'prefix'], " blackhole distance '254'\n",
    ]],
    ['each', 'proxied', [
      'set protocols static neighbor-proxy arp ', ['v', 'address'], " interface '", ['v', 'interface'], "'\n",
    ]],
    ['each', 'peers', [
      ['unless', 'certificate', [
        'set vpn ipsec authentication psk ', ['v', 'group'], " id '", ['v', 'localIdentity'], "'\n",
        'set vpn ipsec authentication psk ', ['v', 'group'], " id '", ['v', 'remoteIdentity'], "'\n",
        ['if', 'secret', [
          'set vpn ipsec authentication psk ', ['v', 'group'], " secret '", ['v', 'secret'], "'\n",
        ], [
          '# set vpn ipsec authentication psk ', ['v', 'group'], ' secret: not shown; without it the device refuses to commit\n',
        ]],
      ]],
    ]],
    ['each', 'groups', [
      'set vpn ipsec esp-group ', ['v', 'name'], " lifetime '", ['v', 'espLifetime'], "'\n",
      'set vpn ipsec esp-group ', ['v', 'name'], " mode 'tunnel'\n",
      'set vpn ipsec esp-group ', ['v', 'name'], " pfs '", ['v', 'pfs'], "'\n",
      'set vpn ipsec esp-group ', ['v', 'name'], " proposal 1 encryption '", ['v', 'espEncryption'], "'\n",
      'set vpn ipsec esp-group ', ['v', 'name'], " proposal 1 hash '", ['v', 'espHash'], "'\n",
    ]],
    ['each', 'groups', [
      ['if', 'closeAction', [
        'set vpn ipsec ike-group ', ['v', 'name'], " close-action '", ['v', 'closeAction'], "'\n",
      ]],
      'set vpn ipsec ike-group ', ['v', 'name'], " dead-peer-detection action '", ['v', 'deadPeerAction'], "'\n",
      'set vpn ipsec ike-group ', ['v', 'name'], " dead-peer-detection interval '", ['v', 'deadPeerInterval'], "'\n",
      'set vpn ipsec ike-group ', ['v', 'name'], " dead-peer-detection timeout '", ['v', 'deadPeerTimeout'], "'\n",
      'set vpn ipsec ike-group ', ['v', 'name'], " key-exchange '", ['v', 'ikeVersion'], "'\n",
      'set vpn ipsec ike-group ', ['v', 'name'], " lifetime '", ['v', 'ikeLifetime'], "'\n",
      'set vpn ipsec ike-group ', ['v', 'name'], " proposal 1 dh-group '", ['v', 'ikeDhGroup'], "'\n",
      'set vpn ipsec ike-group ', ['v', 'name'], " proposal 1 encryption '", ['v', 'ikeEncryption'], "'\n",
      'set vpn ipsec ike-group ', ['v', 'name'], " proposal 1 hash '", ['v', 'ikeHash'], "'\n",
    ]],
    ['if', 'peers', [
      ['each', 'outsides', [
        "set vpn ipsec interface '", ['v', 'name'], "'\n",
      ]],
    ]],
    ['if', 'isRouted', [
      'set vpn ipsec options disable-route-autoinstall\n',
    ]],
    ['each', 'peers', [
      'set vpn ipsec site-to-site peer ', ['v', 'key'], " authentication local-id '", ['v', 'localIdentity'], "'\n",
      'set vpn ipsec site-to-site peer ', ['v', 'key'], " authentication mode '",
      ['if', 'certificate', [
        'x509',
      ], [
        'pre-shared-secret',
      ]],
      "'\n",
      'set vpn ipsec site-to-site peer ', ['v', 'key'], " authentication remote-id '", ['v', 'remoteIdentity'], "'\n",
      ['if', 'certificate', [
        'set vpn ipsec site-to-site peer ', ['v', 'key'], " authentication x509 ca-certificate '", ['v', 'certificate.ca'], "'\n",
        'set vpn ipsec site-to-site peer ', ['v', 'key'], " authentication x509 certificate '", ['v', 'certificate.certificate'], "'\n",
      ]],
      'set vpn ipsec site-to-site peer ', ['v', 'key'], " connection-type '", ['v', 'start'], "'\n",
      'set vpn ipsec site-to-site peer ', ['v', 'key'], " default-esp-group '", ['v', 'group'], "'\n",
      'set vpn ipsec site-to-site peer ', ['v', 'key'], " description 'natplan: ", ['v', '../site'], ' to ', ['v', 'peer'], "'\n",
      ['if', 'forceNatTraversal', [
        'set vpn ipsec site-to-site peer ', ['v', 'key'], ' force-udp-encapsulation\n',
      ]],
      'set vpn ipsec site-to-site peer ', ['v', 'key'], " ike-group '", ['v', 'group'], "'\n",
      'set vpn ipsec site-to-site peer ', ['v', 'key'], " local-address '", ['v', 'localAddress'], "'\n",
      'set vpn ipsec site-to-site peer ', ['v', 'key'], " remote-address '", ['v', 'remoteAddress'], "'\n",
      ['each', 'tunnels', [
        'set vpn ipsec site-to-site peer ', ['v', '../key'], ' tunnel ', ['v', 'number'], " local prefix '", ['v', 'local'], "'\n",
        'set vpn ipsec site-to-site peer ', ['v', '../key'], ' tunnel ', ['v', 'number'], " remote prefix '", ['v', 'remote'], "'\n",
      ]],
      ['if', 'bind', [
        'set vpn ipsec site-to-site peer ', ['v', 'key'], " vti bind '", ['v', 'bind'], "'\n",
        'set vpn ipsec site-to-site peer ', ['v', 'key'], " vti esp-group '", ['v', 'group'], "'\n",
      ]],
    ]],
    ['each', 'vrfs', [
      ['each', 'routes', [
        ['if', 'interface', [
          'set vrf name ', ['v', '../name'], ' protocols static ', ['v', 'node'], ' ', ['v', 'prefix'], ' interface ', ['v', 'interface'],
          ['if', 'distance', [
            " distance '", ['v', 'distance'], "'",
          ]],
          '\n',
        ]],
        ['if', 'via', [
          'set vrf name ', ['v', '../name'], ' protocols static ', ['v', 'node'], ' ', ['v', 'prefix'], ' next-hop ', ['v', 'via'], '\n',
        ]],
        ['if', 'isNowhere', [
          'set vrf name ', ['v', '../name'], ' protocols static ', ['v', 'node'], ' ', ['v', 'prefix'], " blackhole distance '", ['v', 'distance'], "'\n",
        ]],
      ]],
      'set vrf name ', ['v', 'name'], " table '", ['v', 'table'], "'\n",
    ]],
  ],
  remove: [
    ['each', 'proxied', [
      'delete protocols static neighbor-proxy arp ', ['v', 'address'], '\n',
    ]],
    ['each', 'nodes', [
      'delete protocols static ', ['v', 'node'], ' ', ['v', 'prefix'], '\n',
    ]],
    ['each', 'destinations', [
      'delete nat destination rule ', ['v', 'number'], '\n',
    ]],
    ['each', 'sources', [
      'delete nat source rule ', ['v', 'number'], '\n',
    ]],
    ['each', 'peers', [
      'delete vpn ipsec site-to-site peer ', ['v', 'key'], '\n',
    ]],
    ['each', 'groups', [
      ['if', 'hasKey', [
        'delete vpn ipsec authentication psk ', ['v', 'name'], '\n',
      ]],
      'delete vpn ipsec esp-group ', ['v', 'name'], '\n',
      'delete vpn ipsec ike-group ', ['v', 'name'], '\n',
    ]],
    ['each', 'discards', [
      'delete protocols static ', ['v', 'node'], ' ', ['v', 'prefix'], '\n',
    ]],
    ['each', 'interfaces', [
      'delete interfaces ', ['v', 'kind'], ' ', ['v', 'name'], '\n',
    ]],
    ['each', 'vrfs', [
      'delete vrf name ', ['v', 'name'], '\n',
    ]],
    '# Settings that other tunnels may use stay. When nothing else needs them:\n',
    ['each', 'outsides', [
      "# delete vpn ipsec interface '", ['v', 'name'], "'\n",
    ]],
    ['if', 'isRouted', [
      '# delete vpn ipsec options disable-route-autoinstall\n',
    ]],
    ['each', 'replacedClamps', [
      '# The segment size of ', ['v', 'name'],
      ['if', 'vif', [
        '.', ['v', 'vif'],
      ]],
      ' before natplan was ', ['v', 'former'], ':\n',
      '# set interfaces ', ['v', 'kind'], ' ', ['v', 'name'], ' ',
      ['if', 'vif', [
        'vif ', ['v', 'vif'], ' ',
      ]],
      "ip adjust-mss '", ['v', 'former'], "'\n",
    ]],
    ['each', 'addedClamps', [
      '# Before natplan ', ['v', 'name'],
      ['if', 'vif', [
        '.', ['v', 'vif'],
      ]],
      ' had no segment size:\n',
      '# delete interfaces ', ['v', 'kind'], ' ', ['v', 'name'], ' ',
      ['if', 'vif', [
        'vif ', ['v', 'vif'], ' ',
      ]],
      'ip adjust-mss\n',
    ]],
    ['each', 'unknownClamps', [
      '# What segment size ', ['v', 'name'],
      ['if', 'vif', [
        '.', ['v', 'vif'],
      ]],
      ' had before natplan is not known:\n',
      '# delete interfaces ', ['v', 'kind'], ' ', ['v', 'name'], ' ',
      ['if', 'vif', [
        'vif ', ['v', 'vif'], ' ',
      ]],
      'ip adjust-mss\n',
    ]],
  ],
}
