import { deepEqual, equal, ok } from 'node:assert/strict'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { loadPlan } from '../../../packages/cli/src/input/load-plan.ts'
import { runScenarios } from '../../../packages/cli/src/lab/agreement.ts'
import { findLabs } from '../../../packages/cli/src/lab/find-labs.ts'
import {
  endDaemon,
  endTunnels,
  type GatewayTexts,
  runScript,
  wakeDaemon,
} from '../../../packages/cli/src/lab/gateway.ts'
import { Lab } from '../../../packages/cli/src/lab/lab.ts'
import type { Machine } from '../../../packages/cli/src/lab/machine.ts'
import { type LabPacket, type PacketFate, sendPackets } from '../../../packages/cli/src/lab/packets.ts'
import { type Ran, runProgram, startProgram } from '../../../packages/cli/src/lab/programs.ts'
import { settled } from '../../../packages/cli/src/lab/settled.ts'
import { agrees } from './agree.ts'

/** What the steps work with, on this machine or in a guest. */
export interface Bench {
  /** The file of the built command. */
  readonly command: string
  /** The acceptance example. */
  readonly planFile: string
  /** The name of the lab, and of a second one with `2` behind it. */
  readonly name: string
}

/** One thing that must hold; the steps before it are behind it. */
export interface Step {
  readonly name: string
  run(bench: Bench): Promise<void>
}

function natplan({ command }: Bench, ...args: readonly string[]): Promise<Ran> {
  return runProgram([process.execPath, command, 'lab', ...args], { timeout: 240_000 })
}

let opened: Lab | undefined

/** The lab that the first step has built. */
function labOf({ name }: Bench): Lab {
  opened ??= Lab.find(name)
  if (!opened) throw new Error('there is no lab')
  return opened
}

const thereUdp: LabPacket = { from: 'cloud-worker', source: '10.0.1.5', destination: '192.168.1.77', protocol: 'udp' }
const thereTcp: LabPacket = { ...thereUdp, protocol: 'tcp' }
const there: LabPacket = { ...thereUdp, protocol: 'icmp' }
const back: LabPacket = { from: 'onpremise-host', source: '10.0.1.77', destination: '192.168.2.5', protocol: 'udp' }
const backTcp: LabPacket = { ...back, protocol: 'tcp' }

/** What a call across the tunnel must come to. */
const arrivesThere: PacketFate = {
  receivedAt: 'onpremise-host',
  sourceSeen: '192.168.2.5',
  destinationSeen: '10.0.1.77',
  answered: true,
  sourceOfAnswerSeen: '192.168.1.77',
  leftUnencrypted: false,
  answerLeftUnencrypted: false,
  rpFilterDropAt: undefined,
}

const arrivesBack: PacketFate = {
  ...arrivesThere,
  receivedAt: 'cloud-worker',
  sourceSeen: '192.168.1.77',
  destinationSeen: '10.0.1.5',
  sourceOfAnswerSeen: '192.168.2.5',
}

/** A packet that got nowhere, and of which nobody outside has seen anything. */
const vanishes: PacketFate = {
  receivedAt: undefined,
  sourceSeen: undefined,
  destinationSeen: undefined,
  answered: false,
  sourceOfAnswerSeen: undefined,
  leftUnencrypted: false,
  answerLeftUnencrypted: false,
  rpFilterDropAt: undefined,
}

/** Milliseconds: for packets that are answered, and for those that are not. */
const patient = 30_000
const brief = 2000

async function expectFates(
  bench: Bench,
  wanted: readonly (readonly [LabPacket, PacketFate])[],
  timeout: number,
): Promise<void> {
  const lab = labOf(bench)
  const fates = await sendPackets(
    lab,
    wanted.map(([packet]) => packet),
    { timeout },
  )
  deepEqual(
    fates,
    wanted.map(([, fate]) => fate),
  )
  const { clear } = await lab.see('internet')
  deepEqual(clear, [])
}

function expectBothWays(bench: Bench): Promise<void> {
  return expectFates(
    bench,
    [
      [thereTcp, arrivesThere],
      [thereUdp, arrivesThere],
      [backTcp, arrivesBack],
      [back, arrivesBack],
    ],
    patient,
  )
}

