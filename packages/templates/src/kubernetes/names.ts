import type { NodePool } from '@natplan/core'

/** Names in the cluster. DaemonSet and list carry the name of their pool; all else is there once. */
export const names = {
  app: 'add-static-route',
  serviceAccount: 'route-agent',
  agent: 'route-agent',
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
