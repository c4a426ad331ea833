import { describe, expect, it } from 'vitest'
import type { Imported } from './imported.ts'
import { mergedImports } from './merge.ts'

function part(network: Imported['network'], reasons: Imported['reasons'] = []): Imported {
  return { network, reasons, leftOut: [], findings: [] }
}

const ends = { sites: ['a', 'b'] as [string, string] }
const second = { ...ends, mode: 'route' as const, uplinks: { a: 'lte' } }

describe('what several sources say', () => {
  it('has every tunnel that one of them means, also two between the same sites', () => {
    const { network } = mergedImports([part({ sites: {}, tunnels: [{ ...ends, mode: 'route' }, second] })])
    expect(network.tunnels).toEqual([{ ...ends, mode: 'route' }, second])
  })

  it('has a tunnel once that two of them mean', () => {
    const other = { sites: ['b', 'a'] as [string, string] }
    const { network } = mergedImports([
      part({ sites: {}, tunnels: [{ ...ends, mode: 'route' }] }),
      part({ sites: {}, tunnels: [second, other] }),
    ])
    expect(network.tunnels).toEqual([{ ...ends, mode: 'route' }, second])
  })

  it('joins the lists of a site, and moves the reasons with them', () => {
    const reason = { path: ['sites', 'a', 'subnets', 0], text: 'it is in the list', file: 'two.txt' }
    const { network, reasons } = mergedImports([
      part({ sites: { a: { subnets: ['10.0.0.0/24'] } } }),
      part({ sites: { a: { subnets: ['10.0.1.0/24', '10.0.0.0/24'] } } }, [reason]),
    ])
    expect(network.sites).toEqual({ a: { subnets: ['10.0.0.0/24', '10.0.1.0/24'] } })
    expect(reasons).toEqual([{ ...reason, path: ['sites', 'a', 'subnets', 1] }])
  })
})
