import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { main } from '../../packages/cli/src/main.ts'
import type { Input } from './inputs.ts'

/** What moves a cursor, hides text or turns it around; line ends are natplan's own. */
const invisible = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

/** No input of this size has more to say; lists of pairs have bounds of their own. */
const mostOutput = 30_000_000

/** Runs the command inside of this process in a folder that holds the files, and returns what is wrong with it. */
export async function problemsOf({ args, files, secret }: Input, folder: string): Promise<string[]> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'args.json'), JSON.stringify(args))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const { status, output } = await captured(() =>
    main(
      args.map((one) =>
        one.replace(/(^|=)([\w-]+\.(?:txt|yaml|json))$/, (_, before, name) => `${before}${join(folder, name)}`),
      ),
    ),
  )
  const hidden = invisible.exec(output)
  return [
    ...(status === 70 ? [`ends with 70: ${output.slice(-1500)}`] : []),
    ...(output.includes(secret) ? [`shows ${secret}: ${around(output, output.indexOf(secret))}`] : []),
    ...(hidden ? [`prints ${JSON.stringify(hidden[0])}: ${JSON.stringify(around(output, hidden.index))}`] : []),
    ...(output.length > mostOutput ? [`prints ${output.length} characters`] : []),
  ]
}

function around(text: string, at: number): string {
  return text.slice(Math.max(0, at - 200), at + 100)
}

async function captured(run: () => Promise<number>): Promise<{ readonly status: number; readonly output: string }> {
  const pieces: string[] = []
  const streams = [process.stdout, process.stderr]
  const writes = streams.map((stream) => stream.write)
  const listeners = process.stdout.listeners('error')
  for (const stream of streams) {
    stream.write = (piece: string | Uint8Array) => {
      pieces.push(typeof piece === 'string' ? piece : Buffer.from(piece).toString('utf8'))
      return true
    }
  }
  try {
    const status = await run()
    return { status, output: pieces.join('') }
  } finally {
    for (const [index, stream] of streams.entries()) stream.write = writes[index] as typeof stream.write
    for (const listener of process.stdout.listeners('error')) {
      if (!listeners.includes(listener)) process.stdout.off('error', listener as () => void)
    }
  }
}
