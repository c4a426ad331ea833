import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { program } from '../support/require.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** A port of the loopback interface that nobody has. */
async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  await once(socket, 'close')
  return port
}

/** How a server is told to read a text, on a port of the loopback interface, in a folder of its own. */
interface Setting {
  readonly program: string
  readonly files: (place: Place) => Readonly<Record<string, string>>
  readonly options: (place: Place) => readonly string[]
  /** Looks at the text before the server does. */
  readonly check?: (place: Place) => readonly [program: string, ...options: string[]]
}

interface Place {
  readonly folder: string
  readonly port: number
  readonly text: string
}

/** Nobody stands behind them to ask: what is not in the text has no answer. */
const settings = {
  dnsmasq: {
    program: 'dnsmasq',
    files: ({ text }) => ({ 'names.conf': text }),
    options: ({ folder, port }) => [
      '--keep-in-foreground',
      `--port=${port}`,
      '--listen-address=127.0.0.1',
      '--bind-interfaces',
      '--no-resolv',
      '--no-hosts',
      '--pid-file=',
      '--user=',
      `--conf-file=${join(folder, 'names.conf')}`,
    ],
    check: ({ folder }) => ['dnsmasq', '--test', `--conf-file=${join(folder, 'names.conf')}`],
  },
  'dnsmasq of a hosts file': {
    program: 'dnsmasq',
    files: ({ text }) => ({ hosts: text }),
    options: ({ folder, port }) => [
      '--keep-in-foreground',
      `--port=${port}`,
      '--listen-address=127.0.0.1',
      '--bind-interfaces',
      '--no-resolv',
      '--no-hosts',
      '--pid-file=',
      '--user=',
      '--conf-file=/dev/null',
      `--addn-hosts=${join(folder, 'hosts')}`,
    ],
  },
  unbound: {
    program: 'unbound',
    files: ({ folder, port, text }) => ({
      'names.conf': text,
      'unbound.conf': `server:
  interface: 127.0.0.1@${port}
  port: ${port}
  do-daemonize: no
  chroot: ""
  username: ""
  directory: "${folder}"
  pidfile: ""
  use-syslog: no
  module-config: "iterator"
  local-zone: "." refuse
remote-control:
  control-enable: no
include: "${folder}/names.conf"
`,
    }),
    options: ({ folder }) => ['-d', '-c', join(folder, 'unbound.conf')],
    check: ({ folder }) => ['unbound-checkconf', join(folder, 'unbound.conf')],
  },
  named: {
    program: 'named',
    files: ({ folder, port, text }) => ({
      'names.zone': text,
      // The two lines of the text's own heading, as people would enter them.
      'named.conf': `options {
  directory "${folder}";
  listen-on port ${port} { 127.0.0.1; };
  listen-on-v6 { none; };
  pid-file none;
  session-keyfile none;
  recursion yes;
  empty-zones-enable no;
  forwarders { 127.0.0.1 port 9; };
  forward only;
  dnssec-validation no;
  ${lineOf(text, 'response-policy')}
};
controls { };
${lineOf(text, 'zone').replace('THIS FILE', join(folder, 'names.zone'))}
`,
    }),
    options: ({ folder }) => ['-g', '-n', '1', '-c', join(folder, 'named.conf')],
    check: ({ folder }) => ['named-checkconf', '-z', join(folder, 'named.conf')],
  },
  'named with a zone': {
    program: 'named',
    files: ({ folder, port, text }) => ({
      'names.zone': text,
      'named.conf': `options {
  directory "${folder}";
  listen-on port ${port} { 127.0.0.1; };
  listen-on-v6 { none; };
  pid-file none;
  session-keyfile none;
  recursion no;
};
controls { };
zone "${/^\$ORIGIN (.*)\.$/m.exec(text)?.[1]}" { type primary; file "${folder}/names.zone"; };
`,
    }),
    options: ({ folder }) => ['-g', '-n', '1', '-c', join(folder, 'named.conf')],
    check: ({ folder }) => ['named-checkconf', '-z', join(folder, 'named.conf')],
  },
  coredns: {
    program: 'coredns',
    // The port of the text is the one of DNS, which a test does not have.
    files: ({ port, text }) => ({
      Corefile: text.replaceAll(':53', `:${port}`).replace('errors', 'errors\n    bind 127.0.0.1'),
    }),
    options: ({ folder }) => ['-conf', join(folder, 'Corefile')],
  },
} as const satisfies Record<string, Setting>

function lineOf(text: string, word: string): string {
  return new RegExp(`^; (?:named.conf: )?(${word} .*)$`, 'm').exec(text)?.[1] ?? ''
}

export type ServerName = keyof typeof settings

export class DnsServer {
  readonly #resolver: Resolver
  readonly port: number

  private constructor(port: number) {
    this.port = port
    this.#resolver = new Resolver({ timeout: 2000, tries: 2 })
    this.#resolver.setServers([`127.0.0.1:${port}`])
  }

  /** Starts a server that ends with the test, and waits until it answers. */
  static async start(name: ServerName, text: string): Promise<DnsServer> {
    const setting: Setting = settings[name]
    const place = { folder: temporaryFolder(), port: await freePort(), text }
    for (const [file, content] of Object.entries(setting.files(place))) writeFileSync(join(place.folder, file), content)
    checkText(setting, place)
    const child = spawn(program(setting.program), setting.options(place), {
      cwd: place.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    onTestFinished(() => stop(child))
    const server = new DnsServer(place.port)
    await server.#answers(child)
    return server
  }

  async #answers(child: ChildProcess): Promise<void> {
    const said: string[] = []
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => said.push(String(data)))
    for (let tries = 0; tries < 100; tries++) {
      if (child.exitCode !== null) throw new Error(`the server ended: ${said.join('')}`)
      const code = await this.#resolver.resolve4('natplan.invalid').then(
        () => '',
        ({ code }) => String(code),
      )
      if (code !== 'ECONNREFUSED' && code !== 'ETIMEOUT') return
      await sleep(100)
    }
    throw new Error(`the server does not answer: ${said.join('')}`)
  }

  /** Sorted addresses of both families; none where it has none. */
  async addresses(name: string): Promise<string[]> {
    const [four, six] = await Promise.all([
      orNone(this.#resolver.resolve4(name)),
      orNone(this.#resolver.resolve6(name)),
    ])
    return [...four, ...six].sort()
  }

  async names(address: string): Promise<string[]> {
    return orNone(this.#resolver.reverse(address))
  }
}

function checkText({ check }: Setting, place: Place): void {
  if (!check) return
  const [name, ...options] = check(place)
  const { status, stdout, stderr } = spawnSync(program(name), options, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${name}: ${stdout}${stderr}`)
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

/** An answer without records is none; that nothing answers is an error. */
function orNone(answer: Promise<string[]>): Promise<string[]> {
  return answer.catch((error: { readonly code?: string }) => {
    if (['ENOTFOUND', 'ENODATA', 'EREFUSED', 'ESERVFAIL'].includes(String(error.code))) return []
    throw error
  })
}
