import { Address, Prefix } from '@natplan/core'
import type { Lab } from './lab.ts'
import { type LabPacket, type PacketFate, sendPackets } from './packets.ts'
import type { LabPath } from './topology.ts'
import { listenPort } from './watch.ts'

/** One line of what `natplan lab check` prints. */
export interface LabCheck {
  readonly tunnel: string
  readonly what: string
  readonly from: string
  readonly to: string
  readonly expected: string
  readonly seen: string
  readonly passed: boolean
}

interface CheckOptions {
  /** Milliseconds to wait for an answer; the first packets bring tunnels up. */
  readonly timeout: number
  /** Over how many paths megabytes are sent; over one of each direction unless said otherwise. */
  readonly uploads?: number
}

const megabytes = 5
const protocols = ['icmp', 'tcp', 'udp'] as const

/** Everything that must hold in a lab whose gateways are configured and whose agents run. */
export async function checkLab(lab: Lab, { timeout, uploads: most }: CheckOptions): Promise<LabCheck[]> {
  const agents = await checkAgents(lab)
  // The calls forget what the internet has seen so far.
  const sofar = await checkInternet(lab)
  const { checks: calls, answered } = await checkCalls(lab, timeout)
  const afterCalls = await checkInternet(lab)
  const closed = await checkClosed(lab)
  const uploads = await checkUploads(lab, answered, most)
  const atLast = await checkInternet(lab)
  const { check: internet } = [sofar, afterCalls].find(({ hasClear }) => hasClear) ?? atLast
  return [...agents, ...calls, ...closed, ...uploads, internet]
}

/** ICMP, TCP and UDP over every path: who arrives where, as whom, and whether the answer is back; and the paths that TCP has answers on. */
async function checkCalls(
  lab: Lab,
  timeout: number,
): Promise<{ readonly checks: readonly LabCheck[]; readonly answered: readonly LabPath[] }> {
  const wanted = lab.topology.paths.flatMap((path) => {
    const { service } = path
    return service ? [{ path, ...service }] : protocols.map((protocol) => ({ path, protocol }))
  })
  const packets = wanted.map(({ path: { from, source, called: destination }, ...service }): LabPacket => {
    return { from, source, destination, ...service }
  })
  const fates = await sendPackets(lab, packets, { timeout })
  const answered = wanted.filter(({ protocol }, index) => protocol === 'tcp' && fates[index]?.answered)
  return {
    checks: wanted.map(({ path, ...service }, index) => callCheck(path, service, fates[index])),
    answered: answered.map(({ path }) => path),
  }
}

function callCheck(
  path: LabPath,
  { protocol, port }: Pick<LabPacket, 'protocol' | 'port'>,
  fate: PacketFate | undefined,
): LabCheck {
  const expected = `${path.to} sees ${path.seenAs}`
  const seen = fate ? describe(fate, path) : 'nothing'
  const same = path.isSameAddress ? ', same address at both ends' : ''
  const what = `${protocol}${port === undefined ? '' : ` port ${port}`}${same}`
  return { ...endsOf(path), what, expected, seen, passed: seen === expected }
}

/** Milliseconds for what must not be answered; every tunnel that comes up is up by then. */
const brief = 2000

/** What hosts hide behind leads to none of them. */
async function checkClosed(lab: Lab): Promise<LabCheck[]> {
  const { closed } = lab.topology
  const packets = closed.map(({ from, source, called: destination, protocol }) => {
    return { from, source, destination, protocol }
  })
  const fates = await sendPackets(lab, packets, { timeout: brief })
  const expected = 'it arrived nowhere; no answer'
  return closed.map((path, index) => {
    const fate = fates[index]
    const seen = fate ? describe(fate, { called: path.called, seenAs: '' }) : 'nothing'
    return { ...endsOf(path), what: `${path.protocol}, closed`, expected, seen, passed: seen === expected }
  })
}

function endsOf({ tunnel, from, source, called }: Pick<LabPath, 'tunnel' | 'from' | 'source' | 'called'>) {
  return { tunnel: tunnel.join(' - '), from: `${from} ${source}`, to: called }
}

