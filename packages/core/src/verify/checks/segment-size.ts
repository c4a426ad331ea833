import type { EspOffer, PlacedClamp, TunnelChild } from '../../device/device.ts'
import type { Finding } from '../../finding.ts'
import type { Encryption, EspSettings, Hash } from '../../policy/gateway-policy.ts'
import { segmentSize } from '../../policy/mtu.ts'
import type { PeerEnd } from '../../world/ends.ts'
import type { WorldSite } from '../../world/world.ts'
import { findingAt, otherEnd, type Subject } from '../subject.ts'

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
      return findingAt('MSS_MISSING', {
        site: here.site,
        at: here.tunnel,
        about: { peer: there.site.name },
        message: `nothing clamps the MSS ${names}: large transfers may stall`,
        hint: `clamp it to ${fits} on the outside and inside interface of one of the two gateways`,
        related: [otherEnd(there)],
      })
    }
    const wide = directions.flatMap(({ clamp }) => (clamp && clamp.mss > fits ? [clamp] : []))[0]
    if (!wide) return []
    const peer = wide.site === here.site ? there.site.name : here.site.name
    return findingAt('MSS_TOO_LARGE', {
      site: wide.site,
      at: wide.clamp,
      about: { peer },
      message: `${wide.site.name} clamps the MSS to ${wide.mss}, but only ${fits} fits through the tunnel of ${here.site.name} and ${there.site.name}`,
      hint: `clamp it to ${fits}`,
    })
  })
}

/** Reports whether something limits the segments of TCP between two ends, in both directions. */
export function isClamped(here: PeerEnd, there: PeerEnd): boolean {
  return [
    [here, there],
    [there, here],
  ].every(([from = here, to = there]) => leaving(from.site).length > 0 || arriving(to.site).length > 0)
}

interface SiteClamp {
  readonly site: WorldSite
  readonly clamp: PlacedClamp
  readonly mss: number
}

/** The clamps that packets from a site's hosts into its tunnels meet; those of virtual interfaces meet both directions. */
function leaving(site: WorldSite): SiteClamp[] {
  return clampsOn(site, site.sides.uplinks[0])
}

function arriving(site: WorldSite): SiteClamp[] {
  return clampsOn(site, site.sides.inside)
}

function clampsOn(site: WorldSite, name: string | undefined): SiteClamp[] {
  const { clamps, interfaces, tunnels } = site.device
  const virtual = new Set([
    ...interfaces.filter(({ kind }) => kind === 'virtual').map((one) => one.name),
    ...tunnels.flatMap(({ children }) => children.map(({ through }) => through?.interface)),
  ])
  return clamps
    .filter(
      (clamp) =>
        clamp.interface === undefined || name === undefined || clamp.interface === name || virtual.has(clamp.interface),
    )
    .map((clamp) => ({ site, clamp, mss: clamp.mss }))
}

function smallest(clamps: readonly SiteClamp[]): SiteClamp | undefined {
  return [...clamps].sort((a, b) => a.mss - b.mss)[0]
}

/** With the offer that needs the most room. */
function largestSegment({ site, tunnel }: PeerEnd, mtuOf: Subject['mtuOf']): number {
  const inner = tunnel.children.some((child) => child.local.family === 6 && isReached(site, child)) ? 6 : 4
  const { address } = tunnel.remote
  const outer = address.kind === 'known' ? address.address.family : 4
  const sizes = tunnel.esp.map((esp) => segmentSize(settingsOf(esp), { mtu: mtuOf(site), outer, inner }))
  return Math.min(...sizes)
}

/** A virtual interface that takes everything gets the packets of a family only where something there is of that family. */
function isReached({ device: { routes, interfaces } }: WorldSite, { local, through }: TunnelChild): boolean {
  if (through?.kind !== 'route' || local.length > 0) return true
  const isOfFamily = ({ family }: { readonly family: 4 | 6 }) => family === local.family
  return (
    routes.some(({ prefix, to }) => isOfFamily(prefix) && 'interface' in to && to.interface === through.interface) ||
    interfaces.some(
      ({ name, addresses }) =>
        name === through.interface && addresses.some((one) => one.kind === 'known' && isOfFamily(one.network)),
    )
  )
}

/** Ciphers that bring their own integrity are as long as GCM, whatever their name. */
function settingsOf({ encryption, hash, dhGroup }: EspOffer): EspSettings {
  const isKnown = encryption in lengths
  const isCombined = /gcm|ccm|chacha/.test(encryption)
  return {
    encryption: isKnown ? (encryption as Encryption) : isCombined ? 'aes256gcm128' : 'aes256',
    hash: isCombined ? undefined : hash !== undefined && hash in checkValues ? (hash as Hash) : 'sha512',
    dhGroup: dhGroup as EspSettings['dhGroup'],
    lifetime: 3600,
  }
}

const lengths: Readonly<Record<Encryption, true>> = {
  aes128: true,
  aes192: true,
  aes256: true,
  aes128gcm128: true,
  aes256gcm128: true,
  '3des': true,
}

const checkValues: Readonly<Record<Hash, true>> = { md5: true, sha1: true, sha256: true, sha384: true, sha512: true }
