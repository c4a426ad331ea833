import {
  findingOf,
  inInput,
  interfaceKey,
  type Lock,
  numberKey,
  PrefixSet,
  type WrittenSite,
  type WrittenTunnel,
} from '@natplan/core'
import { namesText } from '../text/count.ts'
import type { Imported, Reason } from './imported.ts'
import { namesOf } from './names-of.ts'

/**
 * The parts of an import, in which a site that one knows by the address of its gateway alone has the name of the site whose gateway has that
 * address in another. That one says which subnets it has; what the first one calls it by, and nothing of it is, is told.
 */
export function withPeersKnown(parts: readonly Imported[]): readonly Imported[] {
  const owners = new Map(parts.flatMap(ownersIn))
  return parts.map((part) => {
    return (part.ends ?? []).reduce((sofar, { site, address, isMadeUp }) => {
      const owner = owners.get(address)
      const isKnown = owner && (isMadeUp || part.network.sites[site]?.gateway === undefined)
      return isKnown ? renamed(sofar, site, { owner, owners, isMadeUp: isMadeUp === true }) : sofar
    }, part)
  })
}

interface Owner {
  readonly name: string
  readonly site: WrittenSite
  /** The uplink that has the address; `undefined` for the first one. */
  readonly uplink: string | undefined
}

function ownersIn({ network, ends = [] }: Imported): (readonly [string, Owner])[] {
  const madeUp = new Set(ends.filter((end) => end.isMadeUp).map(({ site }) => site))
  return Object.entries(network.sites).flatMap(([name, site]) => (madeUp.has(name) ? [] : addressesOf(name, site)))
}

function addressesOf(name: string, site: WrittenSite): (readonly [string, Owner])[] {
  const { outside, uplinks = {} } = site.gateway ?? {}
  const ends = [[undefined, outside] as const, ...Object.entries(uplinks)]
  return ends.flatMap(([uplink, end]) =>
    [end?.publicAddress, end?.address]
      .filter((one) => typeof one === 'string')
      .map((address) => [address, { name, site, uplink }] as const),
  )
}

interface Known {
  readonly owner: Owner
  readonly owners: ReadonlyMap<string, Owner>
  readonly isMadeUp: boolean
}

function renamed(part: Imported, from: string, { owner, owners, isMadeUp }: Known): Imported {
  const old = part.network.sites[from]
  if (!old) return part
  const { name, site, uplink } = owner
  const saysSubnets = site.subnets.length > 0
  const sites = Object.entries(part.network.sites).map(([key, one]) => {
    if (key !== from) return [key, one] as const
    const { gateway, ...others } = one
    const kept = gateway && !isMadeUp ? { ...others, gateway } : others
    return [name, saysSubnets ? { ...kept, subnets: [] } : kept] as const
  })
  const uplinks = new Map<string | undefined, string | undefined>([[undefined, uplink]])
  for (const [label, { address }] of Object.entries(old.gateway?.uplinks ?? {}))
    if (typeof address === 'string') uplinks.set(label, owners.get(address)?.uplink ?? label)
  const { tunnels } = part.network
  const joins = { from, name, uplinks }
  return {
    ...part,
    network: {
      ...part.network,
      sites: Object.fromEntries(sites),
      ...(tunnels ? { tunnels: tunnels.map((tunnel) => joining(tunnel, joins)) } : {}),
    },
    ...(part.lock ? { lock: lockWith(part.lock, joins) } : {}),
    reasons: part.reasons.flatMap((reason) => reasonOf(reason, { from, name, saysSubnets, isMadeUp })),
    findings: saysSubnets
      ? [...part.findings.filter(({ about }) => about?.site !== from), ...strangers(part, from, owner)]
      : part.findings,
  }
}

interface Joins {
  readonly from: string
  readonly name: string
  /** The uplinks of the site that was `from`, by the name that it had there; `undefined` for its first way. */
  readonly uplinks: ReadonlyMap<string | undefined, string | undefined>
}

function joining(tunnel: WrittenTunnel, { from, name, uplinks }: Joins): WrittenTunnel {
  if (typeof tunnel.sites === 'string' || !tunnel.sites.includes(from)) return tunnel
  const { [from]: before, ...others } = tunnel.uplinks ?? {}
  const uplink = uplinks.get(before)
  const named = { ...others, ...(uplink === undefined ? {} : { [name]: uplink }) }
  const { uplinks: _, ...rest } = tunnel
  return {
    ...rest,
    sites: tunnel.sites.map((site) => (site === from ? name : site)),
    ...(Object.keys(named).length > 0 ? { uplinks: named } : {}),
  }
}

/** The lock calls tunnels by the peer and the uplink as well. */
function lockWith(lock: Lock, { from, name, uplinks }: Joins): Lock {
  const moved = <T extends { readonly peer: string; readonly uplink?: string }>(one: T): T => {
    if (one.peer !== from) return one
    const { uplink: before, ...rest } = one
    const uplink = uplinks.get(before)
    return { ...rest, peer: name, ...(uplink === undefined ? {} : { uplink }) } as T
  }
  const numbers = [...lock.numbers.values()].map(moved)
  const interfaces = [...lock.interfaces.values()].map(moved)
  return {
    ...lock,
    numbers: new Map(numbers.map((one) => [numberKey(one), one])),
    interfaces: new Map(interfaces.map((one) => [interfaceKey(one), one])),
  }
}

function reasonOf(
  reason: Reason,
  {
    from,
    name,
    saysSubnets,
    isMadeUp,
  }: { readonly from: string; readonly name: string; readonly saysSubnets: boolean; readonly isMadeUp: boolean },
): Reason[] {
  const [top, site, key] = reason.path
  if (top !== 'sites' || site !== from) return [reason]
  const isGone = (key === 'subnets' && saysSubnets) || (key === 'gateway' && isMadeUp)
  return isGone ? [] : [{ ...reason, path: ['sites', name, ...reason.path.slice(2)] }]
}

/** What the part calls the site by, and the site itself does not know. */
function strangers(part: Imported, from: string, { name, site }: Owner) {
  const known = PrefixSet.of(namesOf(site))
  const unknown = namesOf(part.network.sites[from] ?? { subnets: [] }).filter((prefix) => !known.contains(prefix))
  if (unknown.length === 0) return []
  const reason = part.reasons.find(({ path }) => path[0] === 'sites' && path[1] === from && path[2] === 'subnets')
  const place = reason ? { ...inInput(reason.line), file: reason.file } : inInput()
  const message = `${name}: its peer calls it by ${namesText(unknown.map(String))}, and none of its subnets is that or translated to it`
  const hint = 'write translateTo with the subnet that it stands for, or add it to the subnets'
  return [findingOf('IMPORT_INCOMPLETE', place, { message, hint })]
}
