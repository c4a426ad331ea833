import { NatplanError, type NodeRouting, nearest, type Plan, type SiteName } from '@natplan/core'
import { type Mode, manifestText, names } from '@natplan/templates'

/** The manifests of one cluster with a heading that says whose they are. */
export function manifestFile(routing: NodeRouting, mode: Mode): string {
  const { site, kubernetes, lists } = routing
  const about =
    mode === 'run'
      ? `routes of the nodes of ${site}; for no other cluster`
      : `takes the routes off the nodes of ${site}; delete the rest when this has rolled out`
  const watch = rolloutCommands(kubernetes.agent, lists).map((command) => `# ${command}\n`)
  return `# ---- natplan: ${about} ----\n${watch.join('')}---\n${manifestText(routing, { mode })}`
}

/** How to watch each DaemonSet of a cluster; a node that is down would keep the command waiting for ever. */
export function rolloutCommands(
  { namespace }: NodeRouting['kubernetes']['agent'],
  lists: NodeRouting['lists'],
): string[] {
  return lists.map(
    ({ pool }) => `kubectl --namespace ${namespace} rollout status --timeout=15m daemonset/${names.daemonSet(pool)}`,
  )
}

/**
 * The site of that name, which must have a cluster; without a name `undefined`, which stands for all.
 * @throws NatplanError USAGE
 */
export function clusterSite({ network }: Plan, name: string | undefined): SiteName | undefined {
  const known = [...network.sites.values()].filter(({ kubernetes }) => kubernetes).map((site) => site.name)
  if (name === undefined) {
    if (known.length > 0) return undefined
    throw new NatplanError('USAGE', 'the plan has no Kubernetes site', { hint: 'write kubernetes: {} below a site' })
  }
  const found = known.find((site) => site === name)
  if (found) return found
  const near = nearest(name, known)
  throw new NatplanError('USAGE', `the plan has no cluster at a site ${JSON.stringify(name)}`, {
    hint: near ? `did you mean ${near}?` : `sites with a cluster: ${known.join(', ') || 'none'}`,
  })
}
