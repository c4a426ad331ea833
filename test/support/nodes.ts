import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './command.ts'

/** A Node.js that natplan must run on, and the folder that puts it first in PATH; or what is lacking. */
export interface NodeOfLine {
  readonly line: number
  readonly folder: string
  readonly lacks: string | undefined
}

/** The lines that `engines` of the packages names. */
const lines = [20, 22, 24]

/** One Node.js of each line: the one that runs this, and the npm packages that hold the others, installed once. */
export function nodesOfAllLines(): NodeOfLine[] {
  return lines.map(nodeOf)
}

function nodeOf(line: number): NodeOfLine {
  if (process.version.startsWith(`v${line}.`)) return { line, folder: dirname(process.execPath), lacks: undefined }
  const name = `node-${process.platform}-${process.arch}`
  const place = join(root, 'node_modules', '.cache', 'natplan', `node-${line}`)
  const folder = join(place, 'node_modules', name, 'bin')
  if (isRunning(folder)) return { line, folder, lacks: undefined }
  mkdirSync(place, { recursive: true })
  const args = ['install', '--prefix', place, '--no-audit', '--no-fund', `${name}@${line}`]
  const { stderr } = spawnSync('npm', args, { cwd: place, encoding: 'utf8', timeout: 120_000 })
  return { line, folder, lacks: isRunning(folder) ? undefined : `npm package ${name}@${line} (${firstLine(stderr)})` }
}

function isRunning(folder: string): boolean {
  return spawnSync(join(folder, 'node'), ['--version']).status === 0
}

function firstLine(text: string | null): string {
  return (text ?? '').trim().split('\n')[0] ?? ''
}
