import type { Path, WrittenTunnel as Tunnel, WrittenSite } from '@natplan/core'
import type { Imported, Reason } from './imported.ts'
import { tunnelKey } from './tunnel-key.ts'

/**
 * What several sources say together. A site that two name is one; what both say of it stands there once, and where they differ, the first
 * one counts.
 */
export function mergedImports(all: readonly Imported[]): Imported {
  const merge = new Merge()
  for (const one of all) merge.add(one)
  return merge.result
}

type Subnet = WrittenSite['subnets'][number]

class Merge {
  readonly #sites = new Map<string, WrittenSite>()
  readonly #tunnels: Tunnel[] = []
  /** The numbers of tunnels of earlier sources; one source means each of its tunnels. */
  readonly #tunnelNumbers = new Map<string, number>()
  readonly #reasons: Reason[] = []
  readonly #rest: Omit<Imported, 'network' | 'reasons'>[] = []
  #others: Omit<Imported['network'], 'sites' | 'tunnels'> = {}

  add({ network, reasons, ...rest }: Imported): void {
    const { sites, tunnels = [], ...others } = network
    const moved = new Map<string, Path>()
    for (const [name, site] of Object.entries(sites)) this.#addSite(name, site, moved)
    const added = tunnels.map((tunnel, index) => this.#addTunnel(tunnel, index, moved))
    for (const [key, number] of added) this.#tunnelNumbers.set(key, number)
    const avoid = joined(this.#others.avoid ?? [], others.avoid ?? [], (text) => text)
    for (const [index, to] of avoid.indexes.entries()) move(moved, ['avoid', index], to)
    this.#others = { ...others, ...this.#others, ...(avoid.values.length > 0 ? { avoid: avoid.values } : {}) }
    for (const reason of reasons) this.#addReason(reason, moved)
    this.#rest.push(rest)
  }

  get result(): Imported {
    const lock = this.#rest.find((one) => one.lock)?.lock
    const tunnels = this.#tunnels.length > 0 ? { tunnels: this.#tunnels } : {}
    return {
      network: { ...this.#others, sites: Object.fromEntries(this.#sites), ...tunnels },
      reasons: this.#reasons,
      leftOut: this.#rest.flatMap(({ leftOut }) => leftOut),
      notes: this.#rest.flatMap(({ notes = [] }) => notes),
      findings: this.#rest.flatMap(({ findings }) => findings),
      ends: this.#rest.flatMap(({ ends = [] }) => ends),
      routes: this.#rest.flatMap(({ routes = [] }) => routes),
      hosts: this.#rest.flatMap(({ hosts = [] }) => hosts),
      ...(lock ? { lock } : {}),
      adoptions: this.#rest.flatMap(({ adoptions = [] }) => adoptions),
    }
  }

  #addSite(name: string, site: WrittenSite, moved: Map<string, Path>): void {
    const before = this.#sites.get(name)
    const subnets = joined(before?.subnets ?? [], site.subnets, prefixOf)
    const reserved = joined(before?.reserved ?? [], site.reserved ?? [], (text) => text)
    for (const [key, { indexes }] of Object.entries({ subnets, reserved }))
      for (const [from, to] of indexes.entries()) move(moved, ['sites', name, key, from], to)
    this.#sites.set(name, {
      ...site,
      ...before,
      subnets: subnets.values,
      ...(reserved.values.length > 0 ? { reserved: reserved.values } : {}),
    })
  }

  #addTunnel(tunnel: Tunnel, from: number, moved: Map<string, Path>): readonly [string, number] {
    const key = tunnelKey(tunnel)
    const known = this.#tunnelNumbers.get(key)
    const to = known ?? this.#tunnels.push(tunnel) - 1
    const first = this.#tunnels[to]
    if (known !== undefined && first) this.#tunnels[to] = { ...first, ...unknownIn(first, tunnel) }
    move(moved, ['tunnels', from], to)
    return [key, to]
  }

  #addReason(reason: Reason, moved: ReadonlyMap<string, Path>): void {
    for (let length = moved.size > 0 ? reason.path.length : 0; length > 0; length--) {
      const to = moved.get(keyOf(reason.path.slice(0, length)))
      if (!to) continue
      this.#reasons.push({ ...reason, path: [...to, ...reason.path.slice(length)] })
      return
    }
    this.#reasons.push(reason)
  }
}

/** Notes the new place of what stood at an index of a list, where it is another one: in most sources nothing moves. */
function move(moved: Map<string, Path>, path: Path, to: number): void {
  if (path.at(-1) !== to) moved.set(keyOf(path), [...path.slice(0, -1), to])
}

/** What one source does not know of a tunnel, and another one may: who translates, and how the gateways prove who they are. */
function unknownIn(first: Tunnel, { preSharedKey, authentication, translateAt }: Tunnel): Partial<Tunnel> {
  const isProven = first.preSharedKey !== undefined || first.authentication !== undefined
  return {
    ...(first.translateAt === undefined && translateAt !== undefined ? { translateAt } : {}),
    ...(preSharedKey && !isProven ? { preSharedKey } : {}),
    ...(authentication && !isProven ? { authentication } : {}),
  }
}

/** Both lists in one, and where each value of the second one went. */
function joined<T>(
  first: readonly T[],
  second: readonly T[],
  nameOf: (value: T) => string,
): { readonly values: T[]; readonly indexes: readonly number[] } {
  const values = [...first]
  const places = new Map(values.map((value, index) => [nameOf(value), index]))
  const indexes = second.map((value) => {
    const known = places.get(nameOf(value))
    if (known !== undefined) return known
    places.set(nameOf(value), values.length)
    return values.push(value) - 1
  })
  return { values, indexes }
}

function prefixOf(subnet: Subnet): string {
  return typeof subnet === 'string' ? subnet : subnet.prefix
}

function keyOf(path: Path): string {
  return JSON.stringify(path)
}
