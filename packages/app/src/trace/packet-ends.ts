import {
  Address,
  callNameOf,
  hostFace,
  NatplanError,
  nearest,
  type Plan,
  parseSiteName,
  sitesWith,
  type World,
  type WorldSite,
} from '@natplan/core'
import { hostNamed } from '../plan/find-hosts.ts'
import type { WrittenPacket } from './packet-request.ts'

/** Where a packet is to be sent; with a plan, hosts may stand for their addresses. */
export interface PacketWorld {
  readonly world: World
  readonly plan: Plan | undefined
  /** Gateways are as they were shown, and not as the plan has them. */
  readonly isShown: boolean
}

/** An address that the source's site calls, with the port there where only some ports lead on. */
export interface Target {
  readonly address: Address
  readonly port?: number
}

/** Real addresses of one host. */
interface Found {
  readonly site: WorldSite
  readonly addresses: readonly Address[]
}

export function sourceOf(within: PacketWorld, text: string): Found {
  const { world } = within
  const { name, rest } = splitSite(world, text)
  if (isName(within, rest)) return foundHost(within, text)
  const address = Address.parse(rest)
  return { site: name === undefined ? onlySiteWith(world, address) : siteNamed(world, name), addresses: [address] }
}

function onlySiteWith(world: World, address: Address): WorldSite {
  const sites = sitesWith(world, address)
  const [site] = sites
  if (site && sites.length === 1) return site
  const names = sites.length > 0 ? sites.map((one) => one.name) : [...world.sites.keys()]
  throw new NatplanError('USAGE', sites.length > 1 ? `several sites have ${address}` : `no site has ${address}`, {
    hint: `say whose it is: ${names
      .slice(0, 3)
      .map((one) => `${one}:${address}`)
      .join(' or ')}`,
  })
}

/** All addresses by which the destination may be called; one at least. */
export function targetsOf(
  within: PacketWorld,
  from: WorldSite,
  { destination, proto }: Pick<WrittenPacket, 'destination' | 'proto'>,
): Target[] {
  const { name, rest } = splitSite(within.world, destination)
  if (isName(within, rest)) return calledBy(within, from, { ...foundHost(within, destination), proto })
  const address = Address.parse(rest)
  if (name === undefined) return [{ address }]
  return calledBy(within, from, { site: siteNamed(within.world, name), addresses: [address], proto })
}

function calledBy(within: PacketWorld, from: WorldSite, host: Found & { readonly proto: string }): Target[] {
  const { site, addresses, proto } = host
  const targets = addresses.flatMap((real) =>
    site === from ? { address: real } : (calledAddress(within, from, { site, real, proto }) ?? []),
  )
  if (targets.length > 0) return targets
  throw new NatplanError('USAGE', `no tunnel of ${from.name} carries ${addresses[0]} of ${site.name}`, {
    hint: 'give the address as the source site calls it to see how far the packet gets',
  })
}

interface Wanted {
  readonly site: WorldSite
  readonly real: Address
  readonly proto: string
}

/** As the plan has it, or else as the gateways do; a host that hides is called at the port that leads to it. */
function calledAddress({ world, plan, isShown }: PacketWorld, from: WorldSite, wanted: Wanted): Target | undefined {
  const { site, real, proto } = wanted
  const face = plan && hostFace(plan, { site: parseSiteName(site.name), address: real }, parseSiteName(from.name))
  if (face?.kind === 'called' && !isShown) return { address: face.address }
  const address = callNameOf(world, from, { site, real })
  if (face?.kind !== 'forwarded') return address && { address }
  const forward = face.forwards.find(({ protocol }) => protocol === proto.toLowerCase())
  return { address: address ?? face.address, ...(forward ? { port: forward.port } : {}) }
}

function isName({ plan }: PacketWorld, text: string): boolean {
  return plan !== undefined && /^[\w.-]*[a-z][\w.-]*$/i.test(text)
}

function foundHost({ world, plan }: PacketWorld, text: string): Found {
  if (!plan) throw new Error('without a plan no host has a name')
  const { site, host } = hostNamed(plan.network, text)
  return { site: siteNamed(world, site), addresses: host.addresses }
}

/**
 * An IPv6 address holds colons itself, and a site may be called `a` or `cafe`: what stands before the first colon is a site where there is
 * one of that name and an address follows, and where the whole is no address.
 */
function splitSite(world: World, text: string): { readonly name: string | undefined; readonly rest: string } {
  const at = text.indexOf(':')
  const [name, rest] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)]
  const isSite = world.sites.has(name) && Address.tryParse(rest) !== undefined
  if (at < 0 || (!isSite && Address.tryParse(text))) return { name: undefined, rest: text }
  return { name, rest }
}

function siteNamed(world: World, name: string): WorldSite {
  const site = world.sites.get(name)
  if (site) return site
  const near = nearest(name, [...world.sites.keys()])
  throw new NatplanError('USAGE', `there is no gateway of a site ${JSON.stringify(name)}`, {
    hint: near ? `did you mean ${near}?` : `sites with a gateway: ${[...world.sites.keys()].join(', ') || 'none'}`,
  })
}
