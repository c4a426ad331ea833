import { fileNames, type Given, nothing } from './answers/given.ts'

/** A case of the examples' folder. */
export interface Example {
  readonly name: string
  readonly given: Given
}

const files: Record<string, string> = {
  ...import.meta.glob<string>('../../../examples/*/natplan.yaml', { query: '?raw', import: 'default', eager: true }),
  ...import.meta.glob<string>('../../../examples/*/natplan.lock.yaml', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
}

/** The examples that are one plan file; those in several need a folder. */
export const examples: readonly Example[] = Object.entries(files).flatMap(([path, plan]) => {
  const [, name = '', file] = /([\w-]+)\/([\w.]+)$/.exec(path) ?? []
  if (file !== fileNames.plan || /^include:/m.test(plan)) return []
  return [{ name, given: { ...nothing, plan, lock: files[path.replace(fileNames.plan, fileNames.lock)] } }]
})

/** What somebody pastes who has two networks with the same addresses. */
export const twoNetworks: Given = {
  ...nothing,
  ours: '10.0.1.0/27\n10.20.0.0/16\n',
  theirs: [
    'S    10.0.1.0/24 [1/0] via 192.0.2.1, eth0',
    'C    10.50.0.0/16 is directly connected, eth1',
    'S    10.20.4.0/22 [1/0] via 192.0.2.1, eth0',
    '',
  ].join('\n'),
}
