import { describe, expect, it } from 'vitest'
import { verifyTexts } from './configurations.ts'
import { oneEnd, otherEnd, strangersVyos } from './strangers.ts'

type Wanted = readonly [result: 'proven' | 'fault' | 'unknown', ...codes: string[]]
type Edit = (text: string) => string
type Row = readonly [what: string, one: readonly Edit[], wanted: Wanted, other?: readonly Edit[]]

function edited(text: string, edits: readonly Edit[]): string {
  return edits.reduce((whole, edit) => {
    const next = edit(whole)
    expect(next).not.toBe(whole)
    return next
  }, text)
}

function put(find: string | RegExp, by: string): Edit {
  return (text) => text.replace(find, by)
}

function without(pattern: RegExp): Edit {
  return (text) =>
    text
      .split('\n')
      .filter((line) => !pattern.test(line))
      .join('\n')
}

function add(...lines: readonly string[]): Edit {
  return (text) => `${text}${lines.map((line) => `set ${line}\n`).join('')}`
}

function found(one: readonly Edit[], other: readonly Edit[]): Wanted {
  const text = (end: typeof oneEnd, edits: readonly Edit[]) =>
    ({ platform: 'vyos-1.4', text: edited(strangersVyos(end), edits) }) as const
  const { result, findings } = verifyTexts(
    new Map([
      ['a', text(oneEnd, one)],
      ['b', text(otherEnd, other)],
    ]),
  )
  return [result, ...[...new Set(findings.map(({ code }) => code))].sort()]
}

function itFinds(rows: readonly Row[]): void {
  const named = rows.map(([what, one, wanted, other = []]) => ({ what, one, wanted, other }))
  it.each(named)('$what', ({ one, wanted, other }) => expect(found(one, other)).toEqual(wanted))
}

const start = (word: string) => put('connection-type initiate', `connection-type ${word}`)
const vti = 'set protocols static route 192.168.2.0/24 interface vti0'
const selectors = 'vpn ipsec site-to-site peer PEER vti traffic-selector'

describe('virtual tunnel interfaces as people write them', () => {
  itFinds([
    ['as they are', [], ['proven']],
    [
      'both wait for a packet, which nothing brings to an interface that is down',
      [start('respond')],
      ['fault', 'START_NOBODY'],
      [start('respond')],
    ],
    ['one waits for a packet, the other begins', [start('respond')], ['proven']],
    ['both wait for the other', [start('none')], ['fault', 'START_NOBODY'], [start('respond')]],
    [
      'the default route leads into the tunnel',
      [without(/route 192\.168\.2\.0/), put('0.0.0.0/0 next-hop 203.0.113.1', '0.0.0.0/0 interface vti0')],
      ['fault', 'PEER_UNREACHABLE'],
    ],
    [
      'the default route leads into the tunnel, and one for the peer does not',
      [
        without(/route 192\.168\.2\.0/),
        put('0.0.0.0/0 next-hop 203.0.113.1', '0.0.0.0/0 interface vti0'),
        add('protocols static route 192.0.2.20/32 next-hop 203.0.113.1'),
      ],
      ['proven'],
    ],
    [
      'a nearer route by the outside',
      [put(vti, `${vti} distance 10`), add('protocols static route 192.168.2.0/24 next-hop 203.0.113.1')],
      ['fault', 'FLOW_UNENCRYPTED', 'TUNNEL_MAY_LEAK'],
    ],
    ['nothing holds packets while the tunnel is down', [without(/blackhole/)], ['proven', 'TUNNEL_MAY_LEAK']],
    [
      'an address of the gateway where it sees its peer',
      [add('interfaces vti vti0 address 192.168.2.1/30')],
      ['fault', 'FLOW_STAYS_LOCAL'],
    ],
    ['an address of the gateway elsewhere', [add('interfaces vti vti0 address 169.254.10.1/30')], ['proven']],
    [
      'the source rule is on the outside',
      [put('source rule 10 outbound-interface name vti0', 'source rule 10 outbound-interface name eth0')],
      ['fault', 'FLOW_NOT_TRANSLATED', 'NAT_INTERFACE_WRONG'],
    ],
    ['rules without an interface', [without(/rule 10 (in|out)bound/)], ['proven']],
    [
      'selectors that are narrower than the route',
      [add(`${selectors} local prefix 192.168.1.0/25`, `${selectors} remote prefix 192.168.2.0/24`)],
      ['fault', 'FLOW_REFUSED', 'NAT_UNSELECTED'],
    ],
  ])
})

describe('rules for the internet beside a virtual interface that takes everything', () => {
  const nat = (kind: string, ...leaves: readonly string[]) => add(...leaves.map((leaf) => `nat ${kind} ${leaf}`))
  const forward = [
    'inbound-interface name eth0',
    'destination port 443',
    'protocol tcp',
    'translation address 10.0.1.50',
  ]
  itFinds([
    [
      'a port forward of the own address',
      [nat('destination rule 5', 'destination address 203.0.113.10', ...forward)],
      ['proven'],
    ],
    [
      'one for some callers',
      [nat('destination rule 5', 'destination address 203.0.113.10', 'source address 198.51.100.0/24', ...forward)],
      ['proven'],
    ],
    [
      'one for hosts inside as well',
      [
        nat(
          'destination rule 5',
          'inbound-interface name eth1',
          'destination address 203.0.113.10',
          'translation address 10.0.1.50',
        ),
      ],
      ['proven'],
    ],
    [
      'static NAT of a host',
      [
        nat(
          'static rule 5',
          'inbound-interface eth0',
          'destination address 203.0.113.12',
          'translation address 10.0.1.50',
        ),
      ],
      ['proven'],
    ],
    [
      'an own address for a host',
      [
        nat(
          'source rule 5',
          'outbound-interface name eth0',
          'source address 10.0.1.7',
          'translation address 203.0.113.12',
        ),
      ],
      ['proven'],
    ],
    [
      'a pool for all',
      [
        nat(
          'source rule 5',
          'outbound-interface name eth0',
          'source address 10.0.1.0/24',
          'translation address 203.0.113.64-203.0.113.70',
        ),
      ],
      ['proven'],
    ],
    [
      'a masquerade for hosts that call a host inside',
      [
        nat(
          'source rule 5',
          'outbound-interface name eth1',
          'source address 10.0.1.0/24',
          'destination address 10.0.1.50',
          'translation address masquerade',
        ),
      ],
      ['proven'],
    ],
    [
      'an exemption that is not needed',
      [nat('source rule 5', 'outbound-interface name eth0', 'destination address 192.168.0.0/16', 'exclude')],
      ['proven'],
    ],
    [
      'a masquerade of everything in front',
      [nat('source rule 5', 'translation address masquerade')],
      ['fault', 'FLOW_NOT_TRANSLATED', 'FLOW_TRANSLATED_TWICE', 'NAT_ONE_WAY', 'NAT_RULE_DEAD', 'NAT_SHADOWED'],
    ],
    [
      'an exemption of everything in front',
      [nat('source rule 5', 'destination address 192.168.0.0/16', 'exclude')],
      ['fault', 'FLOW_NOT_TRANSLATED', 'NAT_SHADOWED'],
    ],
  ])
})
