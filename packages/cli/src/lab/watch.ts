import type { Machine } from './machine.ts'
import type { LabTopology, MachinePlan } from './topology.ts'

const table = 'natplan-lab'

/** Packets of hosts, known by their addresses and, as ports stay what they are on the way, by their ports. */
export interface SeenPacket {
  readonly source: string
  readonly destination: string
  readonly protocol: 'tcp' | 'udp' | 'icmp'
  /** Ports; for an ICMP echo its length on both sides, for that stays as well. */
  readonly sourcePort: number
  readonly destinationPort: number
  /** Whether an ICMP echo is an answer. */
  readonly isAnswer: boolean
}

/** What one packet is known by wherever it is seen: the port of the caller, for an ICMP echo its length. */
export interface Mark {
  readonly protocol: SeenPacket['protocol']
  readonly mark: number
}

/** Reports whether what was seen is a packet or the answer to it. Nobody listens on the port of a caller. */
export function isMarked(seen: SeenPacket, { protocol, mark }: Mark, isAnswer: boolean): boolean {
  if (seen.protocol !== protocol) return false
  if (protocol === 'icmp') return seen.isAnswer === isAnswer && seen.sourcePort === mark
  return (isAnswer ? seen.destinationPort : seen.sourcePort) === mark
}

/** What a machine counts as long as it is there. */
export interface Counts {
  /** How many packets the reverse-path filter has dropped. */
  readonly reversePathDrops: number
}

/** What one machine has seen since it was last cleared. */
export interface Sight extends Counts {
  /** Came in and was let through to routing. */
  readonly routed: readonly SeenPacket[]
  /** Was for the machine itself. */
  readonly received: readonly SeenPacket[]
  readonly forwarded: readonly SeenPacket[]
  /** On the internet: neither ESP nor IKE between gateways. */
  readonly clear: readonly SeenPacket[]
  /** On the internet: packets of ESP, since the lab was built. */
  readonly encrypted: number
  /** Long TCP packets that may be cut up on their way. */
  readonly mayFragment: number
}

const ports = 'ip saddr . ip daddr . meta l4proto . th sport . th dport'
const echo = 'ip saddr . ip daddr . icmp type . ip length'

function sets(name: string): string {
  return [
    `set ${name} { typeof ${ports}; flags dynamic; size 65536; }`,
    `set ${name}-icmp { typeof ${echo}; flags dynamic; size 65536; }`,
  ].join('\n')
}

function record(name: string): string {
  return [
    `ip protocol { tcp, udp } add @${name} { ${ports} }`,
    `ip protocol icmp icmp type { echo-request, echo-reply } add @${name}-icmp { ${echo} }`,
  ].join('\n')
}

/** The last of all in prerouting: what comes by here and neither in nor on was dropped by routing, of which the reverse-path filter is a part. */
const onEveryMachine = `
${sets('routed')}
${sets('received')}
${sets('forwarded')}
counter may-fragment { }
chain prerouting {
  type filter hook prerouting priority 300; policy accept;
  ${record('routed')}
}
chain input {
  type filter hook input priority 300; policy accept;
  ${record('received')}
}
chain forward {
  type filter hook forward priority 300; policy accept;
  ip protocol tcp ip length > 1000 ip frag-off & 0x4000 == 0 counter name may-fragment
  ${record('forwarded')}
}
`

/** What the internet may see of a tunnel, and the errors about it; everything else is in clear. It carries nothing to private addresses. */
function onInternet(gateways: readonly string[]): string {
  const between = 'ip saddr @gateways ip daddr @gateways'
  return `
set gateways { type ipv4_addr; elements = { ${gateways.join(', ')} } }
${sets('clear')}
set clear-other { typeof ip saddr . ip daddr . meta l4proto; flags dynamic; size 65536; }
counter encrypted { }
chain watch {
  type filter hook prerouting priority -300; policy accept;
  ${between} ip protocol esp counter name encrypted accept
  ${between} udp dport { 500, 4500 } counter name encrypted accept
  # An answer to a peer whose masquerade gave IKE another port.
  ${between} udp sport { 500, 4500 } counter name encrypted accept
  ${between} icmp type { destination-unreachable, time-exceeded, parameter-problem } accept
  ip daddr 224.0.0.0/4 accept
  ${record('clear')}
  ip protocol != { tcp, udp, icmp } add @clear-other { ip saddr . ip daddr . meta l4proto }
}
chain drop-private {
  type filter hook forward priority 0; policy accept;
  ip daddr @gateways accept
  ip daddr { 10.0.0.0/8, 100.64.0.0/10, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16, 198.18.0.0/15 } drop
}
`
}

