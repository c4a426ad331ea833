/** What a probe is asked, a line of JSON each. Times are milliseconds. */
export type Question =
  | { readonly kind: 'listen'; readonly addresses: readonly string[]; readonly port: number }
  | ({ readonly kind: 'tcp' | 'udp' } & Call)
  | {
      readonly kind: 'icmp'
      readonly source: string
      readonly to: string
      readonly size: number
      readonly timeout: number
      readonly goesOn?: boolean
    }
  | ({ readonly kind: 'upload'; readonly bytes: number } & Call)

interface Call {
  readonly source: string
  readonly sourcePort: number
  readonly to: string
  readonly port: number
  readonly timeout: number
  /** Whether to wait for the answer to what follows the first answer as well; over TCP something always follows. */
  readonly goesOn?: boolean
}

/** What it answers. */
export interface Reply {
  readonly answered: boolean
  /** Whether what followed the first answer was answered, if anything did. */
  readonly goesOn?: boolean
  /** What the listener saw: the caller's address and the one that was called. */
  readonly seen?: readonly [string, string]
  /** Of an upload, as the receiver counted them. */
  readonly bytes?: number
  readonly problem?: string
}

/**
 * The program that listens and calls on a machine of a lab. It is run from its own text in a process of its own there, so it refers
 * to nothing outside itself.
 */
