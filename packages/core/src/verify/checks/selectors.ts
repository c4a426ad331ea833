import type { TunnelChild } from '../../device/device.ts'
import type { Finding } from '../../finding.ts'
import { RangeSet } from '../../match/range-set.ts'
import type { PeerEnd } from '../../world/ends.ts'
import type { WorldSite } from '../../world/world.ts'
import { BoxIndex } from '../box-index.ts'
import { groupedBy } from '../grouped-by.ts'
import { boundTo } from '../losing-routes.ts'
import { openLines } from '../open-lines.ts'
import { childText } from '../shown.ts'
import { findingAt, placeAt, type Subject } from '../subject.ts'
import { childBox } from '../translations.ts'
import { type Carried, carriedBy } from '../tunnel-rules.ts'

/** The selectors of both ends mirror each other. */
export function selectorsMirror({ pairs }: Subject): Finding[] {
  return pairs.flatMap((pair) => {
    if ([pair.here, pair.there].some(isOpen)) return []
    const here = unmatched(pair.here, pair.there)
    const there = unmatched(pair.there, pair.here)
    const answered = new Set<TunnelChild>()
    const findings = here.map((child) => {
      const near = there.find((other) => !answered.has(other) && meets(child, other))
      if (near) answered.add(near)
      return notMirrored({ end: pair.here, other: pair.there, child, near })
    })
    const left = there.filter((child) => !answered.has(child))
    return [
      ...findings,
      ...left.map((child) => notMirrored({ end: pair.there, other: pair.here, child, near: undefined })),
    ]
  })
}

/** Some selectors of the end may not have been understood. */
function isOpen({ site, tunnel }: PeerEnd): boolean {
  return tunnel.doubt !== undefined || openLines(site, 'tunnels').length > 0
}

function protectedBy({ tunnel }: PeerEnd): TunnelChild[] {
  return tunnel.children.filter(({ kind }) => kind === 'protect')
}

function unmatched(end: PeerEnd, other: PeerEnd): TunnelChild[] {
  const mirrored = new Set(protectedBy(other).map(({ local, remote }) => `${remote} ${local}`))
  const isNarrowed = [end, other].every(({ tunnel }) => tunnel.versions.includes(2))
  const isWide = isNarrowed && protectedBy(other).some(takesWhatIsRouted)
  const divided = isNarrowed ? dividedOtherwise(end, other) : new Set()
  return protectedBy(end).filter(
    (child) =>
      !mirrored.has(`${child.local} ${child.remote}`) &&
      !(isNarrowed && takesWhatIsRouted(child)) &&
      !isWide &&
      !divided.has(child),
  )
}

/** The pairs of a child that together carry what one of the other end carries, in other parts: both agree on the smaller ones (IKEv2). */
function dividedOtherwise(end: PeerEnd, other: PeerEnd): ReadonlySet<TunnelChild> {
  const theirs = new Set(childrenByName(other).map((pairs) => wholeOf(pairs, 'remote', 'local')))
  const alike = childrenByName(end).filter((pairs) => theirs.has(wholeOf(pairs, 'local', 'remote')))
  return new Set(alike.flat())
}

/** Each child with all its pairs, of which it has one for each two prefixes. */
function childrenByName(end: PeerEnd): TunnelChild[][] {
  const groups = new Map<string, TunnelChild[]>()
  for (const child of protectedBy(end)) {
    if (child.only) continue
    const group = groups.get(child.name)
    if (group) group.push(child)
    else groups.set(child.name, [child])
  }
  return [...groups.values()]
}

function wholeOf(pairs: readonly TunnelChild[], ...sides: readonly ('local' | 'remote')[]): string {
  const sets = sides.map((side) => RangeSet.ofPrefixes(pairs.map((pair) => pair[side])).ranges)
  return sets.map((ranges) => ranges.map(({ first, last }) => `${first}-${last}`).join()).join(' ')
}

/** Behind a virtual interface routes choose, so that a peer may narrow the selector to what it has (IKEv2). */
function takesWhatIsRouted({ local, remote, through }: TunnelChild): boolean {
  return through?.kind === 'route' && local.length === 0 && remote.length === 0
}

/** On one side is enough to see which one was meant. */
function meets(one: TunnelChild, other: TunnelChild): boolean {
  return one.local.overlaps(other.remote) || one.remote.overlaps(other.local)
}

function notMirrored(found: {
  readonly end: PeerEnd
  readonly other: PeerEnd
  readonly child: TunnelChild
  readonly near: TunnelChild | undefined
}): Finding {
  const { end, other, child, near } = found
  const message = near
    ? `${end.site.name} carries ${childText(child)}, ${other.site.name} carries ${childText(near)}: they do not mirror each other`
    : `${end.site.name} carries ${childText(child)}, and ${other.site.name} has nothing that mirrors it`
  const wanted = `local ${child.remote}, remote ${child.local}`
  return findingAt('SELECTOR_NOT_MIRRORED', {
    site: end.site,
    at: child,
    about: { peer: other.site.name, selector: childText(child) },
    message,
    hint: near ? `make them equal, for example ${wanted} at ${other.site.name}` : `add ${wanted} at ${other.site.name}`,
    related: [
      {
        place: placeAt(other.site, near ?? other.tunnel),
        message: `${near ? 'it' : 'the tunnel'} of ${other.site.name} is here`,
      },
    ],
  })
}

