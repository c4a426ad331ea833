import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'
import { cacheHome, commandFile, natplan, root } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const key = 'Zk39exampleKEY7QzNotARealOneAtAll'
const env = { NATPLAN_PSK: key }
const preload = join(root, 'test', 'support', 'at-call.cjs')

/** Every file below a folder with its text and its mode, those of natplan's own too. */
function contents(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name)
      const mode = (statSync(path).mode & 0o777).toString(8)
      return [path.slice(folder.length + 1), entry.isFile() ? `${mode} ${readFileSync(path, 'utf8')}` : 'folder']
    }),
  )
}

interface Run {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

function run(args: readonly string[], { cwd, env: more = {} }: Run) {
  const { status, signal, stderr } = spawnSync(process.execPath, ['--require', preload, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], XDG_CACHE_HOME: cacheHome, ...env, ...more },
    encoding: 'utf8',
  })
  return { status, signal, stderr }
}

/** How many calls a run makes that change something. */
function callsOf(args: readonly string[], { cwd, env: more = {} }: Run): number {
  const count = join(temporaryFolder(), 'count')
  const outcome = run(args, { cwd, env: { ...more, COUNT_INTO: count } })
  expect(outcome).toMatchObject({ status: 0, stderr: expect.anything() })
  return Number(readFileSync(count, 'utf8'))
}

describe('the writing of a folder', () => {
  let writer: string

  /** Three states of one folder: a file that stays, one with a key, and some that come or go. */
  const states = {
    one: { 'README.md': 'one', 'a/configure.txt': `set ${key} x`, 'a/check.txt': 'same', 'a/old/deep.txt': 'old' },
    two: { 'README.md': 'two', 'a/configure.txt': `set ${key} y`, 'a/check.txt': 'same', 'b/new.txt': 'new' },
    three: { 'README.md': 'three', 'c/other.txt': `key ${key}` },
  }

  beforeAll(async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `import { writeFolder } from './src/output/output-folder.ts'
          import { Secret } from '@natplan/templates'
          const files = Object.entries(JSON.parse(process.argv[2])).map(([path, text]) => ({ path, text }))
          writeFolder('out', files, { keys: [new Secret('${key}')] })`,
        resolveDir: join(root, 'packages', 'cli'),
      },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      write: false,
    })
    writer = outputFiles[0]?.text ?? ''
  })

  function folderIn(state: keyof typeof states | undefined) {
    const cwd = temporaryFolder({ 'write.cjs': writer })
    if (state) expect(run(writing(state), { cwd }).status).toBe(0)
    return cwd
  }

  const writing = (state: keyof typeof states) => ['write.cjs', JSON.stringify(states[state])]

  it.each([
    [undefined, 'one'],
    ['one', 'two'],
    ['two', 'one'],
  ] as const)(
    'that is killed anywhere heals in the next run, of the same plan or another, from %s to %s',
    (before, after) => {
      const start = folderIn(before)
      const expected = Object.fromEntries(
        Object.keys(states).map((state) => [state, contents(join(folderIn(state as never), 'out'))]),
      )
      const calls = callsOf(writing(after), { cwd: copyOf(start) })
      expect(calls).toBeGreaterThan(20)
      for (let at = 1; at <= calls; at++) {
        const cwd = copyOf(start)
        expect(run(writing(after), { cwd, env: { AT_CALL: `${at}` } }).signal).toBe('SIGKILL')
        const next = at % 2 === 0 ? after : 'three'
        expect({ at, ...run(writing(next), { cwd }) }).toMatchObject({ at, status: 0, stderr: '' })
        expect({ at, ...contents(join(cwd, 'out')) }).toEqual({ at, ...expected[next] })
      }
    },
    300_000,
  )

  // Elsewhere a folder cannot be held open, so that a moment is left.
  it.runIf(process.platform === 'linux')(
    'leaves what lies outside alone, though a link takes the place of a folder meanwhile',
    () => {
      const start = folderIn('one')
      mkdirSync(join(start, 'victim'))
      for (const name of ['0', 'check.txt', 'configure.txt']) writeFileSync(join(start, 'victim', name), 'mine')
      const victim = contents(join(start, 'victim'))
      const calls = callsOf(writing('two'), { cwd: copyOf(start) })
      for (let at = 1; at <= calls; at++) {
        for (const folder of ['out/a', 'out/.natplan-new']) {
          const cwd = copyOf(start)
          run(writing('two'), { cwd, env: { AT_CALL: `${at}`, SWAP: folder } })
          expect({ at, folder, ...contents(join(cwd, 'victim')) }).toEqual({ at, folder, ...victim })
        }
      }
    },
    300_000,
  )
})

function copyOf(folder: string): string {
  const copy = temporaryFolder()
  cpSync(folder, copy, { recursive: true })
  return copy
}

describe('natplan generate, killed', () => {
  const acceptance = readFileSync(join(root, 'examples', 'acceptance', 'natplan.yaml'), 'utf8')
  const changed = acceptance.replaceAll('onpremise', 'office')
  const args = [commandFile, 'generate', '-o', 'out']

  it('at any renaming, does its work the next time, and keeps every allocation', () => {
    const start = temporaryFolder({ 'natplan.yaml': acceptance })
    expect(natplan(['generate', '-o', 'out'], { cwd: start, env }).status).toBe(0)
    writeFileSync(join(start, 'natplan.yaml'), changed)
    const healthy = copyOf(start)
    const calls = { CALLS: 'renameSync' }
    const renamings = callsOf(args, { cwd: healthy, env: calls })
    const expected = contents(healthy)
    for (let at = 1; at <= renamings; at++) {
      const cwd = copyOf(start)
      expect(run(args, { cwd, env: { ...calls, AT_CALL: `${at}` } }).signal).toBe('SIGKILL')
      expect({ at, status: natplan(['generate', '-o', 'out'], { cwd, env }).status }).toEqual({ at, status: 0 })
      expect({ at, ...contents(cwd) }).toEqual({ at, ...expected })
    }
  }, 300_000)
})

describe('natplan plan --save, killed', () => {
  it('anywhere, leaves the old lock or the new one, and nothing that stops the next run', () => {
    const start = temporaryFolder({ 'natplan.yaml': 'version: 1\nsites:\n  a: { subnets: [10.0.0.0/24] }\n' })
    expect(natplan(['plan', '--save'], { cwd: start }).status).toBe(0)
    const before = readFileSync(join(start, 'natplan.lock.yaml'), 'utf8')
    writeFileSync(join(start, 'natplan.yaml'), 'version: 1\nsites:\n  a: { subnets: [10.0.0.0/24, 10.0.1.0/24] }\n')
    const args = [commandFile, 'plan', '--save']
    const calls = { CALLS: 'openSync writeFileSync writeSync fsyncSync renameSync rmSync unlinkSync' }
    const healthy = copyOf(start)
    const count = callsOf(args, { cwd: healthy, env: calls })
    const expected = contents(healthy)
    for (let at = 1; at <= count; at++) {
      const cwd = copyOf(start)
      expect(run(args, { cwd, env: { ...calls, AT_CALL: `${at}` } }).signal).toBe('SIGKILL')
      const lock = readFileSync(join(cwd, 'natplan.lock.yaml'), 'utf8')
      expect([before, expected['natplan.lock.yaml']?.replace(/^\d+ /, '')]).toContain(lock)
      expect({ at, status: natplan(['plan', '--save'], { cwd }).status }).toEqual({ at, status: 0 })
      expect({ at, ...contents(cwd) }).toEqual({ at, ...expected })
    }
  }, 300_000)
})
