import { type SpawnOptionsWithoutStdio, spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

export interface Ran {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly input?: string
  /** Milliseconds; the program is ended then. */
  readonly timeout?: number
}

/** Where root's programs are, even if PATH leaves that out. */
const rootFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/local/bin', '/usr/bin', '/bin']

/** PATH for everything that runs in a lab. */
export const searchPath = [...new Set([...(process.env['PATH'] ?? '').split(delimiter), ...rootFolders])]
  .filter((folder) => folder !== '')
  .join(delimiter)

/** Returns the path of a program, or `undefined` where there is none. */
export function findProgram(name: string): string | undefined {
  return searchPath
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable)
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export function startProgram([program = '', ...args]: readonly string[], options: SpawnOptionsWithoutStdio = {}) {
  return spawn(findProgram(program) ?? program, args, { env: { ...process.env, PATH: searchPath }, ...options })
}

/** Runs a program to its end, whatever its status; only one that cannot be started throws. */
export function runProgram(
  command: readonly string[],
  { input = '', timeout = 60_000 }: RunOptions = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = startProgram(command, { timeout, killSignal: 'SIGKILL' })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (data: Buffer) => stdout.push(data))
    child.stderr.on('data', (data: Buffer) => stderr.push(data))
    child.once('error', reject)
    child.once('close', (status) => {
      resolve({
        status: status ?? -1,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      })
    })
    // A program that does not read its input may be gone before it is written.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}