async function builds(bench: Bench): Promise<void> {
  const { status, stdout, stderr } = await natplan(
    bench,
    'up',
    bench.planFile,
    '--name',
    bench.name,
    '--output',
    'json',
  )
  equal(status, 0, stderr)
  const { machines, leftOut } = JSON.parse(stdout) as { machines: { name: string }[]; leftOut: string[] }
  const expected = ['internet', 'cloud-gateway', 'onpremise-gateway', 'cloud-worker', 'onpremise-host']
  deepEqual(
    machines.map(({ name }) => name),
    expected,
  )
  deepEqual(leftOut, [])
  ok(stderr.includes('every gateway of the lab is Linux'))
}

async function refusesASecond(bench: Bench): Promise<void> {
  const { status, stderr } = await natplan(bench, 'up', bench.planFile, '--name', bench.name)
  equal(status, 2)
  ok(stderr.includes('LAB_IMPOSSIBLE'), stderr)
}

async function deliversFromTheFirst(bench: Bench): Promise<void> {
  deepEqual((await labOf(bench).see('internet')).clear, [])
  await expectBothWays(bench)
}

async function passesItsChecks(bench: Bench): Promise<void> {
  const { status, stdout, stderr } = await natplan(
    bench,
    'check',
    '--name',
    bench.name,
    '--output',
    'json',
    '--timeout',
    '30',
  )
  equal(status, 0, `${stdout}${stderr}`)
  const { checks } = JSON.parse(stdout) as { checks: { what: string; passed: boolean }[] }
  const same = ', same address at both ends'
  const kinds = [
    'icmp',
    `icmp${same}`,
    'node routes',
    'nothing in clear',
    'tcp',
    'tcp, 5 MB',
    `tcp${same}`,
    'udp',
    `udp${same}`,
  ]
  deepEqual([...new Set(checks.map(({ what }) => what))].sort(), kinds)
  equal(checks.length, 16)
}

async function comesUpAgain(bench: Bench): Promise<void> {
  for (const { site } of labOf(bench).topology.gateways) {
    await endTunnels(labOf(bench).gateway(site))
    await expectBothWays(bench)
  }
}

function expectNothingArrives(bench: Bench): Promise<void> {
  const packets = [thereTcp, thereUdp, there]
  return expectFates(
    bench,
    packets.map((packet) => [packet, vanishes] as const),
    brief,
  )
}

async function holdsBackWithoutDaemon(bench: Bench): Promise<void> {
  const gateway = labOf(bench).gateway('cloud')
  await endDaemon(gateway, 'SIGTERM')
  await expectNothingArrives(bench)
}

async function comesBackWithDaemon(bench: Bench): Promise<void> {
  const gateway = labOf(bench).gateway('cloud')
  await wakeDaemon(gateway)
  const whileLoading = sendPackets(labOf(bench), [thereTcp, thereUdp], { timeout: patient })
  await gateway.run(['swanctl', '--load-all'])
  deepEqual(await whileLoading, [arrivesThere, arrivesThere])
  deepEqual((await labOf(bench).see('internet')).clear, [])
}

async function survivesAKilledDaemon(bench: Bench): Promise<void> {
  const gateway = labOf(bench).gateway('onpremise')
  await endDaemon(gateway, 'SIGKILL')
  await sendPackets(labOf(bench), [thereTcp, thereUdp, back], { timeout: brief })
  deepEqual((await labOf(bench).see('internet')).clear, [])
  await wakeDaemon(gateway)
  await gateway.run(['swanctl', '--load-all'])
  await endTunnels(labOf(bench).gateway('cloud'))
  await expectBothWays(bench)
  // What the killed daemon left in the kernel nobody takes out: packets would be encrypted for nobody for an hour.
  await gateway.run(['ip', 'xfrm', 'state', 'flush'])
  await endTunnels(labOf(bench).gateway('cloud'))
  await endTunnels(gateway)
}

async function waitsForThePeer(bench: Bench): Promise<void> {
  const peer = labOf(bench).gateway('onpremise')
  await runScript(peer, 'remove')
  await endTunnels(labOf(bench).gateway('cloud'))
  await expectNothingArrives(bench)
  await runScript(peer, 'configure')
  await expectBothWays(bench)
}

