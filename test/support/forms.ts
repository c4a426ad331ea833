import { abilities, type Platform } from '@natplan/core'
import * as fc from 'fast-check'
import type { Written } from './policies.ts'
import { routers } from './routers.ts'

type Site = Written['sites'][string]
type Tunnel = NonNullable<Written['tunnels']>[number]
type Form = Pick<Tunnel, 'mode' | 'selectors' | 'link' | 'translateAt'>

/** An end of a tunnel, as a plan has it. */
export interface End {
  readonly name: string
  readonly site: Site
}

/** The forms that a tunnel can have between two sites; `index` tells the links of tunnels apart. */
export function formsBetween(one: End, other: End, index: number): fc.Arbitrary<Form> {
  const ends = [one, other].map((end) => ({ ...end, platform: platformOf(end.site) }))
  const platforms = ends.flatMap(({ platform }) => platform ?? [])
  const takes = (what: 'any' | 'narrow') =>
    platforms.every((platform) => abilities[platform].routed?.takes.includes(what))
  const route = { mode: 'route' } as const
  const forms: Form[] = [
    {},
    ...(takes('any') &&
    carriesAll(
      ends.map(({ site }) => site),
      platforms,
    )
      ? [route, { ...route, link: `169.254.10.${4 * index}/30` }, { ...route, link: `169.254.20.${2 * index}/31` }]
      : []),
    ...(takes('narrow') ? [{ ...route, selectors: 'narrow' } as const] : []),
    ...ends.flatMap(({ name, platform }) =>
      platform && abilities[platform].translates === 'domain' ? [{ translateAt: name }] : [],
    ),
  ]
  return fc.constantFrom(...forms)
}

function platformOf({ gateway }: Site): Platform | undefined {
  return gateway?.platform
}

/** A tunnel that takes everything may have no IPv6. */
function carriesAll(sites: readonly Site[], platforms: readonly Platform[]): boolean {
  const hasIpv6 = sites.every(({ subnets }) =>
    subnets.some((one) => (typeof one === 'string' ? one : one.prefix).includes(':')),
  )
  return (
    !hasIpv6 ||
    platforms.every(
      (platform) =>
        abilities[platform].routed?.family6 === true &&
        abilities[platform].ikeVersions.some((version) => version === 2),
    )
  )
}

/** The platforms whose configurations hold such forms. */
export const formable: readonly Platform[] = routers.map(({ platform }) => platform)
