import type { Code, Lock, WrittenNetwork } from '@natplan/core'

/**
 * The rules of translation and allocation once more: slow, address by address, with plain sets, and without any code of core.
 * Prefixes are texts, addresses are numbers, and a subnet is named by `site prefix`.
 */
export interface Expectation {
  /** For each subnet that has a translated prefix, the peers that know it by that one. */
  readonly translatedFor: ReadonlyMap<string, ReadonlySet<string>>
  /** The translated prefix of each of them, as long as the pools have room. */
  readonly translated: ReadonlyMap<string, string>
  readonly errors: ReadonlySet<Code>
}

interface Subnet {
  readonly site: string
  readonly name: string
  readonly prefix: string
  readonly translate: 'auto' | 'always' | 'never'
  readonly pin: string | undefined
}

interface Site {
  readonly subnets: readonly Subnet[]
  readonly reserved: readonly string[]
  readonly endpoint: string | undefined
  readonly peers: ReadonlySet<string>
}

type Sites = ReadonlyMap<string, Site>
type LockedEntry = Lock['entries'] extends ReadonlyMap<string, infer Entry> ? Entry : never

/** The addresses of a prefix, one by one. */
export function addressesOf(prefix: string): number[] {
  const [address = '', length] = prefix.split('/')
  const first = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0)
  return Array.from({ length: 2 ** (32 - Number(length)) }, (_, index) => first + index)
}

export function meet(one: Iterable<number>, other: ReadonlySet<number>): boolean {
  for (const address of one) if (other.has(address)) return true
  return false
}

export function union(prefixes: Iterable<string>): Set<number> {
  return new Set([...prefixes].flatMap(addressesOf))
}

export function textOf(first: number, length: number): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256)
  return `${octets.join('.')}/${length}`
}

function lengthOf(prefix: string): number {
  return Number(prefix.split('/')[1])
}

/** Everything that the sites of a plan file use, by site. */
export function sitesOf(written: WrittenNetwork): Sites {
  const names = Object.keys(written.sites)
  return new Map(
    names.map((site) => {
      const { subnets, reserved = [], kubernetes, gateway } = written.sites[site] as WrittenNetwork['sites'][string]
      const pods = kubernetes?.podSubnets ?? []
      const routed = kubernetes?.podEgress === 'routed'
      const peers = written.tunnels
        ? written.tunnels.flatMap(({ sites }) =>
            sites !== 'all' && sites.includes(site) ? sites.filter((end) => end !== site) : [],
          )
        : names.filter((name) => name !== site)
      const all = [...subnets, ...(routed ? pods : [])]
      return [
        site,
        {
          subnets: all.map((given) => subnetOf(site, given)),
          reserved: [...reserved, ...(routed ? [] : pods), ...(kubernetes?.serviceSubnets ?? [])],
          endpoint: gateway && `${gateway.outside.address}/32`,
          peers: new Set(peers),
        },
      ]
    }),
  )
}

function subnetOf(site: string, given: WrittenNetwork['sites'][string]['subnets'][number]): Subnet {
  const { prefix, translate, translateTo } = typeof given === 'string' ? { prefix: given } : given
  const wish = translateTo === undefined ? (translate ?? 'auto') : 'always'
  return { site, name: `${site} ${prefix}`, prefix, translate: wish, pin: translateTo }
}

/** The address space that no subnet of a peer may have as its name at a site. */
export function occupiedAt(name: string, sites: Sites): Set<number> {
  const site = sites.get(name)
  if (!site) return new Set()
  const mustReach = [site, ...[...site.peers].map((peer) => sites.get(peer))].flatMap((end) => end?.endpoint ?? [])
  return union([...site.subnets.map(({ prefix }) => prefix), ...site.reserved, ...mustReach])
}

export function expectedOf(written: WrittenNetwork, lock: Lock): Expectation {
  const sites = sitesOf(written)
  const errors = new Set<Code>()
  const translatedFor = new Map<string, Set<string>>()
  for (const site of sites.values()) {
    for (const subnet of site.subnets) {
      const peers = peersToTranslateFor(subnet, { sites, lock, errors })
      const { translated, translatedFor: locked } = lock.entries.get(subnet.name) ?? {}
      const isLocked = translated !== undefined && locked === 'all' && !written.tunnels && subnet.translate !== 'never'
      if (peers.size > 0 || isLocked || subnet.translate === 'always') translatedFor.set(subnet.name, peers)
    }
  }
  const wanting = [...sites.values()].flatMap((site) => site.subnets.filter(({ name }) => translatedFor.has(name)))
  return { translatedFor, translated: allocate(wanting, { written, sites, lock, errors }), errors }
}

function peersToTranslateFor(
  subnet: Subnet,
  { sites, lock, errors }: { sites: Sites; lock: Lock; errors: Set<Code> },
): Set<string> {
  const peers = [...(sites.get(subnet.site)?.peers ?? [])]
  if (subnet.translate === 'always') return new Set(peers)
  const forced = peers.filter((peer) => mustTranslate(subnet, peer, { sites, lock, errors }))
  if (subnet.translate === 'never') {
    if (forced.length > 0) errors.add('TRANSLATION_IMPOSSIBLE')
    return new Set()
  }
  const entry = lock.entries.get(subnet.name)
  const kept = entry?.translated ? peers.filter((peer) => names(entry.translatedFor, peer)) : []
  return new Set([...forced, ...kept])
}

