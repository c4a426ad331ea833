import { type Finding, findingOf } from '../../finding.ts'
import type { Selector } from '../../policy/gateway-policy.ts'
import type { PeerEnd } from '../../trace/negotiation.ts'
import type { TracedSite } from '../../trace/world.ts'
import { BoxIndex } from '../box-index.ts'
import { selectorBox } from '../rule-boxes.ts'
import { placeAt, type Subject } from '../subject.ts'
import type { TunnelPair } from '../tunnel-pairs.ts'

/** What one end carries, the other carries the other way round. */
export function selectorsMirror({ pairs }: Subject): Finding[] {
  return pairs.flatMap((pair) => {
    const here = unmatched(pair.here, pair.there)
    const there = unmatched(pair.there, pair.here)
    const answered = new Set<Selector>()
    const findings = here.map((selector) => {
      const near = there.find((other) => !answered.has(other) && meets(selector, other))
      if (near) answered.add(near)
      return notMirrored({ end: pair.here, other: pair.there, selector, near })
    })
    const left = there.filter((selector) => !answered.has(selector))
    return [
      ...findings,
      ...left.map((selector) => notMirrored({ end: pair.there, other: pair.here, selector, near: undefined })),
    ]
  })
}

function unmatched({ tunnel }: TunnelPair['here'], { tunnel: other }: TunnelPair['there']): Selector[] {
  const mirrored = new Set(other.selectors.map(({ local, remote }) => `${remote} ${local}`))
  return tunnel.selectors.filter(({ local, remote }) => !mirrored.has(`${local} ${remote}`))
}

/** On one side is enough to see which one was meant. */
function meets(one: Selector, other: Selector): boolean {
  return one.local.overlaps(other.remote) || one.remote.overlaps(other.local)
}

function notMirrored(found: {
  readonly end: PeerEnd
  readonly other: PeerEnd
  readonly selector: Selector
  readonly near: Selector | undefined
}): Finding {
  const { end, other, selector, near } = found
  const message = near
    ? `${end.site.name} carries ${text(selector)}, ${other.site.name} carries ${text(near)}: they do not mirror each other`
    : `${end.site.name} carries ${text(selector)}, and ${other.site.name} has nothing that mirrors it`
  const wanted = `local ${selector.remote}, remote ${selector.local}`
  return findingOf('SELECTOR_NOT_MIRRORED', placeAt(end.site, selector), {
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

function text({ local, remote }: Selector): string {
  return `${local} ↔ ${remote}`
}

/** A gateway has one tunnel for each pair of addresses. */
export function selectorsAreApart({ sites }: Subject): Finding[] {
  return sites.flatMap((site) => {
    const all = site.gateway.policy.tunnels.flatMap((tunnel) =>
      tunnel.selectors.map((selector) => ({ site, tunnel, selector })),
    )
    const order = new Map(all.map((entry, index) => [entry, index]))
    const index = new BoxIndex(all.map((value) => ({ box: selectorBox(value.selector), value })))
    return all.flatMap((entry) => {
      const earlier = index
        .meeting(selectorBox(entry.selector))
        .map(({ value }) => value)
        .filter((other) => (order.get(other) ?? 0) < (order.get(entry) ?? 0))
        .filter((other) => other.tunnel !== entry.tunnel || isEqual(other.selector, entry.selector))
      return clashOf(entry, earlier)
    })
  })
}

interface Carried extends PeerEnd {
  readonly selector: Selector
}

function isEqual(one: Selector, other: Selector): boolean {
  return one.local.equals(other.local) && one.remote.equals(other.remote)
}

function clashOf({ site, tunnel, selector }: Carried, earlier: readonly Carried[]): Finding[] {
  const equal = earlier.find((other) => isEqual(other.selector, selector))
  const first = equal ?? earlier[0]
  if (!first) return []
  const others = earlier.length > 1 ? ` and ${earlier.length - 1} more` : ''
  const related = [
    { place: placeAt(site, first.selector), message: `${text(first.selector)} of ${first.tunnel.peer} is here` },
  ]
  if (equal) {
    const where =
      equal.tunnel === tunnel ? `the tunnel ${tunnel.peer}` : `the tunnels ${equal.tunnel.peer} and ${tunnel.peer}`
    const message = `${site.name} carries ${text(selector)} twice: in ${where}`
    const hint = 'keep one of the two; translate at one of the peers where both use the same addresses'
    return [findingOf('SELECTOR_DUPLICATE', placeAt(site, selector), { message, hint, related })]
  }
  const message = `${text(selector)} of the tunnel ${tunnel.peer} of ${site.name} overlaps ${text(first.selector)} of the tunnel ${first.tunnel.peer}${others}`
  const hint = 'the narrower of the two gets the packets on most platforms; make them apart'
  return [findingOf('SELECTOR_OVERLAP', placeAt(site, selector), { message, hint, related })]
}

/** A selector says clearly which addresses are here and which are there. */
export function selectorsHaveTwoEnds({ sites }: Subject): Finding[] {
  return allSelectors(sites)
    .filter(({ selector: { local, remote } }) => local.overlaps(remote))
    .map(({ site, selector }) =>
      findingOf('SELECTOR_MEETS_ITSELF', placeAt(site, selector), {
        message: `${text(selector)} at ${site.name}: local and remote prefix share addresses`,
        hint: 'translate one side or both, so that each address is at one end only',
      }),
    )
}

function allSelectors(sites: readonly TracedSite[]): Carried[] {
  return sites.flatMap((site) =>
    site.gateway.policy.tunnels.flatMap((tunnel) => tunnel.selectors.map((selector) => ({ site, tunnel, selector }))),
  )
}
