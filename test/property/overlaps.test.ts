import type { Overlap, WrittenNetwork } from '@natplan/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addressesOf, meet, sitesOf } from './oracle.ts'
import { planOf } from './planned.ts'
import { network } from './universe.ts'

type Effect = Overlap['effect']

interface Use {
  readonly site: string
  readonly prefix: string
  readonly kind: 'subnet' | 'reserved' | 'endpoint'
}

it('finds the overlaps that comparing every two uses finds', () => {
  fc.assert(
    fc.property(network, (written) => {
      const { overlaps } = planOf(written)
      const found = overlaps.map(({ inner, outer, pairs, effect }) => ({
        key: `${inner.prefix} in ${outer.prefix}`,
        pairs,
        effect,
      }))
      expect(found.sort(byKey)).toEqual(compareAll(written))
      for (const { relation, inner, outer } of overlaps) {
        expect(relation).toBe(String(inner.prefix) === String(outer.prefix) ? 'equal' : 'inside')
      }
    }),
    { numRuns: 300 },
  )
})

function byKey(a: { readonly key: string }, b: { readonly key: string }): number {
  return a.key < b.key ? -1 : 1
}

function compareAll(written: WrittenNetwork): { key: string; pairs: number; effect: Effect }[] {
  const sites = sitesOf(written)
  const peersOf = (site: string) => sites.get(site)?.peers ?? new Set<string>()
  const uses = [...sites].flatMap(([site, { subnets, reserved, endpoint }]): Use[] => [
    ...subnets.map(({ prefix }) => ({ site, prefix, kind: 'subnet' as const })),
    ...reserved.map((prefix) => ({ site, prefix, kind: 'reserved' as const })),
    ...(endpoint ? [{ site, prefix: endpoint, kind: 'endpoint' as const }] : []),
  ])
  const found = new Map<string, { key: string; pairs: number; effect: Effect }>()
  for (const [index, one] of uses.entries()) {
    for (const other of uses.slice(index + 1)) {
      if (one.site === other.site) continue
      const [inner, outer] = orderBySize(one, other)
      if (!meet(addressesOf(inner.prefix), new Set(addressesOf(outer.prefix)))) continue
      const key = `${inner.prefix} in ${outer.prefix}`
      const before = found.get(key) ?? { key, pairs: 0, effect: 'none' as const }
      const effect = stronger(before.effect, effectOf(one, other, peersOf))
      found.set(key, { key, pairs: before.pairs + 1, effect })
    }
  }
  return [...found.values()].sort(byKey)
}

function orderBySize(one: Use, other: Use): [Use, Use] {
  return addressesOf(one.prefix).length <= addressesOf(other.prefix).length ? [one, other] : [other, one]
}

function stronger(one: Effect, other: Effect): Effect {
  const [first] = (['tunnel', 'hub', 'none'] as const).filter((effect) => effect === one || effect === other)
  return first ?? 'none'
}

/** What two uses at different sites mean to each other: packets of a tunnel go astray, or a hub cannot tell them apart. */
function effectOf(one: Use, other: Use, peersOf: (site: string) => ReadonlySet<string>): Effect {
  const kinds = [one.kind, other.kind]
  if (!kinds.includes('subnet')) return 'none'
  if (peersOf(one.site).has(other.site)) return 'tunnel'
  const hubs = [...peersOf(one.site)].filter((peer) => peersOf(other.site).has(peer))
  return hubs.length > 0 && !kinds.includes('reserved') ? 'hub' : 'none'
}
