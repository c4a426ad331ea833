// natplan's rows, in a process without the command: `flags`, `counts` and `pairs` of two files, `free` beside one.
import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { findOverlaps, LineReader, PoolSpace, Prefix, PrefixTable } from '@natplan/core'

const pools = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map((text) => Prefix.parse(text))

function tableOf(path: string): PrefixTable {
  const table = new PrefixTable()
  const reader = new LineReader(table)
  const piece = new Uint8Array(65_536)
  const file = openSync(path, 'r')
  for (let size = readSync(file, piece); size > 0; size = readSync(file, piece)) reader.push(piece, size)
  closeSync(file)
  const { faultCount } = reader.finish()
  if (faultCount > 0) throw new Error(`${path} has faulty lines`)
  return table
}

/** Every pair with file and line into a file; returns how many. */
function writePairs(sides: readonly PrefixTable[], path: string): number {
  const bytes = new Uint8Array(65_536)
  const texts = findOverlaps(sides).pairTexts({
    start: '',
    beforeLine: [' left.txt:', ' right.txt:'],
    between: { equal: ' = ', contains: ' > ', inside: ' < ' },
    end: '\n',
  })
  const file = openSync(path, 'w')
  while (!texts.isDone) writeSync(file, bytes, 0, texts.write(bytes, 0))
  closeSync(file)
  return texts.written
}

function free(path: string, length: number, count: number): string {
  const blocks = new PoolSpace(pools, [tableOf(path)]).freeBlocks(length, count)
  return `${blocks.length} ${blocks.at(-1)}`
}

/** The flags, and how many pairs there are of each kind. */
function count(sides: readonly PrefixTable[]): string {
  const overlaps = findOverlaps(sides)
  overlaps.countPairs()
  return overlaps.flagged.join(' ')
}

const [work, ...given] = process.argv.slice(2)
const start = performance.now()
let result = ''
if (work === 'flags') result = findOverlaps(given.map(tableOf)).flagged.join(' ')
else if (work === 'counts') result = count(given.map(tableOf))
else if (work === 'pairs') result = String(writePairs(given.slice(0, 2).map(tableOf), given[2] as string))
else if (work === 'free') result = free(given[0] as string, Number(given[1]), Number(given[2]))
console.log(result, (performance.now() - start).toFixed(1))
