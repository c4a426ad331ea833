import {
  type Inference,
  inPlan,
  type LockEntry,
  negotiate,
  normalize,
  Prefix,
  privateRanges,
  type World,
  type WorldSite,
  type WrittenNetwork,
  type WrittenSite,
  worldOfDevices,
} from '@natplan/core'
import type { SiteConfig } from '../../configs/read-configuration.ts'
import type { Imported, LeftOut, PeerEnd, Reason } from '../imported.ts'
import { comparedWithPlan } from './compared-with-plan.ts'
import { farSubnets, prefixOfSubnet } from './far-subnets.ts'
import { type JoinedTunnel, joinedTunnels, tunnelsAt } from './joined-tunnels.ts'
import { ownSubnets } from './own-subnets.ts'
import { pathMtus } from './path-mtus.ts'
import { type RankedTunnel, rankedTunnels } from './ranked-tunnels.ts'
import { reservedSpace } from './reserved-space.ts'
import { type ShownTransit, shownTransits } from './transits.ts'
import { peerGateway, shownGateway, type WrittenGateway } from './written-gateway.ts'
import { writtenTunnel } from './written-tunnel.ts'

type Written = Omit<WrittenNetwork, 'version'>

/** A part of what is imported, with why it is so. */
interface Part {
  readonly site: WrittenSite
  readonly reasons: readonly Reason[]
  readonly leftOut: readonly LeftOut[]
  /** What the plan would decide otherwise without them. */
  readonly locked: readonly LockEntry[]
}

/** The plan that configurations show. */
export function importedGateways(configs: readonly SiteConfig[]): Imported {
  const { world, inferred } = worldOfDevices(configs.map(({ site, device }) => ({ site, device })))
  const all = joinedTunnels(world)
  const { tunnels, apart } = rankedTunnels(all.filter(({ carries }) => carries))
  const transits = shownTransits(tunnels)
  const shown = [...world.sites.values()].map((site) => {
    const own = inferred.filter((one) => one.site === site.name)
    return [site.name, shownSite(site, { tunnels, transits, inferred: own })] as const
  })
  const far = farSites(world, tunnels)
  const parts = new Map([...shown, ...far])
  const { network, reasons } = networkOf(parts, tunnels, transits)
  const locked = [...parts.values()].flatMap((part) => part.locked)
  const compared = comparedWithPlan(network, { configs, tunnels, locked })
  return {
    network,
    reasons,
    leftOut: [...[...parts.values()].flatMap(({ leftOut }) => leftOut), ...betweenGateways(all), ...alike(apart)],
    findings: [...configs.flatMap(ofFile), ...compared.findings],
    ...(compared.lock ? { lock: compared.lock } : {}),
    adoptions: compared.adoptions,
    ends: [...far].flatMap(([site, part]) => madeUpEnds(site, part)),
  }
}

/** A text of the gateway itself says more of it than its peer does. */
function madeUpEnds(site: string, { site: { gateway } }: Part): PeerEnd[] {
  const address = gateway?.outside.address
  return typeof address === 'string' && address !== 'dynamic' ? [{ site, address, isMadeUp: true }] : []
}

function ofFile({ findings, document }: SiteConfig) {
  return findings.map((one) => ({ ...one, place: { ...one.place, file: document.name } }))
}

function shownSite(
  site: WorldSite,
  known: {
    readonly tunnels: readonly RankedTunnel[]
    readonly transits: readonly ShownTransit[]
    readonly inferred: readonly Inference[]
  },
): Part {
  const { inferred } = known
  const tunnels = tunnelsAt(known.tunnels, site)
  const file = site.device.file ?? site.name
  const subnets = ownSubnets(site, known)
  const pins = subnets.flatMap(({ written }) => pinOf(written))
  const { reserved, special } = reservedSpace(site, { tunnels, inferred, pins })
  const { gateway, reasons } = shownGateway(site, { tunnels, inferred })
  const at = ['sites', site.name]
  return {
    site: {
      subnets: subnets.map(({ written }) => written),
      ...(reserved.length > 0 ? { reserved: reserved.map(({ prefix }) => String(prefix)) } : {}),
      gateway: { ...gateway, ...uplinksAt(site.name, tunnels) },
    },
    reasons: [
      ...subnets.map(({ reason }, index) => ({ ...reason, path: [...at, 'subnets', index], file })),
      ...reserved.map(({ text }, index) => ({ path: [...at, 'reserved', index], text, file })),
      ...reasons.map((reason) => ({ ...reason, path: [...at, 'gateway', ...reason.path], file })),
    ],
    locked: subnets.flatMap(({ locked }) => locked ?? []),
    leftOut:
      special.length === 0
        ? []
        : [{ what: 'networks of special addresses, which no site owns', count: special.length, file }],
  }
}

