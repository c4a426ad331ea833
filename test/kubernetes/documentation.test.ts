import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { natplan } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { namedCommands, shellBlocks } from './documented-commands.ts'
import { planFile, printed, readAll } from './examples.ts'

const pages = ['kubernetes.md', 'kubernetes-agent.md'] as const
const objects = readAll(printed('acceptance'))
const [daemonSet] = objects.slice(-1)
const [container] = daemonSet?.spec?.template.spec.containers ?? []
const commands = pages.flatMap((page) => [...shellBlocks(page).flatMap(statements), ...namedCommands(page)])

/** The commands of a block of shell: lines that go on are joined, pipes are parted. */
function statements(block: string): string[] {
  return block
    .replaceAll(/\\\n\s*/g, '')
    .split(/\n(?![^']*'\s*$)|\s\|\s/)
    .filter((line) => line.includes('kubectl') || line.includes('natplan'))
}

function holds(pattern: RegExp): string[] {
  return commands.flatMap((command) => [...command.matchAll(pattern)].map(([, found = '']) => found))
}

describe('the commands of the pages about Kubernetes', () => {
  it('are found', () => {
    expect(shellBlocks('kubernetes.md').length).toBeGreaterThanOrEqual(9)
    expect(holds(/(exec) /g).length).toBeGreaterThanOrEqual(2)
  })

  it('name objects that the manifests have', () => {
    const known = objects.map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`)
    const named = holds(/((?:daemonset|configmap|namespace)[ /](?!static-routes -o|--|\$)[a-z][a-z0-9-]+)/g)
    expect(named.length).toBeGreaterThan(8)
    for (const name of named) expect(known).toContain(name.replace(' ', '/'))
    for (const namespace of holds(/--namespace ([a-z][a-z0-9-]*)/g)) expect(namespace).toBe('static-routes')
  })

  it('select labels that the objects have', () => {
    const known = objects.flatMap(({ metadata, spec }) => [
      ...Object.entries(metadata.labels),
      ...Object.entries(spec?.template.metadata.labels ?? {}),
    ])
    const selected = holds(/app\.kubernetes\.io\/([a-z]+)/g)
    expect(selected.length).toBeGreaterThan(3)
    for (const label of selected) expect(known.map(([key]) => key)).toContain(`app.kubernetes.io/${label}`)
    for (const name of holds(/app\.kubernetes\.io\/name=([a-z-]+)/g))
      expect(known).toContainEqual(['app.kubernetes.io/name', name])
  })

  it('call the script where the container has it, with a command that it knows', () => {
    const called = holds(/exec .*? -- sh (\S+ \S+)/g)
    expect(called).toHaveLength(1)
    const [, script] = container?.command ?? []
    for (const call of called)
      expect(['run', 'once', 'ready', 'live'].map((word) => `${script} ${word}`)).toContain(call)
  })

  it.each(holds(/natplan (kubernetes[^`|]*)/g))('natplan %s works', (args) => {
    const cwd = temporaryFolder()
    mkdirSync(join(cwd, 'DIR'), { recursive: true })
    const outcome = natplan([...args.trim().split(/\s+/), '--file', planFile('acceptance')], { cwd })
    expect(outcome.status, outcome.stderr).toBe(0)
  })
})
