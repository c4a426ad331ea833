import { describe, expect, it } from 'vitest'
import { Prefix } from '../address/prefix.ts'
import type { DeviceTunnel, Unread } from '../device/device.ts'
import { rangeOf } from '../match/range-set.ts'
import { sampleSite, sampleTunnel } from '../world/sample-world.ts'
import type { FlowPeer, IntendedFlow } from './intended-flows.ts'
import { ProofTable } from './proof-table.ts'
import type { Subject } from './subject.ts'

const line: Unread = { line: 3, text: 'set nat strange', touches: 'nat', isPlaced: true }

/** The two ends of one tunnel. */
function pairOf(tunnel: Partial<DeviceTunnel> = {}, unread: readonly Unread[] = []) {
  const here = { site: sampleSite('a', { unread }), tunnel: sampleTunnel(1, 2, { keyDigest: 'x', ...tunnel }) }
  const there = { site: sampleSite('b', {}), tunnel: sampleTunnel(2, 1, { keyDigest: 'x' }) }
  return { here, there }
}

const everyPort = { first: 0, last: 65_535 }

type Pair = ReturnType<typeof pairOf>

const rest = { protocol: { first: 0, last: 255 }, sourcePort: everyPort, destinationPort: everyPort }
const found = {
  box: { ...rest, source: rangeOf(Prefix.parse('10.1.0.0/24')), destination: rangeOf(Prefix.parse('10.2.0.0/24')) },
}

/** One class of packets that arrives in each direction. */
function arriving({ here, there }: Pair, table: ProofTable): ProofTable {
  for (const [from, peer] of [
    [here, there],
    [there, here],
  ] as const)
    table.count(flowOf(from.site, peer.site.name), found, 'arrives')
  return table
}

function flowOf(from: Pair['here']['site'], peer: FlowPeer | string) {
  return {
    from,
    peer: typeof peer === 'string' ? { site: peer } : peer,
    source: Prefix.parse('10.1.0.0/24'),
    destination: Prefix.parse('10.2.0.0/24'),
  }
}

function resultOf(pair: Pair, change: (table: ProofTable) => void = () => {}) {
  const table = arriving(pair, tableOf({ pairs: [pair], lonely: [] }))
  change(table)
  return table.proofs().map(({ result }) => result)
}

function tableOf(tunnels: Pick<Subject, 'pairs' | 'lonely'>, flows: readonly IntendedFlow[] = []): ProofTable {
  const ends = [...tunnels.pairs.flatMap(({ here, there }) => [here, there]), ...tunnels.lonely]
  const sites = new Map(ends.map(({ site }) => [site.name, site]))
  return new ProofTable({ world: { sites }, flows, ...tunnels })
}

