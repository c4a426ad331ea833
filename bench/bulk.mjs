// Overlaps between two files of prefixes, and free blocks, against a C++ program and the peers: node bench/bulk.mjs [ROUNDS]
// Every program runs once in each round; the figures that count are ratios of medians within one run.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildAll } from './bulk/builds.mjs'
import { evenLength, smallLength, writePrefixes } from './bulk/data.mjs'
import { told } from './goals.mjs'
import { median } from './timed.mjs'

const rounds = Number(process.argv[2] ?? 5)
const sizes = [10_000, 100_000, 1_000_000]
const [few, many, most] = sizes
const command = fileURLToPath(new URL('../packages/cli/dist/natplan.cjs', import.meta.url))
const slowPeers = new Set(['cidr-tools', 'fast-cidr-tools'])

/** The last words of what a program prints are its time; what is before must be the same for all. */
function measure(command, expected) {
  const args = ['-f', '%M', ...command]
  const start = process.hrtime.bigint()
  const { status, stdout, stderr, error } = spawnSync('/usr/bin/time', args, { encoding: 'utf8' })
  const whole = Number(process.hrtime.bigint() - start) / 1e6
  if (error || status !== 0) throw new Error(`${command.join(' ')}: ${error?.message ?? stderr}`)
  const words = stdout.trim().split(' ')
  const inside = Number(words.pop())
  const result = words.join(' ')
  if (expected !== undefined && result !== expected)
    throw new Error(`${command.join(' ')}: ${result} is not ${expected}`)
  return { whole, inside, megabytes: Number(stderr.trim().split('\n').at(-1)) / 1024, result }
}

/** Runs all commands in every round; unless they do different work, the result of the first one is the one that all must have. */
function compare(commands, { isSameWork = true } = {}) {
  const runs = new Map(Object.keys(commands).map((name) => [name, []]))
  let expected
  for (let round = 0; round < rounds; round++) {
    for (const [name, command] of Object.entries(commands)) {
      const run = measure(command, expected)
      if (isSameWork) expected ??= run.result
      runs.get(name).push(run)
    }
  }
  const rows = [...runs].map(([name, all]) => {
    const of = (key) => median(all.map((run) => run[key]))
    return [name, { whole: of('whole'), inside: of('inside'), megabytes: of('megabytes'), result: all[0].result }]
  })
  return { rows: new Map(rows), result: expected }
}

function print(title, { rows, result }) {
  const base = rows.values().next().value
  console.log(`\n${title}: ${result}`)
  console.log(`${''.padEnd(18)}${'in-process'.padStart(16)}${'whole process'.padStart(20)}${'peak MB'.padStart(10)}`)
  for (const [name, { whole, inside, megabytes }] of rows) {
    const cells = [
      name.padEnd(18),
      `${inside.toFixed(1)} ms`.padStart(10),
      `${(inside / base.inside).toFixed(2)}`.padStart(6),
      `${whole.toFixed(0)} ms`.padStart(13),
      `${(whole / base.whole).toFixed(2)}`.padStart(7),
      megabytes.toFixed(0).padStart(10),
    ]
    console.log(cells.join(''))
  }
}

