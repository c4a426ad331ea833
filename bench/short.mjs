// The short run, which `check` makes: what the usual commands take of the processors, whole processes, against a program of fixed work in the same
// rounds. No clock: a busy machine changes such a ratio little. Fails where one is 1.5 times what short.json says; `--note` writes that file anew.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { routerWithRoutes } from './router.mjs'
import { median } from './timed.mjs'
import { generateStar, star } from './verified.mjs'

const rounds = 5
/** How many times what is noted a row may take. */
const bound = 1.5
const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const command = here('../packages/cli/dist/natplan.cjs')
const noted = here('short.json')
const folder = mkdtempSync(join(tmpdir(), 'natplan-bench-'))

/** Microseconds. The code that the command keeps for its next start is kept in the folder. */
function cpuOf(args) {
  const file = join(folder, 'cpu')
  const { status, stderr } = spawnSync(process.execPath, ['--require', here('note-cpu.cjs'), ...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    env: { ...process.env, NATPLAN_BENCH_CPU: file, XDG_CACHE_HOME: join(folder, 'cache') },
  })
  if (status !== 0 && status !== 3) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr.slice(-2000)}`)
  return Number(readFileSync(file, 'utf8'))
}

function written(name, text) {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

/** Networks all over the space, and a list of which each second one is a part of one of them. */
function twoLists(count) {
  const [one, other] = [2_654_435_761, 2_246_822_519]
  const network = (at, factor) => ((at * factor) % 2 ** 32) >>> 8
  const text = (bits, length) => `${bits >>> 16}.${(bits >>> 8) & 255}.${bits & 255}.0/${length}`
  const indexes = Array.from({ length: count }, (_, at) => at)
  return [
    indexes.map((at) => text(network(at, one), 24)),
    indexes.map((at) => text(network(at, at % 2 === 0 ? one : other), 28)),
  ].map((lines) => lines.join('\n'))
}

function rowsOf() {
  const example = join(here('../examples/acceptance'), 'natplan.yaml')
  const { files } = generateStar(folder, 60, ['10.9.0.0/24', '10.9.1.0/24'])
  const spokes = written('spokes.json', JSON.stringify(star(1_000, ['10.9.0.0/24'])))
  const forty = written('forty.json', JSON.stringify(star(39, ['10.9.0.0/24'])))
  const router = written('router.txt', routerWithRoutes(10_000))
  const [ours, theirs] = twoLists(20_000).map((text, at) => written(`list-${at}`, text))
  return {
    '--help': ['--help'],
    plan: ['plan', example],
    verify: ['verify', '-f', example],
    'plan of 1,000 spokes': ['plan', spokes],
    'verify of 60 tunnels, texts': ['verify', ...files],
    'report of 40 sites': ['report', forty, '-o', join(folder, 'report.html')],
    'overlaps --flagged of 20,000 with 20,000': ['overlaps', '--flagged', ours, theirs],
    'verify of a router with 10,000 routes': ['verify', `hub=${router}`],
  }
}

try {
  mkdirSync(join(folder, 'cache'), { mode: 0o700 })
  const rows = rowsOf()
  const ratios = Object.fromEntries(Object.keys(rows).map((name) => [name, []]))
  for (let round = -1; round < rounds; round++) {
    for (const [name, args] of Object.entries(rows)) {
      const ratio = cpuOf([command, ...args]) / cpuOf([here('reference.cjs')])
      // The first round fills the cache of code.
      if (round >= 0) ratios[name].push(ratio)
    }
  }
  const found = Object.fromEntries(Object.entries(ratios).map(([name, all]) => [name, Number(median(all).toFixed(2))]))
  if (process.argv.includes('--note')) writeFileSync(noted, `${JSON.stringify(found, undefined, 2)}\n`)
  const before = JSON.parse(readFileSync(noted, 'utf8'))
  console.log(`${'CPU time against a program of fixed work'.padEnd(46)}${'noted'.padStart(8)}${'now'.padStart(8)}`)
  for (const [name, value] of Object.entries(found)) {
    const isWorse = !(value <= before[name] * bound)
    console.log(
      `${name.padEnd(46)}${String(before[name]).padStart(8)}${String(value).padStart(8)}${isWorse ? '  too much' : ''}`,
    )
    if (isWorse) process.exitCode = 1
  }
  if (process.exitCode === 1) {
    console.log(
      `More than ${bound} times what is noted: find what got slower, or note why it must be so (node bench/short.mjs --note).`,
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
