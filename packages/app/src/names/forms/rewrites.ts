import { type Plan, Prefix, type Sight, type SiteName, sightsOf } from '@natplan/core'
import type { NamesOf } from './form.ts'

/** Answers of a peer's own servers in which a whole prefix becomes what the site calls it. */
export interface Rewrite {
  readonly domain: string
  readonly real: Prefix
  readonly visible: Prefix
  readonly mask: string
}

/**
 * What a server may change in every answer that it gets: prefixes of sites with a domain of their own, unless the addresses mean something
 * else at the site, or for two of its peers. Those are told in `left`.
 */
export function rewrites({ plan, site }: NamesOf): { readonly lines: readonly Rewrite[]; readonly left: string[] } {
  const sights = sightsOf(plan, site)
  const wanted = sights.flatMap((sight) => {
    const domain = plan.network.sites.get(sight.peer)?.domain
    return domain !== undefined && isRenamed(sight) ? [{ domain, sight }] : []
  })
  const lines: Rewrite[] = []
  const left: string[] = []
  for (const { domain, sight } of wanted) {
    const { prefix } = sight.subnet
    const other = otherUse(plan, site, { sight, sights })
    if (other === undefined) lines.push({ domain, real: prefix, visible: sight.visible, mask: maskOf(prefix) })
    else
      left.push(`answers for ${domain} with addresses of ${prefix} are not changed as a whole: ${other} has them too`)
  }
  return { lines, left }
}

function isRenamed({ subnet, visible }: Sight): boolean {
  return subnet.prefix.family === 4 && subnet.prefix.length === visible.length && !subnet.prefix.equals(visible)
}

/** Whose the real addresses of a sight may be as well, in answers that come to the site. */
function otherUse(
  { network }: Plan,
  at: SiteName,
  { sight, sights }: { readonly sight: Sight; readonly sights: readonly Sight[] },
): string | undefined {
  const meets = (prefix: Prefix) => prefix.overlaps(sight.subnet.prefix)
  const { subnets = [], reserved = [] } = network.sites.get(at) ?? {}
  if ([...subnets, ...reserved].some(({ prefix }) => meets(prefix))) return at
  const other = sights.find(
    ({ peer, subnet, visible }) =>
      subnet !== sight.subnet &&
      (meets(visible) || (isRenamed({ ...sight, subnet, visible }) && meets(subnet.prefix) && peer !== sight.peer)),
  )
  return other?.peer
}

function maskOf({ length }: Prefix): string {
  return String(Prefix.fromBits(length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0, 32).first)
}
