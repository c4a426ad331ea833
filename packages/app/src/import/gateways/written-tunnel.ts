import {
  abilities,
  type DeviceTunnel,
  type PeerEnd,
  type Platform,
  type Start,
  type WrittenTunnel,
} from '@natplan/core'
import { agreedProposal } from './agreed-proposal.ts'
import { carriedBy, type JoinedTunnel, shownEnds } from './joined-tunnels.ts'
import type { RankedTunnel } from './ranked-tunnels.ts'
import type { WrittenGateway } from './written-gateway.ts'

type Gateways = ReadonlyMap<string, WrittenGateway>

/** A tunnel as a plan says it; what is as natplan would choose it is left out. */
export function writtenTunnel(joined: RankedTunnel, gateways: Gateways): WrittenTunnel {
  const form = formOf(joined)
  const link = linkOf(joined)
  const [one, other] = [joined.here.site.name, joined.peer]
  return {
    sites: link?.first === other ? [other, one] : [one, other],
    ...form,
    ...uplinksOf(joined),
    ...(link && form.mode === 'route' ? { link: link.network } : {}),
    ...authenticationOf(joined),
    ...proposalOf(joined, gateways),
    ...settingsOf(joined),
    ...startOf(joined, { gateways, form }),
  }
}

/** Where the key of a tunnel belongs, below the folder of the plan. */
export function keyFile({ here, peer, label }: Pick<RankedTunnel, 'here' | 'peer' | 'label'>): string {
  return `keys/${[here.site.name, peer, ...(label === undefined ? [] : [label])].join('-')}.psk`
}

function uplinksOf({ label, uplinks }: RankedTunnel): Pick<WrittenTunnel, 'uplinks'> {
  return label === undefined ? {} : { uplinks: Object.fromEntries([...uplinks.keys()].map((site) => [site, label])) }
}

type Form = Pick<WrittenTunnel, 'mode' | 'selectors' | 'translateAt'>

function formOf(joined: JoinedTunnel): Form {
  const ends = shownEnds(joined)
  const translating = ends.find(renamesPeer)
  const routed = ends.filter((end) => end !== translating)
  const isRouted = routed.length > 0 && routed.every(({ tunnel }) => tunnel.children.every(isRoutedChild))
  const takesAll = ends.some(({ tunnel }) =>
    tunnel.children.some(({ local, remote }) => local.length + remote.length === 0),
  )
  return {
    ...(isRouted || takesAll ? { mode: 'route' as const } : {}),
    ...((isRouted || takesAll) && !takesAll ? { selectors: 'narrow' as const } : {}),
    ...(translating ? { translateAt: translating.site.name } : {}),
  }
}

function isRoutedChild({ through }: DeviceTunnel['children'][number]): boolean {
  return through?.kind === 'route'
}

/** The gateway has names of its own for what the tunnel calls otherwise. */
function renamesPeer(end: PeerEnd): boolean {
  return carriedBy(end).some(({ child, wire }) => !child.remote.equals(wire))
}

/** The network of the two virtual interfaces, and the site that has its first address. */
function linkOf(joined: JoinedTunnel): { readonly network: string; readonly first: string } | undefined {
  for (const { site, tunnel } of shownEnds(joined)) {
    const names = new Set(tunnel.children.map(({ through }) => through?.interface))
    const addresses = site.device.interfaces.filter(({ name }) => names.has(name)).flatMap((one) => one.addresses)
    for (const one of addresses) {
      if (one.kind !== 'known' || one.network.family !== 4 || ![30, 31].includes(one.network.length)) continue
      const isFirst = one.address.equals(one.network.at(one.network.length === 31 ? 0 : 1))
      const other = site.name === joined.peer ? joined.here.site.name : joined.peer
      return { network: String(one.network), first: isFirst ? site.name : other }
    }
  }
  return undefined
}

function authenticationOf(joined: RankedTunnel): Pick<WrittenTunnel, 'authentication' | 'preSharedKey'> {
  const ends = shownEnds(joined)
  const named = ends.flatMap(({ site, tunnel: { authentication, certificates } }) => {
    const { certificate, ca } = certificates ?? {}
    const isNamed = authentication === 'certificate' && certificate !== undefined && ca !== undefined
    return isNamed ? [[site.name, { certificate, ca }] as const] : []
  })
  const [first] = named
  if (!first) {
    const isKeyed = ends.every(({ tunnel }) => tunnel.authentication === 'key' || tunnel.authentication === 'unknown')
    return isKeyed ? { preSharedKey: { file: keyFile(joined) } } : {}
  }
  const isShared = named.every(([, one]) => one.certificate === first[1].certificate && one.ca === first[1].ca)
  return { authentication: isShared ? first[1] : Object.fromEntries(named) }
}

