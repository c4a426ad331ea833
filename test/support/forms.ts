import { abilities } from '@natplan/core'
import * as fc from 'fast-check'
import type { Written } from './policies.ts'

type Site = Written['sites'][string]
type Tunnel = NonNullable<Written['tunnels']>[number]
export type Form = Pick<Tunnel, 'mode' | 'selectors' | 'link' | 'translateAt'>

/** An end of a tunnel, as a plan has it. */
export interface End {
  readonly name: string
  readonly site: Site
}

/** The forms that a tunnel can have between two sites; `index` tells the links of tunnels apart. */
export function formsBetween(one: End, other: End, index: number): fc.Arbitrary<Form> {
  const ends = [one, other]
  const able = ends.flatMap(({ site }) => (site.gateway?.platform ? abilities[site.gateway.platform] : []))
  const hasIpv6 = ends.every(({ site }) => site.subnets.some(isOfIpv6))
  const takes = (what: 'any' | 'narrow') => able.every(({ routed }) => routed?.takes.includes(what))
  const takesAll = able.every(({ routed, ikeVersions }) => routed?.any !== 'ipv4' && ikeVersions.some(isTwo))
  const isFixed = ends.every(({ site }) => Object.values(site.gateway?.outside ?? {}).every(isNoOpenAddress))
  const takesEnds = isFixed || able.every(({ routed }) => !routed?.needsAddresses)
  const route = { mode: 'route' } as const
  const wide = [
    route,
    { ...route, link: `169.254.10.${4 * index}/30` },
    { ...route, link: `169.254.20.${2 * index}/31` },
  ]
  return fc.constantFrom<Form>(
    {},
    ...(takes('any') && takesEnds && (takesAll || !hasIpv6) ? wide : []),
    ...(takes('narrow') ? [{ ...route, selectors: 'narrow' } as const] : []),
    ...ends.flatMap(({ name }, at) => (able[at]?.translates === 'domain' && !hasIpv6 ? [{ translateAt: name }] : [])),
  )
}

function isOfIpv6(subnet: Site['subnets'][number]): boolean {
  return (typeof subnet === 'string' ? subnet : subnet.prefix).includes(':')
}

function isNoOpenAddress(value: unknown): boolean {
  return value !== 'dynamic' && typeof value !== 'object'
}

function isTwo(version: 1 | 2): boolean {
  return version === 2
}
