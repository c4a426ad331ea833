import { platformModule } from '@natplan/templates'
import { manifestFile } from '../clusters/manifest-file.ts'
import { type Generated, guide } from './guide.ts'
import type { OutputFile } from './output-file.ts'
import type { RenderedGateway } from './render-gateways.ts'

/** All that is written for a plan: one folder a site, and the page that says what to do in which order. */
export function generatedFiles(generated: Generated): OutputFile[] {
  const { gateways, clusters, left } = generated
  const index = { path: 'README.md', text: guide(generated) }
  const manifests = clusters.flatMap((cluster) => [
    { path: `${cluster.site}/kubernetes.yaml`, text: manifestFile(cluster, 'run') },
    { path: `${cluster.site}/kubernetes-remove.yaml`, text: manifestFile(cluster, 'cleanup') },
  ])
  // What left is made of the files that are there: as long as it is not written, they must not be others.
  return [...left.files, index, ...gateways.flatMap(filesOfGateway), ...manifests]
}

function filesOfGateway({ policy, module, texts }: RenderedGateway): OutputFile[] {
  const file = (name: string, text: string) => ({ path: `${policy.site}/${name}`, text })
  const sheet = module.capabilities.cloud
    ? undefined
    : platformModule('generic')?.render(policy, { secrets: new Map() }).texts?.configure
  const script = (kind: 'configure' | 'remove') => {
    const text = module.script(texts[kind], kind)
    return text === undefined ? [] : [file(`${kind}.sh`, text)]
  }
  const own = module.capabilities.enteredByHand
    ? []
    : [
        file('configure.txt', texts.configure),
        ...script('configure'),
        file('remove.txt', texts.remove),
        ...script('remove'),
        file('check.txt', texts.check),
        ...texts.files.map(({ name, text }) => file(name, text)),
      ]
  return [...own, ...(sheet === undefined ? [] : [file('hand-over.md', sheet)])]
}
