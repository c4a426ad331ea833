import { type Finding, findingOf } from '../../finding.ts'
import type { Clamp } from '../../policy/gateway-policy.ts'
import { segmentSize } from '../../policy/mtu.ts'
import type { PeerEnd } from '../../trace/negotiation.ts'
import type { TracedSite } from '../../trace/world.ts'
import { placeAt, type Subject } from '../subject.ts'

/**
 * TCP connections through a tunnel are limited to segments that fit, in both directions: the gateway that sends into the tunnel can
 * do it, or the one that receives.
 */
export function segmentsFit({ sites, pairs, mtuOf }: Subject): Finding[] {
  const clamps = new Map(sites.map((site) => [site, { leaving: leaving(site), arriving: arriving(site) }]))
  return pairs.flatMap(({ here, there }) => {
    const fits = Math.min(largestSegment(here, mtuOf), largestSegment(there, mtuOf))
    const directions = [
      { from: here, to: there },
      { from: there, to: here },
    ].map(({ from, to }) => ({
      from,
      to,
      clamp: smallest([...(clamps.get(from.site)?.leaving ?? []), ...(clamps.get(to.site)?.arriving ?? [])]),
    }))
    const open = directions.filter(({ clamp }) => clamp === undefined)
    const names = open.map(({ from, to }) => `from ${from.site.name} to ${to.site.name}`).join(' and ')
    if (open.length > 0) {
      return findingOf('MSS_MISSING', placeAt(here.site, here.tunnel), {
        message: `nothing limits the TCP segment size ${names}: large transfers may stall`,
        hint: `limit it to ${fits} on the outside and inside interface of one of the two gateways`,
        related: [{ place: placeAt(there.site, there.tunnel), message: 'the other end is here' }],
      })
    }
    const wide = directions.flatMap(({ clamp }) => (clamp && clamp.mss > fits ? [clamp] : []))[0]
    if (!wide) return []
    return findingOf('MSS_TOO_LARGE', placeAt(wide.site, wide.clamp), {
      message: `${wide.site.name} limits the TCP segment size to ${wide.mss}, but only ${fits} fits through the tunnel of ${here.site.name} and ${there.site.name}`,
      hint: `limit it to ${fits}`,
    })
  })
}

interface PlacedClamp {
  readonly site: TracedSite
  readonly clamp: Clamp
  readonly mss: number
}

/** The clamps that packets from a site's hosts into its tunnels meet; those of virtual interfaces meet both directions. */
function leaving(site: TracedSite): PlacedClamp[] {
  return clampsOn(site, site.gateway.outside.interface)
}

function arriving(site: TracedSite): PlacedClamp[] {
  return clampsOn(site, site.gateway.inside.interface)
}

function clampsOn(site: TracedSite, name: string | undefined): PlacedClamp[] {
  const { clamps, interfaces, tunnels } = site.gateway.policy
  const virtual = new Set([
    ...interfaces.map((one) => one.name),
    ...tunnels.flatMap(({ selectors }) => selectors.map((one) => one.interface)),
  ])
  return clamps
    .filter(
      (clamp) =>
        clamp.interface === undefined || name === undefined || clamp.interface === name || virtual.has(clamp.interface),
    )
    .map((clamp) => ({ site, clamp, mss: clamp.mss }))
}

function smallest(clamps: readonly PlacedClamp[]): PlacedClamp | undefined {
  return [...clamps].sort((a, b) => a.mss - b.mss)[0]
}

/** With the offer that needs the most room. */
function largestSegment({ site, tunnel }: PeerEnd, mtuOf: Subject['mtuOf']): number {
  const offers = site.gateway.proposals.get(tunnel.peer)?.esp ?? [tunnel.esp]
  const inner = tunnel.selectors.some(({ local }) => local.family === 6) ? 6 : 4
  const sizes = offers.map((esp) =>
    segmentSize({ ...tunnel.esp, ...esp }, { mtu: mtuOf(site), outer: tunnel.remote.address.family, inner }),
  )
  return Math.min(...sizes)
}
