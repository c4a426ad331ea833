import { NatplanError, nearest, type Plan, type SiteName } from '@natplan/core'

/** The site of that name, which must have a gateway. */
export function gatewaySite({ network }: Plan, name: string): SiteName {
  const withGateway = [...network.sites.values()].filter(({ gateway }) => gateway).map((site) => site.name)
  const found = withGateway.find((site) => site === name)
  if (found) return found
  const near = nearest(name, withGateway)
  throw new NatplanError('USAGE', `the plan has no gateway of a site ${JSON.stringify(name)}`, {
    hint: near ? `did you mean ${near}?` : `sites with a gateway: ${withGateway.join(', ') || 'none'}`,
  })
}
