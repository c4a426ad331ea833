import { shapes, unknownFields } from './known-fields.ts'

/** An object as it is read back from YAML. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels: Readonly<Record<string, string>>
    readonly annotations: Readonly<Record<string, string>>
  }
  readonly data?: Readonly<Record<string, string>>
  readonly spec?: DaemonSetSpec
}

interface DaemonSetSpec {
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> }
  readonly updateStrategy: { readonly rollingUpdate: object }
  readonly template: {
    readonly metadata: { readonly labels: Readonly<Record<string, string>> }
    readonly spec: PodSpec
  }
}

export interface PodSpec {
  readonly hostNetwork?: boolean
  readonly hostPID?: boolean
  readonly hostIPC?: boolean
  readonly nodeSelector: Readonly<Record<string, string>>
  readonly serviceAccountName: string
  readonly automountServiceAccountToken: boolean
  readonly containers: readonly Container[]
  readonly volumes: readonly {
    readonly name: string
    readonly configMap?: { readonly name: string; readonly defaultMode: number }
    readonly emptyDir?: object
  }[]
}

export interface Container {
  readonly image: string
  readonly command: readonly string[]
  readonly env: readonly { readonly name: string; readonly value: string }[]
  readonly readinessProbe: { readonly exec: { readonly command: readonly string[] }; readonly periodSeconds: number }
  readonly livenessProbe: { readonly exec: { readonly command: readonly string[] } }
  readonly securityContext: {
    readonly privileged: boolean
    readonly allowPrivilegeEscalation: boolean
    readonly readOnlyRootFilesystem: boolean
    readonly capabilities: { readonly drop: readonly string[]; readonly add: readonly string[] }
  }
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[]
}

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/
const mebibyte = 1024 * 1024

/** Everything in the objects of one cluster that Kubernetes would refuse or that would not work, as texts. */
export function lint(objects: readonly Manifest[]): string[] {
  return [
    ...objects.flatMap((object) => lintObject(object)),
    ...repeated(objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`)),
    ...objects.flatMap((object) => (object.kind === 'DaemonSet' ? lintDaemonSet(object, objects) : [])),
  ]
}

function lintObject({ kind, metadata, data, ...rest }: Manifest): string[] {
  const shape = shapes[kind]
  const value = { kind, metadata, ...(data ? { data } : {}), ...rest }
  const size = Object.entries(data ?? {}).reduce((sum, [key, text]) => sum + key.length + Buffer.byteLength(text), 0)
  return [
    ...(shape ? unknownFields(value, shape).map((path) => `${kind}: unknown field ${path}`) : [`unknown kind ${kind}`]),
    ...unless(subdomain.test(metadata.name) && metadata.name.length <= 253, `${kind}: name ${metadata.name}`),
    ...unless(kind === 'Namespace' || label.test(metadata.namespace ?? ''), `${kind}: namespace ${metadata.namespace}`),
    ...Object.entries(metadata.labels).flatMap(([key, text]) => unless(labelValue.test(text), `${kind}: label ${key}`)),
    ...unless(size < mebibyte, `${kind}: ${size} bytes`),
  ]
}

function lintDaemonSet({ metadata, spec }: Manifest, objects: readonly Manifest[]): string[] {
  if (!spec) return ['DaemonSet: no spec']
  const { selector, template } = spec
  const pod = template.spec
  const exists = (kind: string, name: string) =>
    objects.some(
      (one) => one.kind === kind && one.metadata.name === name && one.metadata.namespace === metadata.namespace,
    )
  return [
    ...Object.entries(selector.matchLabels).flatMap(([key, value]) =>
      unless(template.metadata.labels[key] === value, `selector ${key} is not a label of the pods`),
    ),
    ...unless(label.test(metadata.name), `DaemonSet: name ${metadata.name} is no label value`),
    ...unless(exists('ServiceAccount', pod.serviceAccountName), `no ServiceAccount ${pod.serviceAccountName}`),
    ...unless(!pod.automountServiceAccountToken, 'a token is mounted'),
    ...unless(pod.hostNetwork === true && !pod.hostPID && !pod.hostIPC, 'host namespaces'),
    ...pod.volumes.flatMap(({ name, configMap, emptyDir }) => [
      ...unless(label.test(name), `volume ${name}`),
      ...unless(configMap !== undefined || emptyDir !== undefined, `volume ${name} is of another kind`),
      ...unless(!configMap || exists('ConfigMap', configMap.name), `no ConfigMap ${configMap?.name}`),
      ...unless(!configMap || configMap.defaultMode === 0o444, `mode of ${name}`),
    ]),
    ...pod.containers.flatMap((container) => lintContainer(container, pod)),
  ]
}

function isPinned(image: string): boolean {
  const digest = /@sha256:([0-9a-f]{64})$/.exec(image)
  return digest !== null || (/:[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(image) && !/:latest$|@/.test(image))
}

function lintContainer({ image, securityContext, volumeMounts, env }: Container, { volumes }: PodSpec): string[] {
  const { capabilities, privileged, allowPrivilegeEscalation, readOnlyRootFilesystem } = securityContext
  const mounted = volumeMounts.map(({ name }) => name)
  return [
    ...unless(isPinned(image), `image ${image}`),
    ...unless(String(capabilities.drop) === 'ALL' && String(capabilities.add) === 'NET_ADMIN', 'capabilities'),
    ...unless(!privileged && !allowPrivilegeEscalation && readOnlyRootFilesystem, 'security context'),
    ...unless(String(mounted.toSorted()) === String(volumes.map(({ name }) => name).toSorted()), 'volumes and mounts'),
    ...volumeMounts.flatMap((mount) => unless(!('subPath' in mount), `subPath of ${mount.name}`)),
    ...repeated(env.map(({ name }) => name)),
    ...env.flatMap(({ name, value }) => unless(typeof value === 'string', `${name} is not a text`)),
  ]
}

function unless(isRight: boolean, fault: string): string[] {
  return isRight ? [] : [fault]
}

function repeated(names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name} is there twice`)
}
