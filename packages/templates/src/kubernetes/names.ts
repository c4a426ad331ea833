import type { NodePool } from '@natplan/core'
import { agentScript } from './agent/script.generated.ts'

/** The version of the agent is its script. */
export const agentVersion = agentScript.sha256.slice(0, 12)

/**
 * Names in the cluster. DaemonSet and list carry the name of their pool; all else is there once. Each version of the script has a
 * ConfigMap of its own, so that a pod keeps the script that it was made with, until the rollout replaces it.
 */
export const names = {
  app: 'add-static-route',
  serviceAccount: 'route-agent',
  agent: `route-agent-${agentVersion}`,
  quota: 'route-agent-priority',
  container: 'route-agent',
  daemonSet: (pool: NodePool) => ofPool('add-static-route', pool),
  routes: (pool: NodePool) => ofPool('static-routes', pool),
} as const

function ofPool(name: string, pool: NodePool): string {
  return pool.name === undefined ? name : `${name}-${pool.name}`
}

/** The keys of the two ConfigMaps. */
export const keys = { routes: 'routes', agent: 'route-agent.sh' } as const

/** Where the agent's container has what. */
export const paths = {
  routes: '/etc/natplan/routes',
  agent: '/etc/natplan/agent',
  state: '/run/natplan',
} as const