describe('ProofTable', () => {
  it('proves what arrives in both directions', () => {
    expect(resultOf(pairOf())).toEqual(['proven'])
  })

  it('proves nothing with a line that stands for nothing in the device; packets meet the others on their way', () => {
    expect(resultOf(pairOf({}, [line]))).toEqual(['proven'])
    expect(resultOf(pairOf({}, [{ ...line, isPlaced: false }]))).toEqual(['unknown'])
  })

  it('proves nothing of a tunnel of which something was not understood', () => {
    expect(resultOf(pairOf({ doubt: { line: 3, what: 'x' } }))).toEqual(['unknown'])
  })

  it('proves nothing where it is not known whether the ends agree', () => {
    const strange = { encryption: 'strange', hash: 'strange', prf: undefined, dhGroup: 14 }
    expect(resultOf(pairOf({ ike: [strange], isWhole: false }))).toEqual(['unknown'])
  })

  it('proves nothing where packets were not followed', () => {
    const pair = pairOf()
    expect(resultOf(pair, (table) => table.leave(flowOf(pair.here.site, 'b')))).toEqual(['unknown'])
  })

  it('proves nothing where one direction does not arrive, unless nobody means it to', () => {
    const pair = pairOf()
    const table = () => {
      const made = tableOf({ pairs: [pair], lonely: [] })
      made.count(flowOf(pair.here.site, 'b'), found, 'arrives')
      return made
    }
    expect(table().proofs()[0]?.result).toBe('unknown')
    const hidden = table()
    hidden.hide(flowOf(pair.there.site, 'a'))
    expect(hidden.proofs()[0]).toMatchObject({ result: 'proven', isOneWay: true })
  })

  it('counts a range only once: where a part of it is not known it does not arrive', () => {
    const pair = pairOf()
    const table = arriving(pair, tableOf({ pairs: [pair], lonely: [] }))
    table.count(flowOf(pair.here.site, 'b'), found, 'unknown')
    expect(table.proofs()[0]).toMatchObject({ delivered: [0, 1], unknown: [1, 0], result: 'unknown' })
  })

  it('proves nothing of an end alone', () => {
    const { here } = pairOf()
    const table = tableOf({ pairs: [], lonely: [{ ...here, doubt: undefined }] })
    table.count(flowOf(here.site, { tunnel: here.tunnel.name }), found, 'arrives')
    expect(table.proofs()[0]).toMatchObject({ hasBothEnds: false, delivered: [1, 0], result: 'unknown' })
  })

  it('tells a tunnel whose other end is not known from a site that is called like it', () => {
    const pair = pairOf()
    const { site } = pair.here
    const like = { site, tunnel: sampleTunnel(1, 9, { name: 'b' }), doubt: undefined }
    const table = arriving(pair, tableOf({ pairs: [pair], lonely: [like] }))
    table.count(flowOf(site, { tunnel: 'b' }), found, 'unknown')
    table.blame({ site: 'a', peer: 'b', tunnel: 'b' })
    const rows = table.proofs().map(({ hasBothEnds, result }) => `${hasBothEnds} ${result}`)
    expect(rows.sort()).toEqual(['false fault', 'true proven'])
    table.blame({ site: 'a', peer: 'b' })
    expect(table.proofs().map(({ result }) => result)).toEqual(['fault', 'fault'])
  })

  it('remembers that the keys of one of two tunnels differ', () => {
    const same = pairOf()
    const other = pairOf({ keyDigest: 'y' })
    for (const pairs of [
      [same, other],
      [other, same],
    ])
      expect(tableOf({ pairs, lonely: [] }).proofs()[0]?.keys).toBe('different')
  })
})

describe('the proof of two sites that talk over a third one', () => {
  const leg = (name: string, tunnel: Partial<DeviceTunnel> = {}) => ({
    here: { site: sampleSite('hub', {}), tunnel: sampleTunnel(1, 2, { keyDigest: 'x', ...tunnel }) },
    there: { site: sampleSite(name, {}), tunnel: sampleTunnel(2, 1, { keyDigest: 'x' }) },
  })

  function over(legs: readonly ReturnType<typeof leg>[]) {
    const [a, b] = legs
    if (!a || !b) throw new Error('no legs')
    const flows = [
      { ...flowOf(a.there.site, 'b'), over: 'hub' },
      { ...flowOf(b.there.site, 'a'), over: 'hub' },
    ]
    const table = tableOf({ pairs: legs, lonely: [] }, flows)
    for (const flow of flows) table.count(flow, found, 'arrives')
    for (const pair of legs) arriving(pair, table)
    return table.proofs().find((proof) => proof.over === 'hub')
  }

  it('says so, when both tunnels are good', () => {
    expect(over([leg('a'), leg('b')])).toMatchObject({ sites: ['a', 'b'], isProven: true, keys: 'equal', over: 'hub' })
  })

  it('is not better than its tunnels', () => {
    expect(over([leg('a'), leg('b', { keyDigest: 'y' })])).toMatchObject({ result: 'fault', keys: 'different' })
    const doubt = { line: 3, what: 'a line' }
    expect(over([leg('a', { doubt }), leg('b')])).toMatchObject({ result: 'unknown' })
  })
})
