import { main } from '../../packages/cli/src/main.ts'

/** What a command said on both streams, in the order in which it did. */
export interface Said {
  readonly status: number
  readonly output: string
}

/** Runs the command inside of this process, which is what makes thousands of runs possible. */
export async function inProcess(args: readonly string[]): Promise<Said> {
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
    const status = await main(args)
    return { status, output: pieces.join('') }
  } finally {
    for (const [index, stream] of streams.entries()) stream.write = writes[index] as typeof stream.write
    for (const listener of process.stdout.listeners('error')) {
      if (!listeners.includes(listener)) process.stdout.off('error', listener as () => void)
    }
  }
}
