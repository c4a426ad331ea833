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
