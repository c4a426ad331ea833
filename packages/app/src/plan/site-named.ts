import { NatplanError, type Network, nearest, type SiteName } from '@natplan/core'
import { namesText } from '../text/count.ts'

/**
 * The site of that name, with or without a gateway.
 * @throws NatplanError USAGE
 */
export function siteNamed({ sites }: Network, name: string): SiteName {
  const known = [...sites.keys()]
  const found = known.find((site) => site === name)
  if (found) return found
  const near = nearest(name, known)
  throw new NatplanError('USAGE', `the plan has no site ${JSON.stringify(name)}`, {
    hint: near ? `did you mean ${near}?` : `sites: ${namesText(known)}`,
  })
}
