import type * as z from 'zod/mini'
import type { Path } from '../finding.ts'
import { filled, hasNames } from './fill-names.ts'
import type { Partly, Unread } from './partly.ts'
import { definitionOf, inside, shapeOf } from './schema-types.ts'
import { planSchema } from './schemas.ts'
import type { WrittenNetwork, WrittenPlan } from './written.ts'

/** A plan with its defaults written out. */
export interface FilledPlan {
  readonly value: Partly<WrittenNetwork>
  /** Where a place of `value` is in the plan. */
  readonly origin: (path: Path) => Path
}

type Plan = Partly<WrittenPlan>
type Defaults = NonNullable<Plan['defaults']>
type Site = NonNullable<NonNullable<Plan['sites']>[string]>
type Tunnel = NonNullable<NonNullable<Plan['tunnels']>[number]>
type Mapping = Readonly<Record<string, unknown>>

/** Reports whether a parsed plan file has anything to write out. */
export function hasDefaults(data: unknown): boolean {
  if (!isMapping(data)) return false
  const { defaults, sites, tunnels } = data
  return defaults !== undefined || hasNames(tunnels) || (isMapping(sites) && Object.values(sites).some(hasNames))
}

/**
 * Writes the defaults of a plan out, and the names that stand in braces. What a site or a tunnel writes itself goes before a default: mappings are
 * joined key by key, all else is replaced, and a key without a value takes no default. `unread` gets the places that may lack one.
 */
export function withDefaults(plan: Plan, unread: Unread): FilledPlan {
  const { defaults = {}, sites, tunnels, ...rest } = plan
  const filling = { defaults, unread }
  const value = {
    ...rest,
    ...(sites ? { sites: sitesWith(sites, filling) } : {}),
    ...(tunnels ? { tunnels: tunnels.map((tunnel, index) => tunnel && tunnelWith(tunnel, index, filling)) } : {}),
  }
  const users = usersOf(plan)
  const unreadHere = unread.copy()
  for (const path of unread.below(['defaults'])) for (const user of users) markUnread(path, user, unread)
  const origin = (path: Path) => (unreadHere.covers(path) ? path : originOf(path, plan))
  return { value: value as Partly<WrittenNetwork>, origin }
}

interface Filling {
  readonly defaults: Defaults
  readonly unread: Unread
}

const siteParts = ['gateway', 'kubernetes'] as const

function sitesWith(sites: NonNullable<Plan['sites']>, filling: Filling): Mapping {
  const entries = Object.entries(sites).flatMap(([name, site]) => (site ? [[name, siteWith(name, site, filling)]] : []))
  return Object.fromEntries(entries)
}

function siteWith(name: string, site: Site, { defaults, unread }: Filling): Mapping {
  const parts = siteParts.flatMap((part) => {
    const path = ['sites', name, part]
    if (unread.covers(path) || !hasPart(site, part, defaults)) return []
    return [[part, filled(joined({ type: typeOf(part), path, unread }, defaults[part], site[part]), { site: name })]]
  })
  return { ...site, ...Object.fromEntries(parts) }
}

/** A site without a gateway has that of the defaults when they say where it is called; nodes are only where a site says so. */
function hasPart(site: Site, part: (typeof siteParts)[number], { gateway }: Defaults): boolean {
  return site[part] !== undefined || (part === 'gateway' && (gateway?.outside?.address ?? undefined) !== undefined)
}

function tunnelWith(tunnel: Tunnel, index: number, { defaults, unread }: Filling): Mapping {
  const names = namesOf(tunnel)
  const at = { type: typeOf('tunnel'), path: ['tunnels', index], unread }
  const { sites, authentication, ...rest } = joined(at, defaultsFor(tunnel, defaults.tunnel), tunnel) as Mapping
  const certificates = certificatesOf(authentication, names)
  const values = filled({ ...rest, ...(certificates === undefined ? {} : { authentication: certificates }) }, names)
  return { ...(sites === undefined ? {} : { sites }), ...(values as Mapping) }
}

interface Ends {
  readonly site: string | undefined
  readonly peer: string | undefined
}

function namesOf({ sites }: Tunnel): Ends {
  const [site, peer] = typeof sites === 'object' ? sites : []
  return { site, peer }
}

/** Sites that talk over a third one have no tunnel of their own; and a tunnel has either a key or certificates. */
function defaultsFor(tunnel: Tunnel, defaults: Defaults['tunnel'] = {}): Mapping {
  if (tunnel.through !== undefined) return {}
  if (tunnel.preSharedKey === undefined && tunnel.authentication === undefined) return defaults
  const { preSharedKey, authentication, ...others } = defaults
  return others
}

/** Each gateway has a certificate of its own, so that a name in braces is filled in at each end with that end as the site. */
function certificatesOf(written: unknown, { site, peer }: Ends): unknown {
  if (site === undefined || peer === undefined || !areShared(written) || !hasNames(written)) return written
  return { [site]: filled(written, { site, peer }), [peer]: filled(written, { site: peer, peer: site }) }
}

