import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Machine } from './machine.ts'
import { probeProgram, type Question, type Reply } from './probe-program.ts'

/** A process on a machine that listens there and calls from there, until it is closed. */
export class Probe {
  readonly #process: ChildProcessWithoutNullStreams
  readonly #waiting = new Map<number, (reply: Reply) => void>()
  #asked = 0
  #errors = ''
  #hasEnded = false

  constructor(machine: Machine) {
    this.#process = machine.open([process.execPath, '-e', `(${probeProgram})()`])
    createInterface({ input: this.#process.stdout }).on('line', (line) => {
      const { id, reply } = JSON.parse(line) as { readonly id: number; readonly reply: Reply }
      this.#waiting.get(id)?.(reply)
      this.#waiting.delete(id)
    })
    this.#process.stderr.on('data', (data) => {
      this.#errors += data
    })
    this.#process.stdin.on('error', () => {})
    this.#process.once('close', () => {
      this.#hasEnded = true
      for (const resolve of this.#waiting.values()) resolve(this.#ended())
      this.#waiting.clear()
    })
  }

  #ended(): Reply {
    return { answered: false, problem: `the probe has ended: ${this.#errors.trim()}` }
  }

  ask(question: Question): Promise<Reply> {
    if (this.#hasEnded) return Promise.resolve(this.#ended())
    this.#asked += 1
    const id = this.#asked
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve)
      this.#process.stdin.write(`${JSON.stringify({ id, question })}\n`)
    })
  }

  close(): void {
    this.#process.stdin.end()
  }
}