async function failsWithoutTheRoute(bench: Bench): Promise<void> {
  const lab = labOf(bench)
  const agent = lab.agents.get('cloud-worker')
  await agent?.list([])
  const before = (await lab.see('cloud-worker')).reversePathDrops
  const [fromServer, fromWorker] = await sendPackets(lab, [back, thereUdp], { timeout: brief })
  deepEqual(fromServer, { ...vanishes, rpFilterDropAt: 'cloud-worker' })
  ok((await lab.see('cloud-worker')).reversePathDrops > before)
  // Through the public interface, where nobody takes packets for private addresses.
  deepEqual(fromWorker, { ...vanishes, leftUnencrypted: true })
  const { status, stdout } = await natplan(bench, 'check', '--name', bench.name, '--timeout', '2')
  equal(status, 1)
  ok(stdout.includes('dropped by the reverse-path filter of cloud-worker'), stdout)
  await agent?.list(undefined)
  await expectBothWays(bench)
}

function textsOf(machine: Machine): GatewayTexts {
  return {
    ruleset: machine.readText('/etc/natplan/natplan.nft') ?? '',
    connections: machine.readText('/etc/swanctl/conf.d/natplan-connections.conf') ?? '',
  }
}

function without(text: string, part: string): string {
  return text
    .split('\n')
    .filter((line) => !line.includes(part))
    .join('\n')
}

/** Also that what leaks is seen: otherwise nothing that this laboratory says of leaks would count. */
async function followsPackets(bench: Bench): Promise<void> {
  const lab = labOf(bench)
  const [cloud, onpremise] = [textsOf(lab.gateway('cloud')), textsOf(lab.gateway('onpremise'))]
  const both = new Map([
    ['cloud', cloud],
    ['onpremise', onpremise],
  ])
  const broken = { ...cloud, ruleset: 'table inet {' }
  const open = { ...cloud, ruleset: without(without(cloud.ruleset, 'snat ip prefix'), 'rt ipsec missing') }
  const stranger: LabPacket = { ...thereUdp, source: '10.0.1.9' }
  const nobody: LabPacket = { ...thereUdp, destination: '192.168.1.200' }
  const outward: LabPacket = { ...back, destination: '198.51.100.1' }
  const results = await runScenarios(
    lab,
    [
      { gateways: both, packets: [there, thereTcp, thereUdp, back, stranger, nobody, outward] },
      { gateways: new Map([['cloud', broken]]), packets: [thereTcp] },
      { gateways: new Map([['cloud', open]]), packets: [there, thereTcp, thereUdp] },
    ],
    { timeout: 3000 },
  )
  const onInternet = { ...vanishes, receivedAt: 'internet', sourceSeen: '10.0.1.77', destinationSeen: '198.51.100.1' }
  const leaks = { ...vanishes, leftUnencrypted: true }
  const ofStranger = { ...arrivesThere, sourceSeen: '192.168.2.9' }
  const ofWhole = [arrivesThere, arrivesThere, arrivesThere, arrivesBack, ofStranger, vanishes]
  deepEqual(
    results.map(({ fates }) => fates),
    [[...ofWhole, { ...onInternet, leftUnencrypted: true }], [arrivesThere], [leaks, leaks, leaks]],
  )
  deepEqual(
    results.map(({ refused }) => [...refused.keys()]),
    [[], ['cloud'], []],
  )
}

/** The namespaces of processes, by process. */
function namespaces(pids: readonly number[]): Map<number, string> {
  const kinds = ['net', 'mnt', 'pid_for_children'] as const
  return new Map(
    pids.flatMap((pid) => {
      try {
        return [[pid, kinds.map((kind) => readlinkSync(`/proc/${pid}/ns/${kind}`)).join(' ')] as const]
      } catch {
        return []
      }
    }),
  )
}

function allPids(): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^[0-9]+$/.test(entry))
    .map(Number)
}

/** Reports whether any process is left in one of the namespaces, or any mount of a lab on this machine. */
function leftOf(spaces: ReadonlySet<string>): string[] {
  const processes = [...namespaces(allPids())].filter(([, space]) => spaces.has(space)).map(([pid]) => `process ${pid}`)
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .filter((line) => line.includes('natplan-lab'))
  return [...processes, ...mounts]
}

