import type { NodeRouting } from '@natplan/core'
import { agentScript } from './agent/script.generated.ts'
import type { Mode } from './daemon-set.ts'
import { daemonSets, sharedObjects } from './manifests.ts'
import { keys } from './names.ts'
import { agentMetadata, routesMetadata, routesText } from './objects.ts'
import { toYaml } from './yaml.ts'

/** A file of a folder; `path` has no folder in it. */
export interface FolderFile {
  readonly path: string
  readonly text: string
}

/**
 * One cluster as a folder for `kubectl apply -k`: the same objects, with the lists and the script as files of their own. The
 * ConfigMaps of the lists keep their names whatever they hold, so that a change of the routes replaces no pod.
 */
export function kustomizeFolder(routing: NodeRouting, { mode }: { readonly mode: Mode }): FolderFile[] {
  const objects = [...sharedObjects(routing), ...daemonSets(routing, mode)]
  const resources = objects.map((object) => ({ path: fileName(object), text: toYaml(object) }))
  const lists = routing.lists.map((list) => ({
    path: `${routesMetadata(routing, list.pool).name}.json`,
    text: routesText(list),
  }))
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: resources.map(({ path }) => path),
    configMapGenerator: [
      immutable(generator(agentMetadata(routing), `${keys.agent}=${agentFile}`)),
      ...routing.lists.map(({ pool }, index) =>
        generator(routesMetadata(routing, pool), `${keys.routes}=${lists[index]?.path}`),
      ),
    ],
    generatorOptions: { disableNameSuffixHash: true },
  }
  return [
    { path: 'kustomization.yaml', text: toYaml(kustomization) },
    ...resources,
    ...lists,
    { path: agentFile, text: agentScript.text },
  ]
}

const agentFile = 'route-agent.sh'

interface Metadata {
  readonly name: string
  readonly namespace: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

function generator({ name, namespace, labels, annotations }: Metadata, file: string) {
  return { name, namespace, files: [file], options: { labels: { ...labels }, annotations: { ...annotations } } }
}

function immutable(map: ReturnType<typeof generator>) {
  return { ...map, options: { ...map.options, immutable: true } }
}

function fileName({ kind, metadata }: { readonly kind: string; readonly metadata: { readonly name: string } }): string {
  return `${kind.toLowerCase()}-${metadata.name}.yaml`
}
