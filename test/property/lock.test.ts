import {
  emptyLock,
  type Lock,
  type Plan,
  release,
  type SiteName,
  sightsOf,
  type WrittenNetwork,
  writeLock,
} from '@natplan/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressesOf, expectedOf, meet, union } from './oracle.ts'
import { agree, facesOf, history, planOf, throughFile } from './planned.ts'
import { network, partOf, parts, prefixOf } from './universe.ts'

function withoutSite(whole: WrittenNetwork, name: string): WrittenNetwork {
  const { [name]: _, ...sites } = whole.sites
  const { tunnels, ...rest } = whole
  return { ...rest, sites, ...(tunnels && { tunnels: tunnels.filter((tunnel) => !tunnel.sites.includes(name)) }) }
}

function withoutSubnet(whole: WrittenNetwork, name: string): WrittenNetwork {
  const sites = Object.entries(whole.sites).map(([site, given]) => {
    const subnets = given.subnets.filter((subnet) => `${site} ${prefixOf(subnet)}` !== name)
    return [site, { ...given, subnets }] as const
  })
  return { ...whole, sites: Object.fromEntries(sites) }
}

describe('a lock', () => {
  it('keeps every translated prefix, for every peer that knows it, when a site is added', () => {
    fc.assert(
      fc.property(network, fc.nat(4), (whole, chosen) => {
        const names = Object.keys(whole.sites)
        const before = planOf(withoutSite(whole, names[chosen % names.length] ?? '')).plan
        const after = planOf(whole, before?.lock).plan
        if (!before || !after) return
        const faces = new Map(facesOf(after).map((face) => [face.name, face]))
        for (const { name, translated, peers } of facesOf(before)) {
          expect(faces.get(name)?.translated).toBe(translated)
          expect([...peers].filter((peer) => !faces.get(name)?.peers.has(peer))).toEqual([])
        }
      }),
      { numRuns: 300 },
    )
  })

  it('holds the prefix of a subnet that left, for that subnet alone, until it is released', () => {
    fc.assert(
      fc.property(network, parts, fc.nat(14), (whole, states, chosen) => {
        const first = planOf(whole).plan
        const faces = first ? facesOf(first) : []
        const gone = faces[chosen % Math.max(faces.length, 1)]
        const without = gone && planOf(withoutSubnet(whole, gone.name), first?.lock).plan
        if (!gone || !without) return
        const held = without.lock.released.get(gone.name)
        // Routed pods are no subnets of the list, so they stay.
        if (facesOf(without).some(({ name }) => name === gone.name)) return
        expect(String(held?.translated)).toBe(gone.translated)

        let lock = without.lock
        for (const state of states) {
          const { plan } = planOf(withoutSubnet(partOf(whole, state), gone.name), lock)
          for (const { translated } of plan ? facesOf(plan) : []) {
            expect(meet(addressesOf(translated), union([gone.translated]))).toBe(false)
          }
          lock = plan?.lock ?? lock
        }
        expect(String(lock.released.get(gone.name)?.translated)).toBe(gone.translated)

        const [site = ''] = gone.name.split(' ')
        if (!held) return
        const after = release(lock, { site, prefix: held.translated, renumber: false })
        expect(String(after.freed.translated)).toBe(gone.translated)
        expect(after.lock.released.has(gone.name)).toBe(false)

        const back = planOf(whole, without.lock).plan
        if (back) expect(facesOf(back).find(({ name }) => name === gone.name)?.translated).toBe(gone.translated)
      }),
      { numRuns: 250 },
    )
  })

  it('comes back from a file as it was written', () => {
    fc.assert(
      fc.property(network, parts, (whole, states) => {
        for (const { planning } of history(whole, states)) {
          const lock = planning.plan?.lock ?? emptyLock
          expect(writeLock(throughFile(lock))).toBe(writeLock(lock))
        }
      }),
    )
  })

  it('merged from two branches leads to a sound plan, or to the errors that the oracle finds', () => {
    fc.assert(
      fc.property(network, parts, parts, (whole, ours, theirs) => {
        const base = planOf(whole).plan?.lock ?? emptyLock
        const advance = (lock: Lock, states: typeof ours) =>
          states.reduce((latest, state) => planOf(partOf(whole, state), latest).plan?.lock ?? latest, lock)
        const from = ours.length % 2 === 0 ? base : emptyLock
        const lock = merged(from, advance(from, ours), advance(from, theirs))
        agree(planOf(whole, lock), expectedOf(whole, lock))
      }),
      { numRuns: 200 },
    )
  })
})

