import { deepEqual, equal, ok } from 'node:assert/strict'
import { checkLab } from '../../../../packages/cli/src/lab/check.ts'
import { runScript } from '../../../../packages/cli/src/lab/gateway.ts'
import type { Lab } from '../../../../packages/cli/src/lab/lab.ts'
import type { Machine } from '../../../../packages/cli/src/lab/machine.ts'
import { expectAnswers, type Form, patient, type Step } from './form.ts'

export const passing: Step = {
  name: 'passes the checks: ICMP, TCP, UDP, 5 MB with DF, the same address at both ends',
  run: (lab, form) => passesChecks(lab, form),
}
/** Megabytes over a few of many paths. */
export const mostlyPassing: Step = {
  name: 'passes the checks: ICMP, TCP, UDP, 5 MB with DF over some paths',
  run: (lab, form) => passesChecks(lab, form, 4),
}
export const made: Step = { name: 'is made again by the same script', run: isMadeAgain }
export const opening: Step = { name: 'comes up with a packet from either end', run: comesUp }
export const holding: Step = {
  name: 'holds everything back while it is down, and delivers again',
  async run(lab, { answered }) {
    const gateways = lab.topology.gateways.map(({ site }) => lab.gateway(site))
    await Promise.all(gateways.map((one) => forget(one)))
    await expectAnswers(lab, answered, false)
    await remember(gateways)
    await expectAnswers(lab, answered, true)
  },
}
export const leaving: Step = { name: 'is taken away by the removal', run: isTakenAway }

async function passesChecks(lab: Lab, { answered }: Form, uploads?: number): Promise<void> {
  const checks = await checkLab(lab, { timeout: patient, ...(uploads === undefined ? {} : { uploads }) })
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

/** Everything that a gateway has of natplan outside of files. */
async function stateOf(machine: Machine): Promise<string> {
  const script =
    'ip -oneline link show group 7233908 | sed "s/^[0-9]*: //; s/@[^:]*//; s/ link.*//; s/ qdisc.*//"; ip route show table all proto 117; ip rule'
  return machine.run(['sh', '-euc', script])
}

async function isMadeAgain(lab: Lab, { answered }: Form): Promise<void> {
  await Promise.all(
    lab.topology.gateways.map(async ({ machine }) => {
      const before = await stateOf(lab.machine(machine))
      await runScript(lab.machine(machine), 'configure')
      equal(await stateOf(lab.machine(machine)), before)
    }),
  )
  await expectAnswers(lab, answered, true)
}

/** One packet at a time, each when there is no tunnel at all. */
async function comesUp(lab: Lab, { answered }: Form): Promise<void> {
  for (const packet of answered.slice(0, 2)) {
    await Promise.all(lab.topology.gateways.map(({ machine }) => lab.machine(machine).run(['sh', '-euc', endAll])))
    await expectAnswers(lab, [packet], true)
  }
}

/** Nobody is asked, and nobody waits. */
const endAll = `
for one in $(swanctl --list-sas | sed -n 's/^\\(natplan-[^:]*\\): #.*/\\1/p'); do
  swanctl --terminate --force --ike "$one" >/dev/null || true
done
`

/** Lets a gateway forget its tunnels, or the one with a peer: nobody calls again by himself, and no trap is left. */
export async function forget(machine: Machine, peer?: string): Promise<void> {
  const connections = machine.readText('/etc/swanctl/conf.d/natplan-connections.conf') ?? ''
  const section = new RegExp(`^ {2}natplan-${peer} \\{\\n[^]*?^ {2}\\}\\n`, 'm')
  const rest = peer === undefined ? '' : connections.replace(section, '')
  ok(rest !== connections)
  machine.writeText('/run/forgetful.conf', rest)
  await machine.run(['swanctl', '--load-conns', '--file', '/run/forgetful.conf'])
  if (peer === undefined) await machine.run(['sh', '-euc', endAll])
  else await machine.attempt(['swanctl', '--terminate', '--force', '--ike', `natplan-${peer}`])
}

export async function remember(gateways: readonly Machine[]): Promise<void> {
  await Promise.all(gateways.map((one) => one.run(['swanctl', '--load-all'])))
}

async function isTakenAway(lab: Lab): Promise<void> {
  await Promise.all(
    lab.topology.gateways.map(async ({ machine: name }) => {
      const machine = lab.machine(name)
      for (let times = 0; times < 2; times++) await runScript(machine, 'remove')
      const rules = '0:\tfrom all lookup local\n'
      const state = await stateOf(machine)
      ok(state.startsWith(rules), state)
      const left = 'find /etc -name "*natplan*"; nft list tables | grep natplan$ || true'
      equal(await machine.run(['sh', '-euc', left]), '')
    }),
  )
}
