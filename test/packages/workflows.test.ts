import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { root } from '../support/command.ts'

interface Job {
  readonly permissions?: Readonly<Record<string, string>>
  readonly steps: readonly { readonly uses?: string; readonly run?: string }[]
}

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>
  readonly jobs: Readonly<Record<string, Job>>
}

const folder = join(root, '.github', 'workflows')
const workflows = readdirSync(folder)

function read(name: string): Workflow {
  return parse(readFileSync(join(folder, name), 'utf8')) as Workflow
}

describe.each(workflows)('the workflow %s', (name) => {
  const { permissions, jobs } = read(name)
  const steps = Object.values(jobs).flatMap((job) => job.steps)

  it('may read and nothing else, but for who publishes', () => {
    expect(permissions).toEqual({ contents: 'read' })
    for (const [job, { permissions: own }] of Object.entries(jobs)) {
      expect(own).toEqual(job === 'publish' ? { 'id-token': 'write' } : undefined)
    }
  })

  it('runs code of others by a major version or a digest', () => {
    for (const { uses } of steps) if (uses) expect(uses).toMatch(/^[\w-]+\/[\w-]+@(v\d+|[0-9a-f]{40})$/)
  })

  it('runs what is there, and nothing of the checkout where it may publish', () => {
    const files = steps.flatMap(({ run = '' }) => run.match(/(?:scripts|\.ci)\/[\w.-]+/g) ?? [])
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
    expect(jobs['publish']?.steps.some(({ uses = '' }) => uses.startsWith('actions/checkout')) ?? false).toBe(false)
  })

  it('puts nothing that a stranger can name into a shell', () => {
    for (const { run = '' } of steps) expect(run).not.toContain('${{')
  })
})