function mustTranslate(
  subnet: Subnet,
  peer: string,
  { sites, lock, errors }: { sites: Sites; lock: Lock; errors: Set<Code> },
): boolean {
  const occupied = occupiedAt(peer, sites)
  if (meet(addressesOf(subnet.prefix), occupied)) return true
  const others = [...(sites.get(peer)?.peers ?? [])].filter((spoke) => spoke !== subnet.site)
  const rivals = others
    .flatMap((spoke) => sites.get(spoke)?.subnets ?? [])
    .filter((rival) => meet(addressesOf(rival.prefix), union([subnet.prefix])))
    .filter((rival) => rival.translate !== 'always' && !meet(addressesOf(rival.prefix), occupied))
  if (rivals.some((rival) => rival.translate === 'never')) return true
  if (subnet.translate === 'never') return false
  if (!isKnownAsReal(lock.entries.get(subnet.name), peer)) return rivals.length > 0
  if (rivals.some((rival) => isKnownAsReal(lock.entries.get(rival.name), peer))) errors.add('LOCK_BOTH_REAL')
  return false
}

function isKnownAsReal(entry: LockedEntry | undefined, peer: string): boolean {
  return entry !== undefined && names(entry.realFor, peer) && !names(entry.translatedFor, peer)
}

function names(list: LockedEntry['realFor'], peer: string): boolean {
  return list === 'all' || list.some((name) => name === peer)
}

interface Allocation {
  readonly written: WrittenNetwork
  readonly sites: Sites
  readonly lock: Lock
  readonly errors: Set<Code>
}

function allocate(wanting: readonly Subnet[], { written, sites, lock, errors }: Allocation): Map<string, string> {
  const translated = new Map<string, string>()
  const inUse = union([
    ...(written.avoid ?? []),
    ...[...sites.values()].flatMap(({ subnets, reserved, endpoint }) => [
      ...subnets.map(({ prefix }) => prefix),
      ...reserved,
      ...(endpoint ? [endpoint] : []),
    ]),
  ])
  const lockOf = (subnet: Subnet) =>
    lock.entries.get(subnet.name)?.translated ?? lock.released.get(subnet.name)?.translated
  for (const subnet of wanting) {
    const prefix = subnet.pin ?? lockOf(subnet)?.toString()
    if (prefix === undefined) continue
    if (meet(addressesOf(prefix), inUse)) errors.add(subnet.pin ? 'PIN_COLLIDES' : 'LOCK_COLLIDES')
    translated.set(subnet.name, prefix)
  }
  const pinned = new Set(wanting.filter(({ pin }) => pin).map(({ name }) => name))
  for (const code of clashesAmong(translated, pinned)) errors.add(code)
  const inLock = [...lock.entries.values(), ...lock.released.values()]
  const held = inLock.filter((entry) => entry.translated && !translated.has(`${entry.site} ${entry.real}`))
  const heldSpace = union(held.map((entry) => String(entry.translated)))
  for (const subnet of wanting) {
    if (subnet.pin && meet(addressesOf(subnet.pin), heldSpace)) errors.add('LOCK_COLLIDES')
  }

  const taken = new Set([
    ...inUse,
    ...union(translated.values()),
    ...union(inLock.flatMap((entry) => entry.translated?.toString() ?? [])),
  ])
  for (const subnet of wanting.filter(({ name }) => !translated.has(name)).sort(largestFirst)) {
    const found = (written.pools ?? [])
      .flatMap((pool) => searchOrder(pool, subnet.prefix))
      .find((block) => !meet(addressesOf(block), taken))
    if (found === undefined) errors.add('POOL_EXHAUSTED')
    else {
      translated.set(subnet.name, found)
      for (const address of addressesOf(found)) taken.add(address)
    }
  }
  return translated
}

/** What is wrong with prefixes that are settled before anything is allocated. */
function clashesAmong(settled: ReadonlyMap<string, string>, pinned: ReadonlySet<string>): Set<Code> {
  const codes = new Set<Code>()
  for (const [one, prefix] of settled) {
    for (const [other, otherPrefix] of settled) {
      if (one >= other || !meet(addressesOf(prefix), union([otherPrefix]))) continue
      const pins = [one, other].filter((name) => pinned.has(name)).length
      codes.add(pins === 2 ? 'PIN_COLLIDES' : pins === 1 ? 'LOCK_COLLIDES' : 'LOCK_SHARED_PREFIX')
    }
  }
  return codes
}

function largestFirst(a: Subnet, b: Subnet): number {
  const bySize = lengthOf(a.prefix) - lengthOf(b.prefix)
  const bySite = a.site === b.site ? 0 : a.site < b.site ? -1 : 1
  return bySize || bySite || (addressesOf(a.prefix)[0] ?? 0) - (addressesOf(b.prefix)[0] ?? 0)
}

/**
 * All aligned blocks of the real prefix's size in a pool in the documented order: the one with the real prefix's low bits, those
 * behind it in steps that keep the last octet, once round, and then any, from the lowest.
 */
export function searchOrder(pool: string, real: string): string[] {
  const length = lengthOf(real)
  if (length < lengthOf(pool)) return []
  const poolAddresses = addressesOf(pool)
  const poolSize = poolAddresses.length
  const first = poolAddresses[0] ?? 0
  const size = 2 ** (32 - length)
  const start = (addressesOf(real)[0] ?? 0) % poolSize
  const step = Math.max(size, 256)
  const order: number[] = []
  for (let turned = 0; turned < Math.max(poolSize, step); turned += step)
    order.push(first + ((start + turned) % poolSize))
  for (let at = 0; at < poolSize; at += size) order.push(first + at)
  return order.map((address) => textOf(address, length))
}
