import type { NodeRouting } from '@natplan/core'
import { rolloutCommands } from './manifest-file.ts'

/** The end of the step about routes, when the plan has clusters. */
export function clusterStep(clusters: readonly NodeRouting[]): string {
  return clusters.length > 0 ? ', and on the workers of each cluster (see below)' : ''
}

/** How to apply, watch and take away the routes of the clusters; nothing when there are none. */
export function clusterSection(clusters: readonly NodeRouting[]): string {
  if (clusters.length === 0) return ''
  return `
## Kubernetes workers

The names are the same in all clusters, so check which cluster \`kubectl\` talks to.

${clusters.map(stepsOf).join('\n')}
A pod is ready exactly when its node has every route, so the rollout ends when every node is right. If only the list changed, no pod
is replaced: nodes follow within about two minutes, and a node that cannot shows as not ready. A node that is down holds up a rollout:
after a quarter of an hour the command says so. Deleting only the manifests leaves the routes on the nodes; remove them first:

${clusters.map(removalOf).join('\n')}`
}

function stepsOf({ site, kubernetes, lists }: NodeRouting): string {
  const commands = [
    `kubectl apply --server-side --force-conflicts -f ${site}/kubernetes.yaml`,
    ...rolloutCommands(kubernetes.agent, lists),
  ]
  return `- ${site}:\n\n${block(commands)}`
}

function removalOf({ site, kubernetes, lists }: NodeRouting): string {
  const commands = [
    `kubectl apply --server-side --force-conflicts -f ${site}/kubernetes-remove.yaml`,
    ...rolloutCommands(kubernetes.agent, lists),
    `kubectl delete -f ${site}/kubernetes.yaml`,
  ]
  return `- ${site}:\n\n${block(commands)}`
}

function block(commands: readonly string[]): string {
  return commands.map((command) => `      ${command}\n`).join('')
}