/** A gateway has one tunnel for each pair of addresses; of those behind virtual interfaces, routes choose one. */
export function selectorsAreApart({ sites }: Subject): Finding[] {
  return sites.flatMap((site) => {
    const all = carriedBy(site)
    const order = new Map(all.map(({ child }, index) => [child, index]))
    const abreast = groupedBy(all, (one) => routedBy(one) ?? '')
    const carried = new Map([...abreast].map(([name, some]) => [name, indexOf(some)]))
    const firsts = new Map<string, Carried>()
    return all.flatMap((entry) => {
      const key = selectorKey(entry)
      const equal = firsts.get(key)
      if (equal) return duplicate(site, entry, equal)
      firsts.set(key, entry)
      const met = carried.get(routedBy(entry) ?? '')?.meeting(childBox(entry.child)) ?? []
      const earlier = met
        .map(({ value }) => value)
        .filter((other) => (order.get(other.child) ?? 0) < (order.get(entry.child) ?? 0))
        .filter((other) => other.tunnel !== entry.tunnel)
      return overlap(site, entry, earlier)
    })
  })
}

function indexOf(all: readonly Carried[]): BoxIndex<Carried> {
  return new BoxIndex(all.map((value) => ({ box: childBox(value.child), value })))
}

/** Several tunnels behind a cable have an interface each. */
function routedBy({ tunnel, child: { through } }: Carried): string | undefined {
  return through?.kind === 'route' ? (boundTo(tunnel) ?? through.interface) : undefined
}

function selectorKey(one: Carried): string {
  return `${one.child.local} ${one.child.remote} ${routedBy(one) ?? ''}`
}

function duplicate(site: WorldSite, { tunnel, child }: Carried, equal: Carried): Finding {
  const both =
    equal.tunnel === tunnel ? `the tunnel ${tunnel.name}` : `the tunnels ${equal.tunnel.name} and ${tunnel.name}`
  return findingAt('SELECTOR_DUPLICATE', {
    ...clashWith(site, { tunnel, child }, equal),
    message: `${site.name} carries ${childText(child)} twice: in ${both}`,
    hint: 'keep one of the two; translate at one of the peers where both use the same addresses',
  })
}

function overlap(site: WorldSite, { tunnel, child }: Carried, earlier: readonly Carried[]): Finding[] {
  const [first] = earlier
  if (!first) return []
  const others = earlier.length > 1 ? ` and ${earlier.length - 1} more` : ''
  const message = `${childText(child)} of the tunnel ${tunnel.name} of ${site.name} overlaps ${childText(first.child)} of the tunnel ${first.tunnel.name}${others}`
  const isOrdered = [child, first.child].some(({ priority }) => priority !== undefined)
  const hint = isOrdered
    ? 'their priorities decide which of the two gets the packets, the lower first; make them disjoint'
    : 'the narrower of the two gets the packets on most platforms; make them disjoint'
  return [findingAt('SELECTOR_OVERLAP', { ...clashWith(site, { tunnel, child }, first), message, hint })]
}

function clashWith(site: WorldSite, { tunnel, child }: Carried, first: Carried) {
  return {
    site,
    at: child,
    about: { peer: tunnel.name, tunnel: tunnel.name, selector: childText(child) },
    related: [
      { place: placeAt(site, first.child), message: `${childText(first.child)} of ${first.tunnel.name} is here` },
    ],
  }
}

/** A selector says clearly which addresses are here and which are there, or what is here passes by the tunnel. */
export function selectorsHaveTwoEnds({ sites }: Subject): Finding[] {
  return sites.flatMap((site) =>
    carriedBy(site)
      .filter(({ child }) => child.local.overlaps(child.remote) && child.through?.kind !== 'route')
      .filter((carried) => !isPassed(site, carried))
      .map(({ tunnel, child }) =>
        findingAt('SELECTOR_MEETS_ITSELF', {
          site,
          at: child,
          about: { peer: tunnel.name, tunnel: tunnel.name, selector: childText(child) },
          message: `${childText(child)} at ${site.name}: local and remote prefix share addresses`,
          hint: 'translate one side or both, so that each address is at one end only',
        }),
      ),
  )
}

/** The gateway's own network passes by, as long as that takes nothing of what the peer has. */
function isPassed({ device }: WorldSite, { child: { local, remote } }: Carried): boolean {
  if (!remote.contains(local) || remote.length === local.length) return false
  const own = RangeSet.ofPrefixes([local])
  return device.tunnels.some(({ children }) =>
    children.some(
      (one) =>
        one.kind === 'pass' &&
        RangeSet.ofPrefixes([one.local]).includes(own) &&
        RangeSet.ofPrefixes([one.remote]).includes(own),
    ),
  )
}