/** The rules by which a machine remembers what it sees; they change nothing, but that the internet has no private addresses. */
export function watchRules({ kind }: MachinePlan, { gateways }: Pick<LabTopology, 'gateways'>): string {
  const further =
    kind === 'internet'
      ? onInternet(gateways.flatMap(({ address, uplinks = [] }) => [address, ...uplinks.map((one) => one.address)]))
      : ''
  return `table inet ${table} {${onEveryMachine}${further}}\n`
}

/** Gives a gateway another address, from which and to which tunnels may go. */
export async function addGatewayAddress(machine: Machine, address: string): Promise<void> {
  await machine.run(['nft', 'add', 'element', 'inet', table, 'gateways', `{ ${address} }`])
}

/** Lets a machine forget what it has seen; returns what it has counted. */
export async function clearSight(machine: Machine, kind: MachinePlan['kind']): Promise<Counts> {
  const names = ['routed', 'received', 'forwarded', ...(kind === 'internet' ? ['clear'] : [])]
  const flushes = names.flatMap((name) => [name, `${name}-icmp`]).map((name) => `flush set inet ${table} ${name}\n`)
  const other = kind === 'internet' ? `flush set inet ${table} clear-other\n` : ''
  await machine.run(['nft', '--file', '-'], { input: flushes.join('') + other })
  return { reversePathDrops: reversePathDrops(machine.statistics()) }
}

const dump = ['nft', '--json', '--numeric', 'list', 'table', 'inet', table]

/** What a machine has seen since it was cleared. */
export async function see(machine: Machine): Promise<Sight> {
  const { nftables } = JSON.parse(await machine.run(dump)) as { readonly nftables: readonly Listed[] }
  const seen = (name: string) => [
    ...elementsOf(nftables, name).map(packetOf),
    ...elementsOf(nftables, `${name}-icmp`).map(echoOf),
  ]
  const counter = (name: string) => nftables.find((one) => one.counter?.name === name)?.counter?.packets ?? 0
  return {
    routed: seen('routed'),
    received: seen('received'),
    forwarded: seen('forwarded'),
    clear: [...seen('clear'), ...elementsOf(nftables, 'clear-other').map(otherOf)],
    encrypted: counter('encrypted'),
    mayFragment: counter('may-fragment'),
    reversePathDrops: reversePathDrops(machine.statistics()),
  }
}

type Value = string | number
type Element =
  | { readonly concat: readonly Value[] }
  | { readonly elem: { readonly val: { readonly concat: readonly Value[] } } }

interface Listed {
  readonly set?: { readonly name: string; readonly elem?: readonly Element[] }
  readonly counter?: { readonly name: string; readonly packets: number }
}

function elementsOf(listed: readonly Listed[], name: string): (readonly Value[])[] {
  const elements = listed.find(({ set }) => set?.name === name)?.set?.elem ?? []
  return elements.map((element) => ('concat' in element ? element.concat : element.elem.val.concat))
}

const tcp = 6

function packetOf([source, destination, protocol, sourcePort, destinationPort]: readonly Value[]): SeenPacket {
  return {
    source: String(source),
    destination: String(destination),
    protocol: protocol === 'tcp' || Number(protocol) === tcp ? 'tcp' : 'udp',
    sourcePort: Number(sourcePort),
    destinationPort: Number(destinationPort),
    isAnswer: false,
  }
}

/** Where hosts listen. Calls come from other ports, each from its own, so that a packet is known by it everywhere. */
export const listenPort = 7000

function echoOf([source, destination, type, length]: readonly Value[]): SeenPacket {
  const isAnswer = type === 'echo-reply' || type === 0 || type === '0'
  const size = Number(length)
  return {
    source: String(source),
    destination: String(destination),
    protocol: 'icmp',
    sourcePort: size,
    destinationPort: size,
    isAnswer,
  }
}

function otherOf([source, destination]: readonly Value[]): SeenPacket {
  return {
    source: String(source),
    destination: String(destination),
    protocol: 'icmp',
    sourcePort: 0,
    destinationPort: 0,
    isAnswer: false,
  }
}

/** /proc/net/netstat has a line of names and a line of values for each group. */
function reversePathDrops(text: string): number {
  const [names = '', values = ''] = text.split('\n').filter((line) => line.startsWith('TcpExt:'))
  return Number(values.split(' ')[names.split(' ').indexOf('IPReversePathFilter')])
}
