import { callableSights, outermost, type Plan, type SiteName } from '@natplan/core'
import { platformModule } from '@natplan/templates'

/**
 * The routes that hosts need where their default route leads elsewhere, as commands; nodes of clusters get theirs from the agent, and machines
 * in a cloud's network have the routes of that network.
 */
export function hostRoutesSection(plan: Plan): string {
  const sites = [...plan.network.sites.values()].filter(
    ({ gateway, kubernetes }) => gateway && !kubernetes && !platformModule(gateway.platform)?.capabilities.cloud,
  )
  const routes = sites.map(({ name }) => routesOf(plan, name)).filter((text) => text !== '')
  if (routes.length === 0) return ''
  return `
## Routes on hosts

A host whose default route leads through the gateway of its site needs none. On other hosts, as root (\`VIA\` is that gateway's address on the side of the
host). Such a route is gone after a restart: add it to the host's permanent settings as well, or to the router that the hosts use.

${routes.join('\n')}`
}

function routesOf(plan: Plan, site: SiteName): string {
  const seen = outermost(callableSights(plan, site).map(({ visible }) => visible))
  if (seen.length === 0) return ''
  const lines = seen.map((prefix) =>
    prefix.family === 4 ? `ip route replace ${prefix} via "$VIA"` : `ip -6 route replace ${prefix} via "$VIA6"`,
  )
  const families = new Set(seen.map(({ family }) => family))
  const gateways = [...(families.has(4) ? ['VIA=GATEWAY'] : []), ...(families.has(6) ? ['VIA6=GATEWAY'] : [])]
  return `- ${site}:\n\n${[...gateways, ...lines].map((line) => `      ${line}\n`).join('')}`
}
