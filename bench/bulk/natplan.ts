// natplan's own row: counts what overlaps between two files, whole process or `in-process`; prints "LEFT RIGHT MILLISECONDS".
import { closeSync, openSync, readSync } from 'node:fs'
import { findOverlaps, LineReader, PrefixTable } from '@natplan/core'

const chunk = new Uint8Array(65_536)

function tableOf(path: string): PrefixTable {
  const table = new PrefixTable()
  const reader = new LineReader(table)
  const file = openSync(path, 'r')
  for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk)) reader.push(chunk, size)
  closeSync(file)
  const { faultCount } = reader.finish()
  if (faultCount > 0) throw new Error(`${path} has faulty lines`)
  return table
}

const start = performance.now()
const sides = process.argv.slice(2, 4).map(tableOf)
const [left, right] = findOverlaps(sides).flagged
console.log(left, right, (performance.now() - start).toFixed(1))
if (process.env['SHOW']) console.log(process.resourceUsage().maxRSS / 1024)
