import { agentLimits, type NodePool, type NodeRouteList, type NodeRouting } from '@natplan/core'
import type { DaemonSet } from 'kubernetes-types/apps/v1.js'
import type { Container, PodSpec, Probe, Volume } from 'kubernetes-types/core/v1.js'
import { agentScript } from './agent/script.generated.ts'
import { agentVersion, keys, names, paths } from './names.ts'
import { annotations, labels } from './objects.ts'

/** run: keep the routes. cleanup: remove them and be ready, so that a rollout shows when all nodes are clean. */
export type Mode = 'run' | 'cleanup'

/** Readable for a root without DAC_OVERRIDE: 0444. */
const readable = 0o444

/** Seconds; a node's routes count as settled after one more look, but nobody waits longer than this for a node. */
const longestSettling = 60

/** One pod on each node of a pool. */
export function daemonSetObject(routing: NodeRouting, { pool }: NodeRouteList, mode: Mode) {
  const { namespace, interval, maxUnavailable } = routing.kubernetes.agent
  const name = names.daemonSet(pool)
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: {
      name,
      namespace,
      // No version: `rollout undo` brings the one of the pods back and leaves these labels as they are.
      labels: labels({ instance: name }),
      annotations: annotations(routing),
    },
    spec: {
      // Selectors cannot be changed later, so they hold only what never changes.
      selector: { matchLabels: { 'app.kubernetes.io/name': names.app, 'app.kubernetes.io/instance': name } },
      // Two agents on one node would take each other's routes for their own. Routes stay while a pod is replaced.
      // What takes routes off waits for no node that is down: all nodes at once.
      updateStrategy: {
        type: 'RollingUpdate',
        rollingUpdate: { maxUnavailable: mode === 'cleanup' ? '100%' : maxUnavailable, maxSurge: 0 },
      },
      minReadySeconds: Math.min(interval, longestSettling),
      revisionHistoryLimit: 3,
      template: {
        metadata: {
          labels: labels({ instance: name, version: agentVersion }),
          annotations: { 'natplan/script-sha256': agentScript.sha256 },
        },
        spec: podSpec(routing, pool, mode),
      },
    },
  } satisfies DaemonSet
}

function podSpec(routing: NodeRouting, pool: NodePool, mode: Mode) {
  const { priorityClassName } = routing.kubernetes.agent
  return {
    serviceAccountName: names.serviceAccount,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    hostNetwork: true,
    dnsPolicy: 'Default',
    terminationGracePeriodSeconds: 10,
    ...(priorityClassName === undefined ? {} : { priorityClassName }),
    nodeSelector: { ...pool.nodeSelector, 'kubernetes.io/os': 'linux' },
    ...(pool.tolerations.length > 0 ? { tolerations: pool.tolerations.map((one) => ({ ...one })) } : {}),
    securityContext: { runAsUser: 0, runAsGroup: 0, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [container(routing, pool, mode)],
    volumes: volumes(pool),
  } satisfies PodSpec
}

function container(routing: NodeRouting, pool: NodePool, mode: Mode) {
  const { image, interval, resources } = routing.kubernetes.agent
  const run = (command: string) => ['/bin/sh', `${paths.agent}/${keys.agent}`, command]
  return {
    name: names.container,
    image,
    imagePullPolicy: 'IfNotPresent',
    command: run('run'),
    env: environment(routing, pool, mode),
    resources: { requests: { ...resources.requests }, limits: { ...resources.limits } },
    // Between two looks nothing changes, so asking more often tells nothing. A loop that stands still is not ready at once; that it is
    // started anew may take its time.
    readinessProbe: { ...probe(run('ready'), Math.min(Math.max(interval, 10), 60)), failureThreshold: 2 },
    livenessProbe: { ...probe(run('live'), 60), failureThreshold: 3 },
    securityContext: {
      privileged: false,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] },
    },
    // Folders: a single file mounted with subPath would never follow the ConfigMap.
    volumeMounts: [
      { name: 'routes', mountPath: paths.routes, readOnly: true },
      { name: 'agent', mountPath: paths.agent, readOnly: true },
      { name: 'state', mountPath: paths.state },
    ],
  } satisfies Container
}

function environment(
  { kubernetes, allowedSpace, protectedSpace, neighbours }: NodeRouting,
  pool: NodePool,
  mode: Mode,
) {
  const { agent } = kubernetes
  const variables: readonly [string, string][] = [
    ['NATPLAN_MODE', mode],
    ['NATPLAN_ROUTES_FILE', `${paths.routes}/${keys.routes}`],
    ['NATPLAN_STATE_DIR', paths.state],
    ['NATPLAN_PRIVATE_NETWORK', String(pool.privateNetwork)],
    ...(pool.gateway ? [['NATPLAN_GATEWAY', String(pool.gateway)] as [string, string]] : []),
    ['NATPLAN_ALLOWED', allowedSpace.join(' ')],
    ['NATPLAN_PROTECTED', protectedSpace.join(' ')],
    ...(neighbours.length > 0
      ? [['NATPLAN_NEIGHBOURS', neighbours.map(({ first }) => first).join(' ')] as [string, string]]
      : []),
    ['NATPLAN_METRIC', String(agent.metric)],
    ['NATPLAN_INTERVAL', String(agent.interval)],
    ['NATPLAN_MAX_ROUTES', String(agentLimits.routes)],
  ]
  return variables.map(([name, value]) => ({ name, value }))
}

/** A busy node may take seconds to start a process in a container; that alone must not end the agent, nor make it not ready. */
function probe(command: string[], periodSeconds: number) {
  return { exec: { command }, periodSeconds, timeoutSeconds: 10 } satisfies Probe
}

function volumes(pool: NodePool) {
  return [
    { name: 'routes', configMap: { name: names.routes(pool), defaultMode: readable } },
    { name: 'agent', configMap: { name: names.agent, defaultMode: readable } },
    { name: 'state', emptyDir: { medium: 'Memory', sizeLimit: '8Mi' } },
  ] satisfies Volume[]
}
