import { main } from '../../packages/cli/src/main.ts'
import { writer } from '../../packages/cli/src/terminal/streams.ts'

/** What a command said on both streams, in the order in which it did. */
export interface Said {
  readonly status: number
  readonly output: string
}

/** Runs the command inside of this process, which is what makes thousands of runs possible. */
export async function inProcess(args: readonly string[]): Promise<Said> {
  const pieces: string[] = []
  const { write } = writer
  const streamWrite = process.stdout.write
  const listeners = process.stdout.listeners('error')
  writer.write = (_, text) => void pieces.push(text)
  // Results of any length go to the stream itself.
  process.stdout.write = (piece: string | Uint8Array) => {
    pieces.push(typeof piece === 'string' ? piece : Buffer.from(piece).toString('utf8'))
    return true
  }
  try {
    const status = await main(args)
    return { status, output: pieces.join('') }
  } finally {
    writer.write = write
    process.stdout.write = streamWrite
    for (const listener of process.stdout.listeners('error')) {
      if (!listeners.includes(listener)) process.stdout.off('error', listener as () => void)
    }
  }
}