function pinOf(written: WrittenSite['subnets'][number]): Prefix[] {
  const text = typeof written === 'string' ? undefined : (written.translateTo ?? written.hideBehind)
  return text === undefined
    ? []
    : [Prefix.parse(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`)]
}

/** The sites at the other ends of tunnels whose gateways show nothing: what all tunnels to one say together. */
function farSites({ sites }: World, tunnels: readonly RankedTunnel[]): Map<string, Part> {
  const found = new Map<string, Part>()
  for (const tunnel of tunnels.filter(({ peer }) => !sites.has(peer))) {
    const { peer, here } = tunnel
    const file = here.site.device.file ?? here.site.name
    const before = found.get(peer)
    const known = new Set(before?.site.subnets.map(prefixOfSubnet))
    const added = farSubnets(tunnel).filter(({ written }) => !known.has(prefixOfSubnet(written)))
    const first = before?.site.subnets.length ?? 0
    const at = ['sites', peer]
    found.set(peer, {
      site: {
        subnets: [...(before?.site.subnets ?? []), ...added.map(({ written }) => written)],
        gateway: before?.site.gateway ?? { ...peerGateway(tunnel), ...uplinksAt(peer, tunnels) },
      },
      reasons: [
        ...(before?.reasons ?? [
          {
            path: [...at, 'gateway'],
            text: `${here.site.name} calls it ${tunnel.here.tunnel.name}`,
            file,
            ...lineOf(here.tunnel),
          },
        ]),
        ...added.map(({ text, line }, index) => ({
          path: [...at, 'subnets', first + index],
          text,
          file,
          ...lineOf({ line }),
        })),
      ],
      leftOut: [],
      locked: [],
    })
  }
  return found
}

function lineOf({ line }: { readonly line: number | undefined }): { readonly line?: number } {
  return line === undefined ? {} : { line }
}

/** The further uplinks of a gateway; of several tunnels over one each may know the router behind it. */
function uplinksAt(site: string, tunnels: readonly RankedTunnel[]): Pick<WrittenGateway, 'uplinks'> {
  const named: NonNullable<WrittenGateway['uplinks']> = {}
  for (const { label, uplinks } of tunnels) {
    const uplink = uplinks.get(site)
    if (label !== undefined && uplink) named[label] = { ...uplink, ...named[label] }
  }
  return Object.keys(named).length === 0 ? {} : { uplinks: named }
}

/** A plan has further tunnels between two sites over further uplinks only. */
function alike(apart: readonly JoinedTunnel[]): LeftOut[] {
  return apart.map(({ here: { site, tunnel } }) => ({
    what: `tunnel ${tunnel.name}, beside another one to the same peer: no text shows an uplink of its own (the addresses of interfaces)`,
    count: 1,
    file: site.device.file ?? site.name,
    ...lineOf(tunnel),
  }))
}

/** GRE and the like over IPsec. */
function betweenGateways(all: readonly JoinedTunnel[]): LeftOut[] {
  const left = all.filter(({ carries }) => !carries)
  const [first] = left
  if (!first) return []
  const { site, tunnel } = first.here
  return [
    {
      what: 'tunnels for what the gateways themselves say to each other (GRE and the like)',
      count: left.length,
      file: site.device.file ?? site.name,
      ...lineOf(tunnel),
    },
  ]
}

function networkOf(
  parts: ReadonlyMap<string, Part>,
  tunnels: readonly RankedTunnel[],
  transits: readonly ShownTransit[],
): { readonly network: Written; readonly reasons: readonly Reason[] } {
  const gateways = new Map<string, WrittenGateway>(
    [...parts].flatMap(([name, { site }]) => (site.gateway ? [[name, site.gateway]] : [])),
  )
  const written = [
    ...tunnels.map((tunnel) => writtenTunnel(tunnel, gateways)),
    ...transits.map(({ sites, through }) => ({ sites: [...sites], through })),
  ]
  const named = [...parts].map(([name, { site }]) => [name, site] as const)
  const own = ownSpace(named.flatMap(([, { subnets }]) => subnets))
  const bare: Written = {
    ...(own.length > 0 ? { own } : {}),
    sites: Object.fromEntries(named),
    ...(written.length > 0 ? { tunnels: written } : {}),
  }
  const network = withMtus(bare, tunnels)
  const handedOn = transits.map(
    ({ through, hub: { site, tunnel } }, index): Reason => ({
      path: ['tunnels', tunnels.length + index],
      text: `${through} forwards what they say to each other`,
      file: site.device.file ?? site.name,
      ...lineOf(tunnel),
    }),
  )
  const reasons = tunnels.map(
    ({ here: { site, tunnel } }, index): Reason => ({
      path: ['tunnels', index],
      text: `${site.name} has it as ${tunnel.name}`,
      file: site.device.file ?? site.name,
      ...lineOf(tunnel),
    }),
  )
  return { network, reasons: [...[...parts.values()].flatMap((part) => part.reasons), ...reasons, ...handedOn] }
}

/** Public space that gateways translate to belongs to whoever runs them. */
function ownSpace(subnets: WrittenSite['subnets']): string[] {
  const pins = subnets.flatMap(pinOf)
  const isPublic = (pin: Prefix) => !privateRanges.some(({ prefix }) => prefix.contains(pin))
  return [...new Set(pins.filter(isPublic).map(String))]
}

/** The segment sizes on gateways tell the path MTU that a plan would have made them of. */
function withMtus(network: Written, tunnels: readonly RankedTunnel[]): Written {
  const { value } = normalize({ version: 1, ...network })
  if (!value) return network
  const firsts = tunnels.filter(({ label }) => label === undefined)
  const mtus = pathMtus(firsts, (joined) => {
    const ends = [joined.here.site.name, joined.peer].map((name) => ({
      site: name,
      platform: network.sites[name]?.gateway?.platform ?? 'generic',
    }))
    const [one, other] = ends
    const planned = value.tunnels?.[firsts.indexOf(joined as RankedTunnel)]
    return one && other && planned ? negotiate(planned, [one, other], inPlan([])).algorithms : undefined
  })
  const sites = Object.entries(network.sites).map(([name, site]) => {
    const mtu = mtus.get(name)
    if (mtu === undefined || !site.gateway) return [name, site] as const
    return [name, { ...site, gateway: { ...site.gateway, outside: { ...site.gateway.outside, mtu } } }] as const
  })
  return { ...network, sites: Object.fromEntries(sites) }
}
