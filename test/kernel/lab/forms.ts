import { deepEqual, equal, ok } from 'node:assert/strict'
import type { Plan } from '@natplan/core'
import { checkLab } from '../../../packages/cli/src/lab/check.ts'
import { endLab } from '../../../packages/cli/src/lab/find-labs.ts'
import { endTunnels, runScript, startTunnels } from '../../../packages/cli/src/lab/gateway.ts'
import { Lab, planLab } from '../../../packages/cli/src/lab/lab.ts'
import type { Machine } from '../../../packages/cli/src/lab/machine.ts'
import { type LabPacket, sendPackets } from '../../../packages/cli/src/lab/packets.ts'
import { planOf, type Written } from '../../support/policies.ts'
import type { StepResult } from './steps.ts'

/** A network whose tunnels have one form, and the packets that say that they do what they should. */
interface Form {
  readonly name: string
  readonly written: Written
  /** Calls beside those of `natplan lab check` that are answered. */
  readonly answered: readonly LabPacket[]
}

function gateway(address: string) {
  return { platform: 'linux', outside: { interface: 'eth1', address }, inside: { interface: 'eth0' } } as const
}

const cloud = { subnets: ['10.0.1.0/27'], gateway: gateway('203.0.113.10') }
const onpremise = { subnets: ['10.0.1.0/24', '10.50.0.0/16'], gateway: gateway('192.0.2.20') }

function written(tunnel: object): Written {
  return {
    pools: ['192.168.0.0/16'],
    sites: { cloud, onpremise },
    tunnels: [{ sites: ['cloud', 'onpremise'], ...tunnel }],
  }
}

const call = { protocol: 'udp' } as const
const there: LabPacket = { ...call, from: 'cloud-host', source: '10.0.1.5', destination: '192.168.1.5' }
const back: LabPacket = { ...call, from: 'onpremise-host1', source: '10.0.1.5', destination: '192.168.2.5' }

/** Hosts of the peer that are called like the gateway itself, like its network and like its broadcast address. */
const strange: readonly LabPacket[] = ['10.0.1.30', '10.0.1.0', '10.0.1.31'].flatMap((address) => [
  { ...back, source: address },
  { ...there, destination: address.replace('10.0.1', '192.168.1') },
])

const forms: readonly Form[] = [
  { name: 'a route-based tunnel that takes everything', written: written({ mode: 'route' }), answered: [there, back] },
  {
    name: 'a route-based tunnel with selectors and addresses of its link',
    written: written({ mode: 'route', selectors: 'narrow', link: '169.254.10.0/30' }),
    answered: [there, back],
  },
  {
    name: 'all translation at one gateway',
    written: written({ translateAt: 'cloud' }),
    answered: [there, back, ...strange],
  },
  { name: 'two route-based tunnels over different uplinks', written: withUplinks(), answered: [there, back] },
]

function withUplinks(): Written {
  const uplink = (address: string, nextHop: string) => ({ lte: { interface: 'eth2', address, nextHop } })
  const at = (site: Written['sites'][string], address: string, nextHop: string) => {
    const { subnets, gateway } = site
    return { subnets, ...(gateway ? { gateway: { ...gateway, uplinks: uplink(address, nextHop) } } : {}) }
  }
  const tunnel = { sites: ['cloud', 'onpremise'], mode: 'route' as const }
  const deadPeerDetection = { interval: 2, timeout: 10 }
  return {
    pools: ['192.168.0.0/16'],
    sites: {
      cloud: at(cloud, '198.51.100.10', '198.51.100.9'),
      onpremise: at(onpremise, '198.51.100.130', '198.51.100.129'),
    },
    tunnels: [
      { ...tunnel, deadPeerDetection },
      { ...tunnel, deadPeerDetection, uplinks: { cloud: 'lte', onpremise: 'lte' } },
    ],
  }
}

/** Milliseconds: for packets that are answered, and for those that are not. */
const patient = 30_000
const brief = 2000

interface Step {
  readonly name: string
  run(lab: Lab, form: Form): Promise<void>
}

/** For forms of several tunnels. */
const switching: Step = { name: 'goes on when the first uplink is gone, and when it is back', run: switchesOver }

const steps: readonly Step[] = [
  { name: 'passes the checks: ICMP, TCP, UDP, 5 MB with DF, the same address at both ends', run: passesChecks },
  { name: 'is made again by the same script', run: isMadeAgain },
  { name: 'holds everything back while it is down, and delivers again', run: holdsBack },
  { name: 'is taken away by the removal', run: isTakenAway },
]

function stepsOf({ written: { tunnels = [] } }: Form): readonly Step[] {
  return tunnels.length > 1 ? [...steps.slice(0, -1), switching, ...steps.slice(-1)] : steps
}

export const formSteps: readonly string[] = forms.flatMap((form) => stepsOf(form).map((step) => nameOf(form, step)))

function nameOf(form: Form, step: Step): string {
  return `${form.name} ${step.name}`
}