function areShared(certificates: unknown): boolean {
  return isMapping(certificates) && ['certificate', 'ca'].some((key) => typeof certificates[key] === 'string')
}

type Type = z.core.$ZodType | undefined

type Kind = 'gateway' | 'kubernetes' | 'tunnel'

function typeOf(kind: Kind): Type {
  return typeBelow(typeBelow(planSchema(), 'defaults'), kind)
}

function typeBelow(type: Type, step: string | number): Type {
  const bare = withoutOptional(type)
  return bare && inside(bare, step)[0]
}

function withoutOptional(type: Type): Type {
  const inner = type && definitionOf(type).innerType
  return inner ? withoutOptional(inner) : type
}

/** Reports whether two values of a type are put together key by key: not where it has several forms, which exclude each other. */
function isJoined(type: Type): boolean {
  const bare = withoutOptional(type)
  return bare !== undefined && ['object', 'record'].includes(definitionOf(bare).type)
}

interface At {
  readonly type: Type
  readonly path: Path
  readonly unread: Unread
}

function joined({ type, path, unread }: At, base: unknown, own: unknown): unknown {
  if (own === null || unread.covers(path)) return own ?? undefined
  if (!isJoined(type) || !isMapping(own ?? base)) return own ?? base ?? undefined
  const [under, over] = [asMapping(base), asMapping(own)]
  const keys = new Set([...Object.keys(over), ...Object.keys(under)])
  const values = [...keys].map((key) => {
    const below = { type: typeBelow(type, key), path: [...path, key], unread }
    return [key, joined(below, under[key], over[key])] as const
  })
  return Object.fromEntries(values.filter(([, value]) => value !== undefined))
}

/** Something that has defaults: its place, and what it writes itself. */
interface User {
  readonly kind: Kind
  readonly path: Path
  readonly own: unknown
}

function usersOf({ sites = {}, tunnels = [] }: Plan): User[] {
  const parts = Object.entries(sites).flatMap(([name, site]) =>
    siteParts.map((kind) => ({ kind, path: ['sites', name, kind], own: site?.[kind] })),
  )
  return [...parts, ...tunnels.map((own, index) => ({ kind: 'tunnel' as const, path: ['tunnels', index], own }))]
}

/** Where a default could not be read, nobody knows what a site has that does not write it itself. */
function markUnread([, kind, ...rest]: Path, user: User, unread: Unread): void {
  if (kind !== undefined && kind !== user.kind) return
  const type = rest.reduce<Type>(typeBelow, typeOf(user.kind))
  markMissing(type, valueAt(user.own, rest), { path: [...user.path, ...rest], unread })
}

function markMissing(type: Type, own: unknown, { path, unread }: Omit<At, 'type'>): void {
  if (own === undefined) unread.add(path)
  const bare = withoutOptional(type)
  if (!bare || !isJoined(type) || !isMapping(own)) return
  for (const key of Object.keys(shapeOf(bare))) {
    markMissing(typeBelow(type, key), own[key], { path: [...path, key], unread })
  }
}

function originOf(path: Path, plan: Plan): Path {
  const [top, name = '', part, ...rest] = path
  if (top === 'tunnels' && part !== undefined) {
    const own = plan.tunnels?.[Number(name)]
    return ownOrDefault(path, { kind: 'tunnel', own, steps: inSharedForm([part, ...rest], own, plan) }, plan)
  }
  const kind = siteParts.find((one) => one === part)
  if (top !== 'sites' || !kind || rest.length === 0) return path
  return ownOrDefault(path, { kind, own: plan.sites?.[name]?.[kind], steps: rest }, plan)
}

/** Certificates that were written once for both ends are not by site there. */
function inSharedForm(steps: Path, own: Tunnel | undefined, { defaults }: Plan): Path {
  const [key, , ...rest] = steps
  if (key !== 'authentication') return steps
  return areShared(own?.authentication ?? defaults?.tunnel?.authentication) && rest.length > 0 ? [key, ...rest] : steps
}

/** The place in what somebody writes himself, as far as it leads there; else that in the defaults. */
function ownOrDefault(
  path: Path,
  { kind, own, steps }: { readonly kind: User['kind']; readonly own: unknown; readonly steps: Path },
  { defaults }: Plan,
): Path {
  const start = path.slice(0, kind === 'tunnel' ? 2 : 3)
  let type: Type = typeOf(kind)
  let value = own
  for (const step of steps) {
    const inner = isMapping(value) ? value[step] : undefined
    if (inner === undefined && isJoined(type)) {
      return valueAt(defaults?.[kind], steps) === undefined ? [...start, ...steps] : ['defaults', kind, ...steps]
    }
    if (!isJoined(type)) break
    value = inner
    type = typeBelow(type, step)
  }
  return [...start, ...steps]
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, step) => (isMapping(at) || Array.isArray(at) ? (at as Mapping)[step] : undefined),
    value,
  )
}

function asMapping(value: unknown): Mapping {
  return isMapping(value) ? value : {}
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
