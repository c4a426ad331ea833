import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const commandFile = `${root}packages/cli/dist/natplan.cjs`

export interface Outcome {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd?: string
  readonly input?: string | Buffer
  readonly env?: Readonly<Record<string, string>>
}

/** Where compiled code is kept between runs. */
export const cacheHome = `${root}node_modules/.cache/home`

/** Runs the real command with an environment of its own: no colours asked for, no terminal, no home but a place for compiled code. */
export function natplan(args: readonly string[], { cwd, input, env }: RunOptions = {}): Outcome {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [commandFile, ...args], {
    cwd,
    input,
    env: { PATH: process.env['PATH'], XDG_CACHE_HOME: cacheHome, ...env },
    encoding: 'utf8',
    maxBuffer: 512 * 1024 * 1024,
  })
  if (error) throw error
  return { status, stdout, stderr }
}
