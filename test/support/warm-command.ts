import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Outcome } from './command.ts'

interface Request {
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

const program = fileURLToPath(new URL('warm-command.cjs', import.meta.url))

/** A process that has the built command loaded and runs one command line after the other: most of a short run is the start. */
export class WarmCommand {
  readonly #requests: number
  readonly #replies: number
  #rest = ''

  /** `file`: the bundle that exports `main`. The process ends with this one. */
  constructor(file: string, env: NodeJS.ProcessEnv) {
    const folder = mkdtempSync(join(tmpdir(), 'natplan-warm-'))
    const [requests, replies] = [join(folder, 'requests'), join(folder, 'replies')]
    const { status, stderr } = spawnSync('mkfifo', [requests, replies], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`mkfifo: ${stderr}`)
    const child = spawn(process.execPath, [program, file, requests, replies], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    child.unref()
    this.#requests = openSync(requests, 'w')
    this.#replies = openSync(replies, 'r')
    rmSync(folder, { recursive: true })
  }

  run(request: Request): Outcome {
    writeSync(this.#requests, `${JSON.stringify(request)}\n`)
    return JSON.parse(this.#nextLine()) as Outcome
  }

  #nextLine(): string {
    const piece = Buffer.alloc(1 << 20)
    while (!this.#rest.includes('\n')) {
      const length = readSync(this.#replies, piece)
      if (length === 0) throw new Error('the command ended its process')
      this.#rest += piece.toString('latin1', 0, length)
    }
    const end = this.#rest.indexOf('\n')
    const line = this.#rest.slice(0, end)
    this.#rest = this.#rest.slice(end + 1)
    return Buffer.from(line, 'latin1').toString()
  }
}
