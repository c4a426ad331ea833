import { type Finding, findingOf, inPlan } from '../finding.ts'
import type { SiteName } from '../network/names.ts'
import type { Gateway } from '../network/network.ts'
import { platforms } from '../network/platforms.ts'
import { shortText } from '../plan/plan.ts'
import { type Abilities, abilities } from './abilities.ts'
import type { Connection } from './connections.ts'
import type { GatewayRoute, ProxiedAddress } from './gateway-policy.ts'
import type { NumberedSubnetPair } from './subnet-pairs.ts'
import type { TunnelPlace } from './tunnel-places.ts'

interface Needs {
  readonly routes: readonly GatewayRoute[]
  readonly proxied: readonly ProxiedAddress[]
  readonly findings: readonly Finding[]
}

/**
 * What a gateway needs whose hosts call those of peers by free addresses of their own LAN: a route out of it that is longer than the connected one, and
 * somebody who answers there when hosts ask for the address by ARP.
 */
export function freeSpaceNeeds(
  gateway: Gateway,
  connections: readonly Connection[],
  {
    pairs,
    places,
  }: { readonly pairs: readonly NumberedSubnetPair[]; readonly places: ReadonlyMap<SiteName, TunnelPlace> },
): Needs {
  const called = pairs.filter(isCalledInside)
  if (called.length === 0) return { routes: [], proxied: [], findings: [] }
  const refused = called.flatMap((pair) => unsupported(gateway, pair, places.get(pair.tunnel)))
  if (refused.length > 0) return { routes: [], proxied: [], findings: refused.slice(0, 1) }
  const outsides = new Map(connections.map(({ name, site }) => [name, site.gateway.outside.interface]))
  const routes = called.flatMap(({ tunnel, remote }): GatewayRoute[] => {
    const name = outsides.get(tunnel)
    if (places.get(tunnel)?.through || name === undefined) return []
    return [{ prefix: remote.inside, to: { kind: 'interface', interface: name }, distance: 1 }]
  })
  const names = [...new Map(called.map(({ remote }) => [String(remote.inside), remote.inside.first])).values()]
  const port = gateway.inside?.interface
  const isWritten = abilities[gateway.platform].proxyArp === 'each' && port !== undefined
  return {
    routes,
    proxied: port === undefined ? [] : names.map((address) => ({ address, interface: port })),
    findings: isWritten ? [] : [byHand(gateway, called)],
  }
}

function isCalledInside({ local: { subnet }, remote: { inside } }: NumberedSubnetPair): boolean {
  return subnet?.free.some(({ prefix }) => prefix.contains(inside)) ?? false
}

function unsupported(
  { platform, path }: Gateway,
  { local, remote, peer }: NumberedSubnetPair,
  place: TunnelPlace | undefined,
): Finding[] {
  const say = (message: string, hint: string) => [
    findingOf('FREE_SPACE_UNSUPPORTED', inPlan(path), {
      message: `${shortText(remote.inside)}, as ${peer} is called, ${message}`,
      hint,
    }),
  ]
  if (local.wire.overlaps(remote.wire)) {
    const message = `lies in ${local.wire}, which its tunnel carries untranslated`
    return say(message, `leave out translateAt: ${peer}, so that ${local.subnet?.site} translates ${local.real} itself`)
  }
  const able = (one: Abilities) => one.proxyArp !== 'none'
  if (!able(abilities[platform])) {
    const message = `would be a neighbour of hosts behind ${platform}, which does not answer ARP for others`
    return say(
      message,
      `choose an address outside the subnet; these can: ${platforms.filter((one) => able(abilities[one])).join(', ')}`,
    )
  }
  if (place?.through?.kind !== 'feature') return []
  const message = `is a single address, and ${platform} has no route for such that is longer than the one that IPsec installs`
  return say(message, 'write mode: route for the tunnel, or choose an address outside the subnet')
}

function byHand({ platform, inside, path }: Gateway, called: readonly NumberedSubnetPair[]): Finding {
  const [first] = called
  const names = [...new Set(called.map(({ remote }) => shortText(remote.inside)))]
  const site = first?.local.subnet?.site
  return findingOf('FREE_SPACE_ARP', inPlan(path), {
    message: `hosts of ${site} ask by ARP for ${names.join(', ')} of ${first?.peer}, and what natplan writes does not make the gateway answer`,
    hint: hintFor(platform, inside?.interface),
  })
}

function hintFor(platform: Gateway['platform'], port: string | undefined): string {
  const { proxyArp, enteredByHand } = abilities[platform]
  if (proxyArp === 'each') return 'name the interface of the hosts under inside, and natplan writes it'
  const where = port ?? 'the interface of the hosts'
  return enteredByHand
    ? `let the gateway answer ARP for these addresses on ${where} (proxy ARP)`
    : `enter "ip enable-proxy-arp" at ${where}, or give each host a route for these addresses through the gateway`
}