/** What git makes of two changed locks: every entry as the side has it that changed it, ours when both did. */
function merged(base: Lock, ours: Lock, theirs: Lock): Lock {
  return {
    entries: mergedEntries(base.entries, ours.entries, theirs.entries),
    released: mergedEntries(base.released, ours.released, theirs.released),
    numbers: mergedEntries(base.numbers, ours.numbers, theirs.numbers),
    interfaces: mergedEntries(base.interfaces, ours.interfaces, theirs.interfaces),
  }
}

function mergedEntries<T>(
  base: ReadonlyMap<string, T>,
  ours: ReadonlyMap<string, T>,
  theirs: ReadonlyMap<string, T>,
): Map<string, T> {
  const keys = [...new Set([...ours.keys(), ...theirs.keys()])].sort()
  return new Map(
    keys.flatMap((key) => {
      const unchanged = JSON.stringify(ours.get(key)) === JSON.stringify(base.get(key))
      const entry = unchanged ? theirs.get(key) : ours.get(key)
      return entry === undefined ? [] : [[key, entry] as const]
    }),
  )
}

describe('changes', () => {
  it('name the peers that know a subnet by another prefix than before, and no others', () => {
    fc.assert(
      fc.property(network, parts, (whole, states) => {
        for (const { planning, before } of history(whole, states)) {
          const { plan } = planning
          if (!plan) continue
          const different = differences(before, plan)
          const named = new Map<string, ReadonlySet<string>>()
          for (const { site, real, peers } of plan.changes) {
            const name = `${site} ${real}`
            const counted = (peer: SiteName) => counts(peer, site, { before, after: plan })
            named.set(name, peers === 'all' ? (different.get(name) ?? new Set()) : new Set(peers.filter(counted)))
          }
          for (const [name, peers] of named) expect([name, peers]).toEqual([name, different.get(name) ?? new Set()])
          expect([...different.keys()].filter((name) => !named.has(name))).toEqual([])
        }
      }),
      { numRuns: 300 },
    )
  })
})

/** Where every pair is joined, a viewer that comes or goes is no change of the sites that stay. */
function counts(
  viewer: SiteName,
  site: SiteName,
  { before, after }: { before: Plan | undefined; after: Plan },
): boolean {
  const stays = (name: SiteName) => before?.network.sites.has(name) === true && after.network.sites.has(name)
  return !after.peers.everyPair || stays(viewer) || !stays(site)
}

/** For each subnet the peers that see it under another prefix than before, for the first time or no more. */
function differences(before: Plan | undefined, after: Plan): Map<string, Set<string>> {
  const views = (plan: Plan | undefined) =>
    new Map(
      [...(plan?.network.sites.keys() ?? [])].flatMap((site) =>
        sightsOf(plan as Plan, site).map(
          ({ peer, subnet, visible }) => [`${peer} ${subnet.prefix} ${site}`, String(visible)] as const,
        ),
      ),
    )
  const [old, now] = [views(before), views(after)]
  const different = new Map<string, Set<string>>()
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    if (old.get(key) === now.get(key)) continue
    const [site, real, viewer] = key.split(' ') as [SiteName, string, SiteName]
    if (!counts(viewer, site, { before, after })) continue
    const name = `${site} ${real}`
    different.set(name, (different.get(name) ?? new Set()).add(viewer))
  }
  return different
}
