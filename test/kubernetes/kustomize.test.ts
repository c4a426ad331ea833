import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { natplan } from '../support/command.ts'
import { readFolder } from '../support/golden-folder.ts'
import { program, wherePrograms } from '../support/require.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { clusterExamples, planFile, printed, readAll } from './examples.ts'
import type { Manifest } from './lint.ts'

function written(example: string, ...options: readonly string[]): string {
  const folder = temporaryFolder()
  const { status, stderr } = natplan(['kubernetes', planFile(example), '--kustomize', 'out', ...options], {
    cwd: folder,
  })
  expect(status, stderr).toBe(0)
  return join(folder, 'out')
}

function sorted(objects: readonly Manifest[]): Manifest[] {
  const key = ({ kind, metadata }: Manifest) => `${kind}/${metadata.name}`
  return [...objects].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

describe('the kustomize folder', () => {
  it('names every file, and has the list as JSON', () => {
    const folder = written('node-pools', '--site', 'cloud')
    const files = readFolder(folder)
    expect(JSON.parse(files['static-routes-west.json'] ?? '')).toEqual([
      '10.50.0.0/16',
      '192.168.1.0/24',
      '192.168.2.0/24',
    ])
    const listed = Object.keys(files).filter((name) => name !== 'kustomization.yaml' && name !== '.natplan-files.json')
    for (const name of listed) expect(files['kustomization.yaml']).toContain(name)
  })

  it('is one for each site when none is named', () => {
    expect(existsSync(join(written('acceptance'), 'cloud', 'kustomization.yaml'))).toBe(true)
  })

  it('leaves a file alone that somebody edited', () => {
    const folder = temporaryFolder({ 'out/kustomization.yaml': 'resources: [mine.yaml]\n' })
    const outcome = natplan(['kubernetes', planFile('acceptance'), '--site', 'cloud', '--kustomize', 'out'], {
      cwd: folder,
    })
    expect(outcome).toMatchObject({ status: 2, stderr: expect.stringContaining('FILE_FOREIGN') })
    expect(readFolder(join(folder, 'out'))).toEqual({ 'kustomization.yaml': 'resources: [mine.yaml]\n' })
  })
})

wherePrograms('kubectl')('what kubectl builds from the folder', () => {
  it('has every text as a text', () => {
    const labels = ['0o7', '1e_3', '0b1', '1_000', '0x1F', '12', 'yes', 'n', 'null', 'true', '2026-01-01', '1.5', '007']
    const selector = Object.fromEntries(
      labels.flatMap((label) => [
        [`v/${label}`, label],
        [label, label],
      ]),
    )
    const plan = { version: 1, sites: { a: { subnets: ['10.0.0.0/24'], kubernetes: { nodeSelector: selector } } } }
    const folder = temporaryFolder({ 'natplan.json': JSON.stringify(plan) })
    expect(natplan(['kubernetes', 'natplan.json', '--kustomize', 'out'], { cwd: folder }).status).toBe(0)
    const { stdout } = spawnSync(program('kubectl'), ['kustomize', join(folder, 'out', 'a')], { encoding: 'utf8' })
    const daemonSet = readAll(stdout).find(({ kind }) => kind === 'DaemonSet')
    expect(daemonSet?.spec?.template.spec.nodeSelector).toEqual({ ...selector, 'kubernetes.io/os': 'linux' })
  })

  it.each(clusterExamples)('of %s is what is printed', (example) => {
    const folder = written(example, '--site', 'cloud')
    const { status, stdout, stderr } = spawnSync(program('kubectl'), ['kustomize', folder], { encoding: 'utf8' })
    expect(status, stderr).toBe(0)
    expect(sorted(readAll(stdout))).toEqual(sorted(readAll(printed(example))))
  })
})