async function passesChecks(lab: Lab, { answered }: Form): Promise<void> {
  const checks = await checkLab(lab, { timeout: patient })
  deepEqual(
    checks.filter(({ passed }) => !passed),
    [],
  )
  ok(checks.length > 12, `${checks.length} checks`)
  for (const { machine } of lab.topology.gateways) {
    // strongSwan makes no routes for what goes into an interface of its own; a table without any is not there.
    if ((await lab.machine(machine).run(['ip', 'link', 'show', 'type', 'xfrm'])) === '') continue
    equal((await lab.machine(machine).attempt(['ip', 'route', 'show', 'table', '220'])).stdout, '')
  }
  await expectAnswers(lab, answered, true)
}

async function expectAnswers(lab: Lab, packets: readonly LabPacket[], isAnswered: boolean): Promise<void> {
  const fates = await sendPackets(lab, packets, { timeout: isAnswered ? patient : brief })
  deepEqual(
    fates.flatMap((fate, index) => (fate.answered === isAnswered ? [] : [{ packet: packets[index], fate }])),
    [],
  )
  deepEqual((await lab.see('internet')).clear, [])
}

/** Everything that a gateway has of natplan outside of files. */
async function stateOf(machine: Machine): Promise<string> {
  const script =
    'ip -oneline link show group 7233908 | sed "s/^[0-9]*: //; s/@[^:]*//; s/ link.*//; s/ qdisc.*//"; ip route show table all proto 117; ip rule'
  return machine.run(['sh', '-euc', script])
}

async function isMadeAgain(lab: Lab, { answered }: Form): Promise<void> {
  for (const { machine } of lab.topology.gateways) {
    const before = await stateOf(lab.machine(machine))
    await runScript(lab.machine(machine), 'configure')
    equal(await stateOf(lab.machine(machine)), before)
  }
  await expectAnswers(lab, answered, true)
}

/** Nobody calls again by himself, as the daemons of both gateways are told to forget. */
async function holdsBack(lab: Lab, { answered }: Form): Promise<void> {
  const gateways = lab.topology.gateways.map(({ machine }) => lab.machine(machine))
  for (const one of gateways) await one.run(['swanctl', '--load-conns', '--file', '/dev/null'])
  for (const one of gateways)
    await one.attempt(['sh', '-uc', 'swanctl --terminate --force --ike "natplan-*"; ip xfrm state flush'])
  await expectAnswers(lab, answered, false)
  for (const one of gateways) await one.run(['swanctl', '--load-all'])
  for (const one of gateways) await startTunnels(one, 10)
  await expectAnswers(lab, answered, true)
}

/** Milliseconds from the loss of an uplink to the first answer. */
const longestBreak = 60_000

async function switchesOver(lab: Lab, { answered }: Form): Promise<void> {
  const internet = lab.machine('internet')
  for (const state of ['down', 'up']) {
    await internet.run(['ip', 'link', 'set', 'gateway0', state])
    if (state === 'up') await internet.run(['ip', 'route', 'replace', '203.0.113.10/32', 'dev', 'gateway0'])
    const start = performance.now()
    const fates = await sendPackets(lab, answered, { timeout: longestBreak })
    process.stderr.write(`${state}: answered after ${Math.round((performance.now() - start) / 100) / 10} s\n`)
    deepEqual(
      fates.map((fate) => fate.answered),
      answered.map(() => true),
    )
    deepEqual((await lab.see('internet')).clear, [])
  }
}

async function isTakenAway(lab: Lab): Promise<void> {
  for (const { machine: name } of lab.topology.gateways) {
    const machine = lab.machine(name)
    await endTunnels(machine)
    for (let times = 0; times < 2; times++) await runScript(machine, 'remove')
    const rules = '0:\tfrom all lookup local\n'
    const state = await stateOf(machine)
    ok(state.startsWith(rules), state)
    equal(await machine.run(['sh', '-euc', 'find /etc -name "*natplan*"; nft list tables | grep -v lab || true']), '')
  }
}

/** Runs every step of every form, and reports each as it ends. */
export async function runForms(name: string, report: (result: StepResult) => void): Promise<void> {
  for (const [index, form] of forms.entries()) {
    const own = `${name}-${index}`
    const lab = await built(own, planOf(form.written)).catch((error: unknown) => textOf(error))
    for (const step of stepsOf(form)) {
      const start = performance.now()
      const problem =
        typeof lab === 'string'
          ? lab
          : await step.run(lab, form).then(
              () => undefined,
              async (error: unknown) => `${textOf(error)}\n${await shown(lab)}`,
            )
      report({ name: nameOf(form, step), problem, seconds: Math.round((performance.now() - start) / 100) / 10 })
    }
    if (typeof lab !== 'string') lab.closeProbes()
    await endLab(own)
  }
}

async function built(name: string, plan: Plan): Promise<Lab> {
  const labPlan = planLab(plan)
  const lab = await Lab.build(name, labPlan, { outlive: false })
  await lab.configure(labPlan.texts)
  return lab
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

const look =
  'ip -d address; ip rule; ip route show table all; ip xfrm policy; ip -s xfrm state; nft list table inet natplan; cat /proc/net/xfrm_stat'

async function shown(lab: Lab): Promise<string> {
  const texts = lab.topology.gateways.map(async ({ machine }) => {
    const { stdout, stderr } = await lab.machine(machine).attempt(['sh', '-uc', look])
    const log = lab.machine(machine).log('charon').split('\n').slice(-40).join('\n')
    return `--- ${machine}\n${stdout}${stderr}\n${log}`
  })
  return (await Promise.all(texts)).join('\n')
}
