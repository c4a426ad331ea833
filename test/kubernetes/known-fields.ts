/** The fields that natplan writes: a nested record for a mapping, a list of one for a list, `any` for the rest. */
export type Shape = 'any' | readonly [Shape] | { readonly [field: string]: Shape }

const metadata: Shape = { name: 'any', namespace: 'any', labels: 'any', annotations: 'any' }
const probe: Shape = { exec: { command: 'any' }, periodSeconds: 'any', timeoutSeconds: 'any', failureThreshold: 'any' }

const container: Shape = {
  name: 'any',
  image: 'any',
  imagePullPolicy: 'any',
  command: 'any',
  env: [{ name: 'any', value: 'any' }],
  resources: { requests: { cpu: 'any', memory: 'any' }, limits: { cpu: 'any', memory: 'any' } },
  readinessProbe: probe,
  livenessProbe: probe,
  securityContext: {
    privileged: 'any',
    allowPrivilegeEscalation: 'any',
    readOnlyRootFilesystem: 'any',
    capabilities: { drop: 'any', add: 'any' },
  },
  volumeMounts: [{ name: 'any', mountPath: 'any', readOnly: 'any' }],
}

const pod: Shape = {
  serviceAccountName: 'any',
  automountServiceAccountToken: 'any',
  enableServiceLinks: 'any',
  hostNetwork: 'any',
  dnsPolicy: 'any',
  terminationGracePeriodSeconds: 'any',
  priorityClassName: 'any',
  nodeSelector: 'any',
  tolerations: [{ key: 'any', operator: 'any', value: 'any', effect: 'any', tolerationSeconds: 'any' }],
  securityContext: { runAsUser: 'any', runAsGroup: 'any', seccompProfile: { type: 'any' } },
  containers: [container],
  volumes: [
    {
      name: 'any',
      configMap: { name: 'any', defaultMode: 'any' },
      emptyDir: { medium: 'any', sizeLimit: 'any' },
    },
  ],
}

const object = { apiVersion: 'any', kind: 'any', metadata } as const

export const shapes: Readonly<Record<string, Shape>> = {
  Namespace: object,
  ServiceAccount: { ...object, automountServiceAccountToken: 'any' },
  ConfigMap: { ...object, immutable: 'any', data: 'any' },
  ResourceQuota: {
    ...object,
    spec: {
      hard: 'any',
      scopeSelector: { matchExpressions: [{ operator: 'any', scopeName: 'any', values: 'any' }] },
    },
  },
  DaemonSet: {
    ...object,
    spec: {
      selector: { matchLabels: 'any' },
      updateStrategy: { type: 'any', rollingUpdate: { maxUnavailable: 'any', maxSurge: 'any' } },
      minReadySeconds: 'any',
      revisionHistoryLimit: 'any',
      template: { metadata: { labels: 'any', annotations: 'any' }, spec: pod },
    },
  },
}

/** The paths of all fields that a shape does not have. */
export function unknownFields(value: unknown, shape: Shape, path = ''): string[] {
  if (shape === 'any') return []
  if (Array.isArray(value)) {
    const [item] = Array.isArray(shape) ? (shape as readonly [Shape]) : []
    return item === undefined ? [path] : value.flatMap((one, index) => unknownFields(one, item, `${path}[${index}]`))
  }
  if (typeof value !== 'object' || value === null || Array.isArray(shape)) return [path]
  const fields = shape as Readonly<Record<string, Shape>>
  return Object.entries(value).flatMap(([key, item]) => {
    const known = Object.hasOwn(fields, key) ? fields[key] : undefined
    return known === undefined ? [`${path}.${key}`] : unknownFields(item, known, `${path}.${key}`)
  })
}
