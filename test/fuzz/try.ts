import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inProcess } from '../support/in-process.ts'
import { invisible } from '../support/invisible.ts'
import type { Input } from './inputs.ts'

/** No input of this size has more to say; lists of pairs have bounds of their own. */
const mostOutput = 30_000_000

/** As files of nftables have them, which natplan prints for a Linux gateway. */
const indents = /^\t+/gm

/** Runs the command inside of this process in a folder that holds the files, and returns what is wrong with it. */
export async function problemsOf({ args, files, secret }: Input, folder: string): Promise<string[]> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'args.json'), JSON.stringify(args))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const { status, output } = await inProcess(
    args.map((one) =>
      one.replace(/(^|=)([\w-]+\.(?:txt|yaml|json))$/, (_, before, name) => `${before}${join(folder, name)}`),
    ),
  )
  const shown = args[0] === 'vyatta' ? output.replace(indents, '') : output
  const hidden = invisible.exec(shown)
  return [
    ...(status === 70 ? [`ends with 70: ${output.slice(-1500)}`] : []),
    ...(output.includes(secret) ? [`shows ${secret}: ${around(output, output.indexOf(secret))}`] : []),
    ...(hidden ? [`prints ${JSON.stringify(hidden[0])}: ${JSON.stringify(around(shown, hidden.index))}`] : []),
    ...(output.length > mostOutput ? [`prints ${output.length} characters`] : []),
  ]
}

function around(text: string, at: number): string {
  return text.slice(Math.max(0, at - 200), at + 100)
}
