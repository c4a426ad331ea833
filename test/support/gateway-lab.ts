import { Namespace } from './namespaces.ts'

/** Two sites with a gateway each, the internet between them, and hosts behind the gateways. */
export interface GatewayLab {
  /** 10.0.1.5/27 behind `near`. */
  readonly worker: Namespace
  /** 203.0.113.10 on eth1, hosts on eth0. */
  readonly near: Namespace
  /** 198.51.100.1; it has routes to both gateways' translated prefixes, as a tunnel between them would. */
  readonly internet: Namespace
  /** 192.0.2.20 on eth1, hosts on eth0. */
  readonly far: Namespace
  /** 10.0.1.77/24, 10.0.1.5/24 (the worker's address once more) and 10.50.0.9/16 behind `far`. */
  readonly server: Namespace
  remove(): Promise<void>
}

const forwarding = 'echo 1 > /proc/sys/net/ipv4/ip_forward'

export async function createGatewayLab(): Promise<GatewayLab> {
  const [worker, near, internet, far, server] = await Promise.all([
    Namespace.create(),
    Namespace.create(),
    Namespace.create(),
    Namespace.create(),
    Namespace.create(),
  ])
  worker.connect({ here: 'eth0', peer: near, there: 'eth0' })
  near.connect({ here: 'eth1', peer: internet, there: 'near' })
  far.connect({ here: 'eth1', peer: internet, there: 'far' })
  server.connect({ here: 'eth0', peer: far, there: 'eth0' })
  worker.script('ip addr add 10.0.1.5/27 dev eth0; ip route add default via 10.0.1.30')
  near.script(`${forwarding}; ip addr add 10.0.1.30/27 dev eth0; ip addr add 203.0.113.10/24 dev eth1
    ip route add default via 203.0.113.1`)
  internet.script(`${forwarding}; ip addr add 198.51.100.1/32 dev lo
    ip addr add 203.0.113.1/24 dev near; ip addr add 192.0.2.1/24 dev far
    ip route add 192.168.2.0/27 via 203.0.113.10
    ip route add 192.168.1.0/24 via 192.0.2.20; ip route add 10.50.0.0/16 via 192.0.2.20`)
  far.script(`${forwarding}; ip addr add 10.0.1.254/24 dev eth0; ip addr add 10.50.0.1/16 dev eth0
    ip addr add 192.0.2.20/24 dev eth1; ip route add default via 192.0.2.1`)
  server.script(`ip addr add 10.0.1.77/24 dev eth0; ip addr add 10.0.1.5/24 dev eth0
    ip addr add 10.50.0.9/16 dev eth0; ip route add default via 10.0.1.254`)
  const all = [worker, near, internet, far, server]
  const remove = async () => {
    await Promise.all(all.map((namespace) => namespace.remove()))
  }
  return { worker, near, internet, far, server, remove }
}

const port = 7000

const listenerProgram = `
  require('node:net')
    .createServer((socket) => socket.end(socket.remoteAddress + ' ' + socket.localAddress).on('error', () => {}))
    .listen(${port}, '0.0.0.0', () => console.log('ready'))
`

const callerProgram = `
  const [localAddress, host] = process.argv.slice(1)
  const socket = require('node:net').connect({ host, port: ${port}, localAddress })
  socket.setTimeout(1500, () => socket.destroy(new Error('no answer')))
  socket.on('data', (data) => process.stdout.write(data)).on('error', (error) => console.log(error.message))
`

/** Starts a server that tells each caller under which address it sees it, and under which it was called. */
export async function listen(namespace: Namespace): Promise<void> {
  const child = namespace.start([process.execPath, '-e', listenerProgram], { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve())
    child.once('exit', (status) => reject(new Error(`the server ended with status ${status}`)))
  })
}

/** What the server at an address answers to a call from an address: the caller and itself as it sees them, or `no answer`. */
export function call(namespace: Namespace, from: string, to: string): string {
  return namespace.run(process.execPath, '-e', callerProgram, from, to).trim()
}

/** The packets that a rule with this comment has counted, by nft's own JSON. */
export function counted(namespace: Namespace, comment: string): number {
  return rulesOf(namespace)
    .filter((rule) => rule.comment === comment)
    .reduce((sum, rule) => sum + packetsOf(rule), 0)
}

/** The packets that the rules of a chain of natplan's table have counted. */
export function countedIn(namespace: Namespace, chain: string): number {
  return rulesOf(namespace)
    .filter((rule) => rule.table === 'natplan' && rule.chain === chain)
    .reduce((sum, rule) => sum + packetsOf(rule), 0)
}

interface ListedRule {
  readonly table: string
  readonly chain: string
  readonly comment?: string
  readonly expr: readonly { readonly counter?: { readonly packets: number } }[]
}

function rulesOf(namespace: Namespace): ListedRule[] {
  const { nftables } = JSON.parse(namespace.run('nft', '--json', 'list', 'ruleset')) as {
    readonly nftables: readonly { readonly rule?: ListedRule }[]
  }
  return nftables.flatMap(({ rule }) => rule ?? [])
}

function packetsOf({ expr }: ListedRule): number {
  return expr.reduce((sum, { counter }) => sum + (counter?.packets ?? 0), 0)
}