function proposalOf(joined: JoinedTunnel, gateways: Gateways): Pick<WrittenTunnel, 'proposal' | 'ike'> {
  const { here, there, peer } = joined
  const platformOf = (site: string): Platform => gateways.get(site)?.platform ?? 'generic'
  const { proposal, ike } = agreedProposal([
    { site: here.site.name, platform: platformOf(here.site.name), tunnel: here.tunnel },
    { site: peer, platform: platformOf(peer), tunnel: there?.tunnel },
  ])
  const { lifetimes } = here.tunnel
  const ofIke = { ...ike, ...(isLifetime(lifetimes.ike, 28_800) ? { lifetime: lifetimes.ike } : {}) }
  return {
    ...(proposal === undefined ? {} : { proposal }),
    ...(Object.keys(ofIke).length > 0 ? { ike: ofIke } : {}),
  }
}

/** Another one than natplan takes by itself, that a plan can have. */
function isLifetime(seconds: number, usual: number): boolean {
  return seconds !== usual && seconds >= 30 && seconds <= 86_400
}

function settingsOf(joined: JoinedTunnel): Pick<WrittenTunnel, 'esp' | 'deadPeerDetection' | 'forceNatTraversal'> {
  const ends = shownEnds(joined).map(({ tunnel }) => tunnel)
  const { lifetimes, forceNatTraversal } = joined.here.tunnel
  const detection = deadPeerOf(ends)
  return {
    ...(isLifetime(lifetimes.esp, 3600) ? { esp: { lifetime: lifetimes.esp } } : {}),
    ...(Object.keys(detection).length > 0 ? { deadPeerDetection: detection } : {}),
    ...(forceNatTraversal ? { forceNatTraversal } : {}),
  }
}

/**
 * At the end that can call its peer: a silent one that nobody can call is forgotten whatever a plan says. Where an end does not ask, natplan
 * makes it do so.
 */
function deadPeerOf(ends: readonly DeviceTunnel[]): NonNullable<WrittenTunnel['deadPeerDetection']> {
  const asking = ends.filter(({ deadPeer }) => deadPeer.interval >= 2)
  const calling = asking.find(({ remote }) => remote.address.kind !== 'any')
  const deadPeer = (calling ?? asking[0])?.deadPeer
  if (!deadPeer) return {}
  const { action, interval, timeout } = deadPeer
  return {
    ...(calling && action !== 'restart' ? { action } : {}),
    ...(interval === 30 || interval > 3600 ? {} : { interval }),
    ...(timeout === 120 || timeout < 30 || timeout > 86_400 ? {} : { timeout }),
  }
}

function startOf(
  joined: JoinedTunnel,
  { gateways, form }: { readonly gateways: Gateways; readonly form: Form },
): Pick<WrittenTunnel, 'start'> {
  const written = shownEnds(joined).flatMap(({ site, tunnel }) => {
    const beyond = site.name === joined.peer ? joined.here.site.name : joined.peer
    const [own, peer] = [gateways.get(site.name), gateways.get(beyond)]
    if (!own || !peer || isNeverCalled(peer)) return []
    const isRouted = form.mode === 'route' || form.translateAt === site.name
    return tunnel.start === usualStart(own, peer, isRouted) ? [] : [[site.name, tunnel.start] as const]
  })
  return written.length === 0 ? {} : { start: Object.fromEntries(written) }
}

function calledAt({ outside }: WrittenGateway) {
  return outside.publicAddress ?? outside.address
}

function isNeverCalled(gateway: WrittenGateway): boolean {
  return calledAt(gateway) === 'dynamic'
}

/** What natplan would choose for a gateway whose peer can be called. */
function usualStart(own: WrittenGateway, peer: WrittenGateway, isRouted: boolean): Start {
  const isFixed = [own, peer].map(calledAt).every((address) => typeof address === 'string' && address !== 'dynamic')
  const wish = isFixed ? 'trap' : 'initiate'
  const { starts } = abilities[own.platform ?? 'generic']
  return !starts.includes(wish) || (isRouted && wish === 'trap') ? 'initiate' : wish
}
