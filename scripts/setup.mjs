// Brings a checkout to the state in which everything runs: packages installed, command built.
// Does nothing when nothing has changed since the last time.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
const stamps = join(root, 'node_modules', '.cache', 'natplan')

/** Runs a program in the checkout and ends this one with its status when it fails. */
export function run(program, args, { quiet = false, env = {} } = {}) {
  const result = spawnSync(program, args, {
    cwd: root,
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    env: { ...process.env, ...env },
  })
  if (result.error) throw result.error
  if (result.status === 0) return
  if (quiet) process.stderr.write(`${result.stdout}${result.stderr}`)
  process.exit(result.status ?? 1)
}

/** Runs a program of the installed packages (`node_modules/.bin`). */
export function runBin(name, args, options) {
  run(join(root, 'node_modules', '.bin', name), args, options)
}

function say(line) {
  process.stderr.write(`natplan: ${line}\n`)
}

function filesBelow(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('node_modules') && !file.includes(`/dist/`))
    .sort()
}

function digest(files) {
  const hash = createHash('sha256')
  for (const file of files) hash.update(file).update('\0').update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}

/** Does the work unless its inputs are those of the last time and its result is still there. */
function once(name, { inputs, results, work }) {
  const stamp = join(stamps, name)
  const now = digest(inputs)
  const done = results.every((file) => existsSync(file)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now
  if (done) return
  work()
  mkdirSync(stamps, { recursive: true })
  writeFileSync(stamp, now)
}

function manifests() {
  const folders = ['.', 'test', 'bench', ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}`)]
  const files = folders.map((folder) => join(root, folder, 'package.json'))
  return [...files, join(root, 'pnpm-lock.yaml'), join(root, 'pnpm-workspace.yaml')].filter((file) => existsSync(file))
}

function install() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  say(`installing packages with ${packageManager} (once; about half a minute) ...`)
  run('npx', ['--yes', packageManager, 'install', '--frozen-lockfile'], {
    quiet: true,
    env: { npm_config_loglevel: 'error' },
  })
}

function build() {
  say('building ...')
  run(process.execPath, [join(root, 'scripts', 'build.mjs')])
}

export function setUp() {
  const sources = readdirSync(join(root, 'packages')).flatMap((name) => filesBelow(join(root, 'packages', name, 'src')))
  once('installed', { inputs: manifests(), results: [join(root, 'node_modules', '.bin', 'tsc')], work: install })
  once('built', {
    inputs: [
      ...sources,
      ...manifests(),
      ...['scripts', 'schema', 'examples'].flatMap((name) => filesBelow(join(root, name))),
      join(root, 'packages', 'page', 'build.mjs'),
    ],
    results: [command, page, notices, join(root, 'packages', 'core', 'dist', 'index.js')],
    work: build,
  })
}

export const command = join(root, 'packages', 'cli', 'dist', 'natplan.cjs')
const page = join(root, 'packages', 'cli', 'dist', 'natplan.html')
const notices = join(root, 'packages', 'cli', 'THIRD-PARTY-NOTICES.md')

/** Reports whether a path is a regular file. */
export function isFile(path) {
  return existsSync(path) && statSync(path).isFile()
}
