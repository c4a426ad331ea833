import { command, findingOption, planFileOptions } from './command.ts'

export const kubernetes = command({
  name: 'kubernetes [plan]',
  about: 'Print manifests that put the routes on the nodes of a cluster',
  options: (parser) =>
    findingOption(planFileOptions(parser))
      .option('site', { type: 'string', describe: "Only this site's cluster" })
      .option('kustomize', {
        type: 'string',
        describe: 'Write a kustomize folder instead; without --site, with a subfolder for each site',
      })
      .option('remove', {
        type: 'boolean',
        describe: 'Print manifests that remove the routes from every node, to apply before deleting',
      })
      .example(
        '$0 kubernetes --site cloud > cloud.yaml',
        'then: kubectl apply --server-side --force-conflicts -f cloud.yaml',
      ),
  run: async (given) => (await import('./run-kubernetes.ts')).runKubernetes(given),
})
