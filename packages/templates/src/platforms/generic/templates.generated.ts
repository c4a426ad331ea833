// Generated from the *.hbs files of this folder by scripts/embed-templates.mjs; do not edit.
import type { TemplatePieces } from '../../template.ts'

export const templates: Readonly<Record<'check' | 'configure' | 'remove', TemplatePieces>> = {
  check: [
    '## Test of the gateway of ', ['v', 'site'], '\n',
    '\n',
    'From hosts, not from the gateway: its own packets match no selector.\n',
    ['each', 'tunnels', [
      '\n',
      '### ', ['v', 'peer'], '\n',
      '\n',
      '| step | do | expect | if not |\n',
      '| --- | --- | --- | --- |\n',
      '| 1 | look at IKE (phase 1) with `', ['v', 'remoteAddress'], '` | established | nothing arrives: UDP 500 and 4500 are closed. "No proposal": the IKE column. "Authentication failed": key or identity |\n',
      ['if', 'firstCall', [
        '| 2 | on `', ['v', 'firstCall.host'], '`: ping `', ['v', 'firstCall.peerHost'], '` | a child (phase 2) for each pair comes up | "TS unacceptable", "invalid ID": the selectors. "No proposal": the ESP column |\n',
        '| 3 | look at the counters of that child | out and in both rise | out stays 0: source NAT or its place in the list. In stays 0: the other end |\n',
        ['if', 'isMutual', [
          '| 4 | on `', ['v', 'firstCall.peerHost'], '` of ', ['v', 'peer'], ': ping `', ['v', 'firstCall.hostVisible'], '` | arrives at `', ['v', 'firstCall.host'], '` from `', ['v', 'firstCall.peerHost'], '` | destination NAT, or the firewall |\n',
        ]],
      ]],
      '| 5 | copy a file of 10 MB in both directions | both end | small things work and large ones stall: the MSS |\n',
      '| 6 | take the tunnel down, ping again, capture outside | nothing for the prefixes of ', ['v', 'peer'], ' leaves in clear | the drop rule, or start on demand |\n',
    ]],
    '\n',
    '## What goes wrong if a step is left out\n',
    '\n',
    '| left out | what people see |\n',
    '| --- | --- |\n',
    ['if', 'translates', [
      '| source NAT | the tunnel is up, calls from ', ['v', 'site'], ' get no answer; their packets match no selector and may leave in clear |\n',
      ['if', 'isCalled', [
        '| destination NAT | calls from ', ['v', 'site'], ' work, calls to it do not |\n',
      ]],
      '| NAT before masquerading | as without source NAT: packets leave with the outside address |\n',
    ]],
    ['if', 'exempts', [
      '| exemptions | the subnets that keep their addresses reach nobody: masquerading takes their packets |\n',
    ]],
    '| the selectors exactly as written | IKE comes up, no child does |\n',
    '| the identities as written | "authentication failed", although the key is right |\n',
    '| the MSS | ping and login work, large transfers and web pages hang |\n',
    '| the routes | packets are dropped, or go to another network, before NAT and IPsec see them |\n',
    '| the drop rule for a tunnel that is down | private packets on the internet whenever the tunnel is down |\n',
    '| ending flows that were open before | those flows keep failing until they end, new ones work: NAT changes touch new flows only |\n',
  ],
  configure: [
    '# Hand-over sheet for the gateway of ', ['v', 'site'], '\n',
    '\n',
    'For the administrator of this gateway. It joins ', ['v', 'site'], ' to its peers through IPsec',
    ['if', 'translates', [
      ', and translates addresses that both ends use',
    ]],
    '.\n',
    'Enter everything below. Where a product needs a special ability, the sheet says so, and what to ask for if it is missing. "Real" is how hosts of ', ['v', 'site'], ' know themselves, "visible" how the peers know them.\n',
    '\n',
    ['if', 'hasKeys', [
      'The pre-shared keys are not in this sheet. Ask the sender for them, through another channel than this one.\n',
      '\n',
    ]],
    '## This gateway\n',
    '\n',
    '| what | value |\n',
    '| --- | --- |\n',
    '| outside interface (towards the internet) | `', ['v', 'outsideInterface'], '` |\n',
    '| its address | `', ['v', 'outsideAddress'], '` |\n',
    '| inside interface | `', ['v', 'insideInterface'], '` |\n',
    ['if', 'hasSelectors', [
      '| route to all prefixes of the peers | out of the outside interface (the default route is enough) |\n',
    ]],
    '| forwarding between the interfaces | on |\n',
    ['if', 'mss', [
      '| largest TCP segment (MSS), both directions | ', ['v', 'mss'], ' bytes, as a number, not "clamp to path MTU" |\n',
      '| largest packet that fits into the tunnel | ', ['v', 'mtu'], ' bytes |\n',
    ]],
    '| while a tunnel is down | drop packets to the visible prefixes of the peers that would leave unencrypted |\n',
    ['if', 'proxied', [
      '\n',
      '## Addresses to answer for by proxy ARP\n',
      '\n',
      'Hosts of ', ['v', 'site'], ' call hosts of its peers by free addresses of their own network, take them for neighbours, and ask for them by ARP. For each of these the\n',
      'gateway needs a route of its own (/32) that leads ',
      ['if', 'hasSelectors', [
        'out of the outside interface, where the selectors take it',
      ], [
        'into its tunnel',
      ]],
      ', and answers ARP on\n',
      'the inside interface (proxy ARP, for these addresses alone if it can). Hosts that have a route for the address by the gateway need no answer.\n',
      '\n',
      ['each', 'proxied', [
        '- `', ['v', 'address'], '`\n',
      ]],
    ]],
    ['each', 'tunnels', [
      '\n',
      '## Tunnel to ', ['v', 'peer'], '\n',
      '\n',
      '### Ends\n',
      '\n',
      '| what | this end (', ['v', '../site'], ') | other end (', ['v', 'peer'], ') |\n',
      '| --- | --- | --- |\n',
      '| address | `', ['v', 'localAddress'], '` | `', ['v', 'remoteAddress'], '` |\n',
      '| IKE identity | `', ['v', 'localIdentity'], '` | `', ['v', 'remoteIdentity'], '` |\n',
      '| kind of identity | ', ['v', 'localIdentityKind'], ' | ', ['v', 'remoteIdentityKind'], ' |\n',
      '| authentication | ', ['v', 'authentication'], ' | ', ['v', 'authentication'], ' |\n',
      ['if', 'certificate', [
        '| its certificate | `', ['v', 'certificate'], '`, which names the identity above as subjectAltName | signed by `', ['v', 'ca'], '`, and names the identity above |\n',
      ]],
      '\n',
      '### Proposals\n',
      '\n',
      '| what | IKE (phase 1) | ESP (phase 2) |\n',
      '| --- | --- | --- |\n',
      '| version, mode | IKEv', ['v', 'ikeVersion'], ' | tunnel mode |\n',
      '| encryption | ', ['v', 'ikeEncryption'], ' | ', ['v', 'espEncryption'], ' |\n',
      '| integrity | ', ['v', 'ikeIntegrity'], ' | ', ['v', 'espIntegrity'], ' |\n',
      '| PRF | ', ['v', 'ikePrf'], ' | not used |\n',
      '| Diffie-Hellman group (ESP: PFS) | ', ['v', 'ikeGroup'], ' | ', ['v', 'espGroup'], ' |\n',
      '| lifetime | ', ['v', 'ikeLifetime'], ' seconds | ', ['v', 'espLifetime'], ' seconds |\n',
      '\n',
      '| behaviour | value |\n',
      '| --- | --- |\n',
      '| who brings the tunnel up | ', ['v', 'start'], ' |\n',
      ['if', 'peerTriesOnce', [
        '| the other end | tries to bring the tunnel up when it is configured, and only once, so this gateway comes first; its administrator can try again |\n',
      ]],
      '| dead peer detection | every ', ['v', 'deadPeerInterval'], ' seconds; then ', ['v', 'deadPeerAction'], ' |\n',
      ['if', 'deadPeerTimeout', [
        '| the peer counts as dead after | ', ['v', 'deadPeerTimeout'], ' seconds |\n',
      ]],
      '| NAT traversal | ', ['v', 'natTraversal'], ' |\n',
      '\n',
      '### Selectors (traffic selectors, proxy IDs)\n',
      ['if', 'virtualInterface', [
        '\n',
        'The tunnel is bound to a virtual interface (VTI, tunnel interface, route-based)',
        ['if', 'takesAll', [
          ' and takes everything that is routed there',
        ]],
        '. A product without one\n',
        'needs `mode: policy` in the plan, and then a new sheet.\n',
        '\n',
        '| virtual interface | value |\n',
        '| --- | --- |\n',
        ['if', 'linkAddress', [
          '| its address | `', ['v', 'linkAddress'], '` |\n',
        ]],
        ['each', 'routes', [
          '| static route into it | `', ['v', 'prefix'], '`',
          ['if', '../handsOn', [
            ' (', ['v', 'of'], ')',
          ]],
          ' |\n',
          '| a blackhole for the same prefix, with a larger distance | `', ['v', 'prefix'], '` |\n',
        ]],
      ]],
      '\n',
      'Prefixes as they are inside the tunnel, one pair per line, exactly as written. A wider or narrower one is refused by the other end.\n',
      ['if', 'isCrowded', [
        'If the product accepts only one pair of prefixes, or only any to any, ask for `mode: route` in the plan: the tunnel then carries everything, and routes choose.\n',
      ]],
      '\n',
      ['if', 'handsOn', [
        'One end of this tunnel forwards for sites beyond it. Beside each prefix is the site of its hosts.\n',
        '\n',
        '| pair | local | site | remote | site |\n',
        '| --- | --- | --- | --- | --- |\n',
        ['each', 'selectors', [
          '| ', ['v', 'number'], ' | `', ['v', 'local'], '` | ', ['v', 'localSite'], ' | `', ['v', 'remote'], '` | ', ['v', 'remoteSite'], ' |\n',
        ]],
      ], [
        '| pair | local | remote |\n',
        '| --- | --- | --- |\n',
        ['each', 'selectors', [
          '| ', ['v', 'number'], ' | `', ['v', 'local'], '` | `', ['v', 'remote'], '` |\n',
        ]],
      ]],
      '\n',
      '### NAT\n',
      ['if', 'presumesNat', [
        '\n',
        'This requires NAT of a whole prefix to another of the same length, in both directions, on this tunnel only. If the product does not have that, enter nothing\n',
        'of this section and tell the sender of this sheet: with `translateAt: ', ['v', 'peer'], '` in the plan the gateway of ', ['v', 'peer'], ' translates for both, where it\n',
        'can, and a new sheet asks for no NAT here.\n',
      ]],
      ['if', 'source', [
        '\n',
        'Prefix to prefix, one to one: the last part of the address stays, so .77 stays .77. ',
        ['if', 'virtualInterface', [
          'On the virtual interface. ',
        ]],
        'Before encryption on the way out, after\n',
        'decryption on the way in. Before every other NAT rule, above all before masquerading (hide NAT, overload, PAT).\n',
        '\n',
        'On the way out, change the source:\n',
        '\n',
        '| pair | source | destination | source becomes |\n',
        '| --- | --- | --- | --- |\n',
        ['each', 'source', [
          '| ', ['v', 'number'], ' | `', ['v', 'source'], '` | `', ['v', 'destination'], '` | `', ['v', 'to'], '` |\n',
        ]],
      ]],
      ['if', 'hiding', [
        '\n',
        'Many to one (hide NAT, PAT): all hosts get the same address, so that only they open connections. Its own rule for these peers, in front\n',
        'of the masquerade towards the internet, and with this address, not with that of the interface:\n',
        '\n',
        '| pair | source | destination | source becomes |\n',
        '| --- | --- | --- | --- |\n',
        ['each', 'hiding', [
          '| ', ['v', 'number'], ' | `', ['v', 'source'], '` | `', ['v', 'destination'], '` | `', ['v', 'to'], '` |\n',
        ]],
      ]],
      ['if', 'forwards', [
        '\n',
        'Port forwards: what peers call at this address reaches one host.\n',
        '\n',
        '| pair | source | destination | port | destination becomes | port becomes |\n',
        '| --- | --- | --- | --- | --- | --- |\n',
        ['each', 'forwards', [
          '| ', ['v', 'number'], ' | `', ['v', 'source'], '` | `', ['v', 'destination'], '` | ', ['v', 'service'], ' | `', ['v', 'to'], '` | ', ['v', 'toPort'], ' |\n',
        ]],
      ]],
      ['if', 'destination', [
        '\n',
        'On the way in, change the destination:\n',
        '\n',
        '| pair | source | destination | destination becomes |\n',
        '| --- | --- | --- | --- |\n',
        ['each', 'destination', [
          '| ', ['v', 'number'], ' | `', ['v', 'source'], '` | `', ['v', 'destination'], '` | `', ['v', 'to'], '` |\n',
        ]],
      ]],
      ['if', 'exemptions', [
        '\n',
        'Leave these alone (no NAT, exemption, identity NAT), before all masquerading:\n',
        '\n',
        '| pair | source | destination |\n',
        '| --- | --- | --- |\n',
        ['each', 'exemptions', [
          '| ', ['v', 'number'], ' | `', ['v', 'source'], '` | `', ['v', 'destination'], '` |\n',
        ]],
      ]],
      ['if', 'far', [
        '\n',
        'This gateway translates for ', ['v', 'peer'], ' as well, which enters no NAT. Both sides may have the same addresses, so the tunnel and the following rules belong in a\n',
        'second routing table (VRF, routing instance, virtual router), which a virtual cable or an internal link joins to the table of the hosts; everything above is at the\n',
        "hosts' end of that link, this at the other one.\n",
        '\n',
        '| what comes out of the tunnel from | for | gets the source | and what goes into it for that |\n',
        '| --- | --- | --- | --- |\n',
        ['each', 'far', [
          '| `', ['v', 'source'], '` | `', ['v', 'destination'], '` | `', ['v', 'to'], '` | gets the destination `', ['v', 'source'], '` |\n',
        ]],
      ]],
      ['unless', 'hasNat', [
        '\n',
        'None: this tunnel carries only untranslated addresses.\n',
      ]],
      '\n',
      '### Examples with addresses\n',
      ['if', 'calls', [
        '\n',
        '| a host of ', ['v', '../site'], ' | calls | and is seen there as | a host of ', ['v', 'peer'], ' | calls | and reaches |\n',
        '| --- | --- | --- | --- | --- | --- |\n',
        ['each', 'calls', [
          '| `', ['v', 'host'], '` | `', ['v', 'peerHost'], '` | `', ['v', 'hostVisible'], '` | `', ['v', 'peerHost'], '` | `', ['v', 'hostVisible'], '` | `', ['v', 'host'], '` |\n',
        ]],
      ]],
      ['if', 'callsOut', [
        '\n',
        '| a host of ', ['v', '../site'], ' | calls | and is seen there as |\n',
        '| --- | --- | --- |\n',
        ['each', 'callsOut', [
          '| `', ['v', 'host'], '` | `', ['v', 'peerHost'], '` | `', ['v', 'hostVisible'], '` |\n',
        ]],
      ]],
      '\n',
      '### What firewalls must let pass\n',
      '\n',
      'Answers have the same addresses, swapped. Firewalls between the gateways see what the gateways send, and nothing else.\n',
      '\n',
      '| where | what | from | to | as |\n',
      '| --- | --- | --- | --- | --- |\n',
      ['each', 'firewall', [
        '| ', ['v', 'where'], ' | ', ['v', 'what'], ' | `', ['v', 'from'], '` | `', ['v', 'to'], '` | ', ['v', 'first'], ' |\n',
      ]],
    ]],
    ['if', 'discards', [
      '\n',
      '## Packets of ', ['v', 'site'], ' for itself\n',
      '\n',
      'Only the peers use these prefixes. A host of ', ['v', 'site'], ' that calls one of them must not be sent to the internet: where this gateway\n',
      'changes the destination before it routes, as most do, give it a route that drops (blackhole, null, discard) for each:\n',
      '\n',
      ['each', 'discards', [
        '- `', ['v', 'prefix'], '`\n',
      ]],
    ]],
  ],
  remove: [
    "# Removing natplan's settings from the gateway of ", ['v', 'site'], '\n',
    '\n',
    'In this order, so that nothing for a peer leaves unencrypted in between. Keep the drop rules until nobody calls the peers any more.\n',
    '\n',
    '| step | remove |\n',
    '| --- | --- |\n',
    ['each', 'tunnels', [
      '| 1 | the tunnel to ', ['v', 'peer'], ' (`', ['v', 'remoteAddress'], '`) with its selectors, and end it if it is up |\n',
      ['each', 'source', [
        '| 2 | source NAT `', ['v', 'source'], '` to `', ['v', 'destination'], '`, which becomes `', ['v', 'to'], '` |\n',
      ]],
      ['each', 'hiding', [
        '| 2 | source NAT `', ['v', 'source'], '` to `', ['v', 'destination'], '`, which becomes `', ['v', 'to'], '` |\n',
      ]],
      ['each', 'forwards', [
        '| 2 | the forward of ', ['v', 'service'], ' at `', ['v', 'destination'], '` to `', ['v', 'to'], '` |\n',
      ]],
      ['each', 'destination', [
        '| 2 | destination NAT `', ['v', 'source'], '` to `', ['v', 'destination'], '`, which becomes `', ['v', 'to'], '` |\n',
      ]],
      ['each', 'exemptions', [
        '| 2 | the exemption `', ['v', 'source'], '` to `', ['v', 'destination'], '` |\n',
      ]],
      ['each', 'far', [
        '| 2 | NAT for ', ['v', '../peer'], ': `', ['v', 'source'], '` towards `', ['v', 'destination'], '`, which becomes `', ['v', 'to'], '` |\n',
      ]],
      ['if', 'virtualInterface', [
        '| 2 | the virtual interface of that tunnel with its routes, the blackhole routes last |\n',
      ]],
      '| 3 | firewall rules for `', ['v', 'remoteAddress'], '` and for the prefixes of ', ['v', 'peer'], ' |\n',
    ]],
    ['if', 'mss', [
      '| 4 | the MSS of ', ['v', 'mss'], ' bytes, if nothing else needs it |\n',
    ]],
    '| 5 | ',
    ['if', 'hasKeys', [
      'the pre-shared keys',
    ], [
      'the certificates, if nothing else needs them',
    ]],
    ' |\n',
    '| 6 | the drop rules |\n',
  ],
}
