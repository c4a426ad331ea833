import { Prefix } from '@natplan/core'
import { pick, type Random } from '../../lab/mutations.ts'
import { bareGateway, connected, guarded, hostsOf, masquerading, type SiteId, translating } from '../compose.ts'
import type { GatewayState, Network } from '../network.ts'

/** What a site has, and what its peers call it. */
interface Faces {
  readonly real: Prefix
  readonly visible: Prefix
}

function facesOf(random: Random): Record<SiteId, Faces> {
  const length = pick(random, [24, 25, 26, 27])
  const isTranslated = random() < 0.6
  const faces = (number: number): Faces => {
    const real = Prefix.parse(isTranslated ? `10.0.1.0/${length}` : `10.0.${number}.0/${length}`)
    return { real, visible: isTranslated ? Prefix.parse(`192.168.${number}.0/${length}`) : real }
  }
  return { a: faces(1), b: faces(2), c: faces(3) }
}

const starts = [
  ['trap', 'trap'],
  ['trap', 'trap'],
  ['start', 'trap'],
  ['trap', 'none'],
  ['none', 'trap'],
] as const

/** `a` in the middle; with `transit` the spokes reach each other through it. */
export function hub(random: Random, { transit }: { readonly transit: boolean }): Network {
  const faces = facesOf(random)
  const sites = ['a', 'b', 'c'] as const
  const reachedFrom = (site: SiteId): Prefix[] => {
    const peers = sites.filter((peer) => peer !== site && (transit || site === 'a' || peer === 'a'))
    return peers.map((peer) => faces[peer].visible)
  }
  const gateways = Object.fromEntries(sites.map((site) => [site, gatewayFor(site)])) as Record<SiteId, GatewayState>
  function gatewayFor(site: SiteId): GatewayState {
    const { real, visible } = faces[site]
    const peers = reachedFrom(site)
    const bare = bareGateway(site, { lans: [real] })
    const translated = real.equals(visible)
      ? bare
      : translating(bare, [{ from: real, to: visible, peers, interface: 'wan0' }])
    const masked = random() < 0.7 ? masquerading(translated, { except: peers }) : translated
    return random() < 0.6 ? guarded(masked, peers, { kind: 'on', interface: 'wan0' }) : masked
  }
  for (const spoke of ['b', 'c'] as const) {
    const other = spoke === 'b' ? 'c' : 'b'
    const local = [faces.a.visible, ...(transit ? [faces[other].visible] : [])]
    const remote = [faces[spoke].visible]
    const pairs = local.map((one) => ({ local: [one], remote }))
    const ends = connected(gateways.a, gateways[spoke], { pairs, start: pick(random, starts) })
    ;[gateways.a, gateways[spoke]] = ends
  }
  return {
    name: transit ? 'transit' : 'hub',
    changes: '',
    gateways: sites.map((site) => gateways[site]),
    hosts: sites.flatMap((site) => hostsOf(site, [faces[site].real])),
    natBox: undefined,
    called: new Map(sites.map((site) => [site, sites.filter((one) => one !== site).map((one) => faces[one].visible)])),
  }
}