export function probeProgram(): void {
  const net = process.getBuiltinModule('node:net')
  const dgram = process.getBuiltinModule('node:dgram')
  const { spawn } = process.getBuiltinModule('node:child_process')
  const readline = process.getBuiltinModule('node:readline')
  const listening = new Set<string>()
  /** Milliseconds. */
  const patience = 4000

  function listenTcp(port: number): Promise<void> {
    if (listening.has(`${port}`)) return Promise.resolve()
    listening.add(`${port}`)
    const made = net.createServer({ allowHalfOpen: true }, (socket) => {
      let bytes = 0
      socket.on('error', () => {})
      socket.write(`${socket.remoteAddress} ${socket.localAddress}\n`)
      socket.on('data', (data) => {
        bytes += data.length
      })
      socket.on('end', () => socket.end(`${bytes}\n`))
    })
    // Where another probe listens already, that one answers the same.
    return new Promise((resolve) => made.on('error', () => resolve()).listen(port, '0.0.0.0', resolve))
  }

  // One socket for each address: an answer must come from the address that was called.
  function listenUdp(address: string, port: number): Promise<void> {
    if (listening.has(`${address} ${port}`)) return Promise.resolve()
    listening.add(`${address} ${port}`)
    const socket = dgram.createSocket('udp4')
    socket.on('message', (data, { address: caller, port: callerPort }) => {
      socket.send(`${caller} ${address} ${data}`, callerPort, caller, () => {})
    })
    return new Promise((resolve) => socket.on('error', () => resolve()).bind(port, address, resolve))
  }

  function seenIn(line: string): readonly [string, string] {
    const [caller = '', called = ''] = line.trim().split(' ')
    return [caller, called]
  }

  // The kernel waits twice as long each time before it begins again; a tunnel that is up by then would not be asked.
  async function connect(call: Call, bytes: number | undefined): Promise<Reply> {
    const end = performance.now() + call.timeout
    let reply: Reply | undefined
    while (!reply) {
      const left = Math.max(1, end - performance.now())
      reply = await connectOnce({ ...call, timeout: left }, bytes, left > patience ? patience : undefined)
    }
    return reply
  }

  // Nothing where nobody has taken the call for so long.
  function connectOnce(
    call: Call,
    bytes: number | undefined,
    patience: number | undefined,
  ): Promise<Reply | undefined> {
    return new Promise((resolve) => {
      const { source: localAddress, sourcePort: localPort, to: host, port } = call
      const socket = net.connect({ host, port, localAddress, localPort })
      let said = ''
      const timer = setTimeout(() => socket.destroy(new Error('no answer')), call.timeout)
      const again = patience === undefined ? undefined : setTimeout(() => done(undefined), patience)
      const done = (reply: Reply | undefined) => {
        clearTimeout(timer)
        clearTimeout(again)
        if (reply) resolve(reply)
        else socket.removeAllListeners('close').on('close', () => resolve(undefined))
        socket.destroy()
      }
      socket.on('connect', () => {
        clearTimeout(again)
        if (bytes !== undefined) socket.end(Buffer.alloc(bytes, 'natplan '))
      })
      socket.on('data', (data) => {
        said += data
        const [first, second] = said.split('\n')
        if (bytes === undefined && said.includes('\n'))
          done({ answered: true, goesOn: true, seen: seenIn(first ?? '') })
        if (/\n.*\n/.test(said)) done({ answered: true, seen: seenIn(first ?? ''), bytes: Number(second) })
      })
      socket.on('error', (error) => done({ answered: false, problem: error.message }))
      socket.on('close', () => done({ answered: false, problem: 'closed' }))
    })
  }

  // Whoever answers is heard, wherever the answer comes from.
  function datagram({ source, sourcePort, to, port, timeout, goesOn = false }: Call): Promise<Reply> {
    return new Promise((resolve) => {
      const socket = dgram.createSocket('udp4')
      let first: Reply | undefined
      // What was sent again for want of an answer is answered as well: only what follows the first answer says that the call goes on.
      const send = () => socket.send(first ? 'again\n' : 'natplan\n', port, to, () => {})
      const again = setInterval(send, 300)
      const done = (reply: Reply) => {
        clearInterval(again)
        clearTimeout(timer)
        resolve(reply)
        socket.removeAllListeners('error').on('error', () => {})
        socket.close()
      }
      const fail = (problem: string) => done(first ?? { answered: false, problem })
      const timer = setTimeout(() => fail('no answer'), timeout)
      socket.on('error', (error) => fail(error.message))
      socket.on('message', (data, { address }) => {
        if (address !== to) return fail(`answer of ${address}`)
        if (first) {
          if (String(data).endsWith(' again\n')) done({ ...first, goesOn: true })
          return
        }
        first = { answered: true, goesOn: false, seen: seenIn(String(data)) }
        if (goesOn) send()
        else done(first)
      })
      socket.bind(sourcePort, source, send)
    })
  }

  // The first packets of a tunnel are lost, and ping does not send one again that is lost.
  async function echo(
    source: string,
    to: string,
    { size, timeout, goesOn = false }: { size: number; timeout: number; goesOn?: boolean },
  ): Promise<Reply> {
    const count = goesOn ? ['-c', '2', '-i', '0.3'] : ['-c', '1']
    let answers = 0
    const end = performance.now() + timeout
    do {
      const ping = spawn('ping', ['-n', ...count, '-W', '1', '-s', String(size), '-I', source, to], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      let said = ''
      ping.stdout.on('data', (data) => {
        said += data
      })
      const status = await new Promise((resolve) => ping.on('error', resolve).on('close', resolve))
      if (typeof status !== 'number') return { answered: false, problem: 'there is no ping' }
      if (status === 0) answers = Math.max(answers, said.match(/ttl=/g)?.length ?? 1)
      if (answers > 0 && (!goesOn || answers > 1)) return { answered: true, goesOn: answers > 1 }
    } while (performance.now() < end)
    if (answers > 0) return { answered: true, goesOn: false }
    return { answered: false, problem: 'no answer' }
  }

  async function answer(question: Question): Promise<Reply> {
    if (question.kind === 'listen') {
      await listenTcp(question.port)
      await Promise.all(question.addresses.map((address) => listenUdp(address, question.port)))
      return { answered: true }
    }
    if (question.kind === 'icmp') return echo(question.source, question.to, question)
    if (question.kind === 'udp') return datagram(question)
    return connect(question, question.kind === 'upload' ? question.bytes : undefined)
  }

  readline.createInterface({ input: process.stdin }).on('line', async (line) => {
    const { id, question } = JSON.parse(line) as { id: number; question: Question }
    const reply = await answer(question)
    process.stdout.write(`${JSON.stringify({ id, reply })}\n`)
  })
  process.stdin.on('end', () => process.exit())
}
