import type { Command } from './command.ts'

export interface KubernetesOptions {
  readonly plan?: string | undefined
  readonly file?: string | undefined
  readonly lock?: string | undefined
  readonly site?: string | undefined
  readonly kustomize?: string | undefined
  readonly remove?: boolean | undefined
}

export const kubernetes: Command<KubernetesOptions> = {
  name: 'kubernetes [plan]',
  about: 'Print manifests that put the routes on the nodes of a cluster',
  options: (parser) =>
    parser
      .positional('plan', { type: 'string', describe: 'The plan file (same as --file)' })
      .option('file', {
        alias: 'f',
        type: 'string',
        describe: 'The plan file; - is standard input',
        defaultDescription: 'natplan.yaml',
      })
      .option('lock', { type: 'string', describe: 'The lock file', defaultDescription: 'beside the plan file' })
      .option('site', { type: 'string', describe: "Only this site's cluster" })
      .option('kustomize', {
        type: 'string',
        describe: 'Write a kustomize folder instead; without --site a folder in it for each site',
      })
      .option('remove', {
        type: 'boolean',
        describe: 'Manifests that take the routes off every node, to apply before deleting',
      })
      .example('$0 kubernetes --site cloud | kubectl apply --server-side -f -', 'put the routes on the nodes of cloud'),
  run: async (given) => (await import('./run-kubernetes.ts')).runKubernetes(given),
}