/** What happened to a packet, in the words of what was expected of it. */
function describe(fate: PacketFate, path: Pick<LabPath, 'called' | 'seenAs'>): string {
  const {
    receivedAt,
    sourceSeen,
    answered,
    sourceOfAnswerSeen,
    leftUnencrypted,
    answerLeftUnencrypted,
    rpFilterDropAt,
  } = fate
  const seen = sourceSeen !== undefined && isOneOf(sourceSeen, path.seenAs) ? path.seenAs : sourceSeen
  const arrival = receivedAt === undefined ? 'it arrived nowhere' : `${receivedAt} sees ${seen}`
  const other = sourceOfAnswerSeen !== undefined && sourceOfAnswerSeen !== path.called
  return [
    arrival,
    ...(answered ? [] : ['no answer']),
    ...(other ? [`the answer is from ${sourceOfAnswerSeen}`] : []),
    ...(leftUnencrypted ? ['it left unencrypted'] : []),
    ...(answerLeftUnencrypted ? ['the answer left unencrypted'] : []),
    ...(rpFilterDropAt === undefined ? [] : [`dropped by the reverse-path filter of ${rpFilterDropAt}`]),
  ].join('; ')
}

/** Whether an address is one of those behind which hosts hide. */
function isOneOf(address: string, hidden: string): boolean {
  return hidden.includes('/') && Prefix.parse(hidden).contains(Address.parse(address))
}

/** Five megabytes over one path of each direction of a tunnel, in packets that must not be cut up; not where not even a call is answered. */
async function checkUploads(lab: Lab, answered: readonly LabPath[], most: number | undefined): Promise<LabCheck[]> {
  const first = new Map<string, LabPath>()
  for (const path of answered) {
    const direction = `${path.tunnel.join(' ')} ${siteOf(lab, path.from)}`
    if (!first.has(direction)) first.set(direction, path)
  }
  const checks: LabCheck[] = []
  for (const path of [...first.values()].slice(0, most)) checks.push(await upload(lab, path))
  return checks
}

function siteOf(lab: Lab, machine: string): string {
  return lab.topology.machines.find(({ name }) => name === machine)?.site ?? ''
}

async function upload(lab: Lab, path: LabPath): Promise<LabCheck> {
  const bytes = megabytes * 1_000_000
  const reply = await lab.probe(path.from).ask({
    kind: 'upload',
    source: path.source,
    sourcePort: lab.nextPort(),
    to: path.called,
    port: path.service?.port ?? listenPort,
    bytes,
    timeout: 60_000,
  })
  const sights = await Promise.all(lab.topology.gateways.map(({ machine }) => lab.see(machine)))
  const mayFragment = sights.some((sight) => sight.mayFragment > 0)
  const expected = `${bytes} bytes, all with DF`
  const amount = `${reply.bytes ?? 0} bytes${reply.problem === undefined ? '' : ` (${reply.problem})`}`
  const seen = `${amount}, ${mayFragment ? 'some without DF' : 'all with DF'}`
  return { ...endsOf(path), what: `tcp, ${megabytes} MB`, expected, seen, passed: seen === expected }
}

/** What the internet has seen since all was forgotten: packets of tunnels, and nothing else. */
async function checkInternet(lab: Lab): Promise<{ readonly check: LabCheck; readonly hasClear: boolean }> {
  const { clear, encrypted } = await lab.see('internet')
  const named = [...new Set(clear.map(({ source, destination, protocol }) => `${protocol} ${source} > ${destination}`))]
  const seen =
    clear.length > 0 ? `in clear: ${named.slice(0, 5).join(', ')}` : encrypted > 0 ? 'ESP and IKE only' : 'nothing'
  const expected = 'ESP and IKE only'
  const check = {
    tunnel: 'all',
    what: 'nothing in clear',
    from: 'all',
    to: 'internet',
    expected,
    seen,
    passed: seen === expected,
  }
  return { check, hasClear: clear.length > 0 }
}

/** Whether the route agents say that the routes of their nodes are right. */
async function checkAgents({ agents }: Lab): Promise<LabCheck[]> {
  return Promise.all(
    [...agents].map(async ([machine, pod]) => {
      const passed = await pod.isReady()
      return {
        tunnel: 'all',
        what: 'node routes',
        from: machine,
        to: 'all',
        expected: 'the route agent is ready',
        seen: passed ? 'the route agent is ready' : 'it is not ready',
        passed,
      }
    }),
  )
}