async function isTakenAway(bench: Bench): Promise<void> {
  const lab = labOf(bench)
  lab.closeProbes()
  const spaces = new Set(namespaces([...lab.machines.values()].map(({ pid }) => pid)).values())
  equal(spaces.size, lab.machines.size)
  // Whatever was killed before.
  process.kill(lab.machine('onpremise-host').pid, 'SIGKILL')
  await endDaemon(lab.gateway('cloud'), 'SIGKILL')
  const { status } = await natplan(bench, 'down', '--name', bench.name)
  equal(status, 0)
  deepEqual(
    findLabs().filter(({ name }) => name === bench.name),
    [],
  )
  deepEqual(leftOf(spaces), [])
}

async function isTakenAwayUnfinished(bench: Bench): Promise<void> {
  const name = `${bench.name}2`
  const up = startProgram([process.execPath, bench.command, 'lab', 'up', bench.planFile, '--name', name])
  const machines = () => findLabs().find((lab) => lab.name === name)?.machines.size ?? 0
  ok(await settled(() => machines() > 2))
  up.kill('SIGKILL')
  const spaces = new Set(namespaces(findLabs().flatMap((lab) => (lab.name === name ? lab.pids.slice(1) : []))).values())
  const { status } = await natplan(bench, 'down', '--name', name)
  equal(status, 0)
  deepEqual(
    findLabs().filter((lab) => lab.name === name),
    [],
  )
  const own = namespaces([process.pid]).get(process.pid) ?? ''
  deepEqual(leftOf(new Set([...spaces].filter((space) => space !== own))), [])
}

async function agreesWithTheTracer(bench: Bench): Promise<void> {
  const { plan } = loadPlan({ file: bench.planFile })
  ok(plan)
  await agrees(labOf(bench), plan)
}

/** In the order in which they run. */
export const steps: readonly Step[] = [
  { name: 'natplan lab up builds the acceptance example', run: builds },
  { name: 'a lab of the same name is refused while it is there', run: refusesASecond },
  {
    name: 'the first packets of both sides arrive with the addresses expected, and none is in clear',
    run: deliversFromTheFirst,
  },
  {
    name: 'natplan lab check passes: ICMP, TCP, UDP, 5 MB with DF, the same address at both ends',
    run: passesItsChecks,
  },
  {
    name: 'a tunnel that is ended at either side comes up with the next packet, and none is in clear',
    run: comesUpAgain,
  },
  { name: 'while strongSwan is stopped nothing arrives and nothing is in clear', run: holdsBackWithoutDaemon },
  { name: 'when it is back the tunnel is, from the first packet on, and none is in clear', run: comesBackWithDaemon },
  { name: 'a strongSwan that is killed leaves nothing in clear and comes back', run: survivesAKilledDaemon },
  { name: 'while the peer is not configured nothing arrives and nothing is in clear', run: waitsForThePeer },
  {
    name: 'without the route of the agent the worker drops requests, and natplan lab check fails',
    run: failsWithoutTheRoute,
  },
  { name: 'packets are followed under given configurations, leaks included', run: followsPackets },
  { name: 'what natplan trace says of random packets and configurations happens', run: agreesWithTheTracer },
  { name: 'natplan lab down leaves nothing, whatever was killed before', run: isTakenAway },
  { name: 'natplan lab down takes away what an interrupted up has left', run: isTakenAwayUnfinished },
]

export interface StepResult {
  readonly name: string
  /** Why it failed; `undefined` when it did not. */
  readonly problem: string | undefined
  /** For people; missing where nothing was measured. */
  readonly measured?: string | undefined
  /** Seconds. */
  readonly seconds: number
}

/** What strongSwan said last on each gateway. */
function daemonLogs(): string {
  const gateways = opened?.topology.gateways ?? []
  return gateways
    .map(({ machine }) => `${machine}:\n${opened?.machine(machine).log('charon').split('\n').slice(-40).join('\n')}`)
    .join('\n')
}

/** Runs every step, whatever becomes of those before it, and reports each as it ends. */
export async function runSteps(bench: Bench, report: (result: StepResult) => void): Promise<void> {
  for (const step of steps) {
    const start = performance.now()
    const problem = await step.run(bench).then(
      () => undefined,
      (error: unknown) => `${error instanceof Error ? (error.stack ?? error.message) : error}\n${daemonLogs()}`,
    )
    report({ name: step.name, problem, seconds: Math.round((performance.now() - start) / 100) / 10 })
  }
}