const folder = mkdtempSync(join(tmpdir(), 'natplan-bulk-'))
try {
  const { reference, natplan, freePeer, peers } = await buildAll()
  const files = (name, count, lengthOf) =>
    ['left', 'right'].map((side, index) => {
      const path = join(folder, `${name}-${side}`)
      writePrefixes(path, count, { seed: index + 1, lengthOf })
      return path
    })
  console.log(`medians of ${rounds} rounds, Node.js ${process.version}; ratios against the first row`)
  const flags = new Map()
  for (const size of sizes) {
    const given = files(String(size), size)
    const there = Object.entries(peers).filter(([name, words]) => words && (size === most || !slowPeers.has(name)))
    const commands = {
      'C++ -O2': [...reference, ...given],
      natplan: [...natplan, 'flags', ...given],
      'and pairs counted': [...natplan, 'counts', ...given],
      ...Object.fromEntries(there.map(([name, words]) => [name, [...words, ...given]])),
    }
    flags.set(size, compare(commands))
    print(`Flags, ${size} against ${size}, as they are usual`, flags.get(size))
  }
  const ofSize = (size) => [...natplan, 'flags', ...['left', 'right'].map((side) => join(folder, `${size}-${side}`))]
  const growth = compare(
    { alone: [process.execPath, '-e', '0'], many: ofSize(many), most: ofSize(most) },
    { isSameWork: false },
  ).rows
  const [alone, ofMany, ofMost] = ['alone', 'many', 'most'].map((name) => growth.get(name).whole)
  console.log(
    `\nWhole process: ${(ofMany / alone).toFixed(1)} x node -e 0 for ${many}, ${(ofMost / alone).toFixed(1)} x for ${most}; ` +
      `growth beyond it ${((ofMost - alone) / (ofMany - alone)).toFixed(1)} (at most 12)`,
  )

  const toBart = (size) =>
    flags.get(size).rows.get('natplan').whole / (flags.get(size).rows.get('Go bart')?.whole ?? Number.NaN)
  told('flagsFew', flags.get(few).rows.get('natplan').whole / alone)
  if (peers['Go bart']) told('flagsMany', toBart(many))

  const wholeCommand = [
    process.execPath,
    command,
    'overlaps',
    join(folder, `${most}-left`),
    join(folder, `${most}-right`),
  ]
  const bart = peers['Go bart'] && { bart: [...peers['Go bart'], ...wholeCommand.slice(-2)] }
  const both = compare({ command: [...wholeCommand, '--flagged'], ...bart }, { isSameWork: false }).rows
  const known = flags.get(most).rows
  const times = [...known].map(([name, { whole }]) => `${(both.get('command').whole / whole).toFixed(2)} x ${name}`)
  const beside = bart ? `; ${(both.get('command').whole / both.get('bart').whole).toFixed(2)} x Go bart in turn` : ''
  console.log(
    `\nnatplan overlaps --flagged of the same: ${both.get('command').whole.toFixed(0)} ms, ${both.get('command').megabytes.toFixed(0)} MB${beside}; ` +
      `against the rows above ${times.join(', ')}`,
  )

  told('flagsMost', both.get('command').whole / known.get('C++ -O2').whole)
  const summed = compare(
    { flagged: [...wholeCommand, '--flagged'], summary: [...wholeCommand, '--summary'] },
    { isSameWork: false },
  ).rows
  told('summary', summed.get('summary').whole / summed.get('flagged').whole)

  const sparse = files('sparse', most, smallLength)
  print(
    `Flags, ${most} against ${most}, small ones`,
    compare({ 'C++ -O2': [...reference, ...sparse], natplan: [...natplan, 'flags', ...sparse] }),
  )
  const work = {
    flags: [...natplan, 'flags', ...sparse],
    pairs: [...natplan, 'pairs', ...sparse, join(folder, 'pairs')],
  }
  const { rows } = compare(work, { isSameWork: false })
  const [once, all] = [rows.get('flags'), rows.get('pairs')]
  console.log(
    `\nAll ${all.result} pairs of them with file and line to a file: ${(all.whole / once.whole).toFixed(2)} x flags (at most 2), ${all.megabytes.toFixed(0)} MB`,
  )
  told('pairs', all.whole / once.whole)

  const used = join(folder, 'used')
  writePrefixes(used, few, { seed: 5, lengthOf: evenLength })
  const wanted = [used, '26', '10000']
  const blocks = compare({ 'cidr-tools': [...freePeer, ...wanted], natplan: [...natplan, 'free', ...wanted] })
  print('10,000 free blocks beside 10,000 used prefixes', blocks)
  told('free', blocks.rows.get('cidr-tools').inside / blocks.rows.get('natplan').inside)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
