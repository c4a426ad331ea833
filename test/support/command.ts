import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { WarmCommand } from './warm-command.ts'

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

/** Runs the built command with an environment of its own: no colours asked for, no terminal, no home but a place for compiled code. */
export function natplan(args: readonly string[], options: RunOptions = {}): Outcome {
  runs += 1
  return runs > 1 && canBeWarm(args, options) ? natplanWarm(args, options) : natplanCold(args, options)
}

/** How many runs a worker has begun: the first one is a process of its own, as a user begins it. */
let runs = 0

/** The same, in a process of its own whatever was run before. */
function natplanCold(args: readonly string[], { cwd, input, env }: RunOptions = {}): Outcome {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [commandFile, ...args], {
    cwd,
    input,
    env: { ...ownEnvironment, ...env },
    encoding: 'utf8',
    maxBuffer: 512 * 1024 * 1024,
  })
  if (error) throw error
  return { status, stdout, stderr }
}

const ownEnvironment = { PATH: process.env['PATH'], XDG_CACHE_HOME: cacheHome }

/** Standard input and variables that others than natplan read are those of a process; what only `natplan.cjs` does needs it. */
function canBeWarm(args: readonly string[], { input, env = {} }: RunOptions): boolean {
  const needsProcess = ['--version', '-V', 'lab', 'page', 'completion', '--get-yargs-completions']
  return (
    input === undefined &&
    Object.keys(env).every((name) => name.startsWith('NATPLAN_')) &&
    !needsProcess.includes(args[0] ?? '')
  )
}

let warm: WarmCommand | undefined

function natplanWarm(args: readonly string[], { cwd = process.cwd(), env = {} }: RunOptions): Outcome {
  warm ??= new WarmCommand(`${root}packages/cli/dist/main.cjs`, ownEnvironment)
  return warm.run({ args, cwd, env })
}
