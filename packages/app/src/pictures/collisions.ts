import type { Occupied, Overlap, Subnet } from '@natplan/core'
import { count } from '../text/count.ts'

/** With whom each subnet collides where a tunnel brings the two together, in words. */
export function collisionsOf(overlaps: readonly Overlap[]): (subnet: Subnet) => string | undefined {
  const texts = new Map<string, string>()
  for (const { inner, outer, effect } of overlaps) {
    if (effect === 'none') continue
    for (const user of inner.users) note(texts, user, outer.users)
    if (outer !== inner) for (const user of outer.users) note(texts, user, inner.users)
  }
  return ({ site, prefix }) => texts.get(keyOf(site, prefix))
}

function note(texts: Map<string, string>, { site, prefix, kind }: Occupied, users: readonly Occupied[]): void {
  const key = keyOf(site, prefix)
  if (kind !== 'subnet' || texts.has(key)) return
  const other = users.find((user) => user.site !== site)
  if (!other) return
  const more = users.length - 2
  texts.set(key, more > 0 ? `collides with ${other.site} and ${count(more, 'other')}` : `collides with ${other.site}`)
}

function keyOf(site: string, prefix: Subnet['prefix']): string {
  return `${site} ${prefix}`
}
