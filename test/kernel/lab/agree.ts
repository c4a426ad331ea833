import { equal } from 'node:assert/strict'
import { deviceOfPolicy, type Plan, type World, worldOfPlan } from '@natplan/core'
import { platformModule } from '@natplan/templates'
import { runScenarios, type Scenario } from '../../../packages/cli/src/lab/agreement.ts'
import { asLinux } from '../../../packages/cli/src/lab/as-linux.ts'
import type { GatewayTexts } from '../../../packages/cli/src/lab/gateway.ts'
import { type Lab, planLab } from '../../../packages/cli/src/lab/lab.ts'
import type { LabPacket } from '../../../packages/cli/src/lab/packets.ts'
import { difference } from './compare.ts'
import { type Mutated, mutate, pick, type Random, randomFrom } from './mutations.ts'

/** The machines that send and receive, and the addresses that they have. */
const machines = [
  { name: 'cloud-worker', site: 'cloud', addresses: ['10.0.1.5', '10.0.1.3', '10.0.1.17', '10.0.1.20', '10.0.1.9'] },
  {
    name: 'onpremise-host',
    site: 'onpremise',
    addresses: ['10.0.1.77', '10.0.1.5', '10.0.1.200', '10.0.1.130', '10.0.1.10'],
  },
] as const

/** What each of them calls, most often something of the other. */
const called = {
  'cloud-worker': ['192.168.1', '192.168.1', '192.168.1', '192.168.1', '192.168.2', '10.0.1', '192.168.7'],
  'onpremise-host': ['192.168.2', '192.168.2', '192.168.2', '192.168.2', '192.168.1', '192.168.7'],
} as const

const scenarioCount = 14
const packetCount = 24

/** Milliseconds to wait for an answer. */
const timeout = 2500

/** The same few hundred packets under the same random configurations every time: whatever the tracer says must happen. */
export async function agrees(lab: Lab, plan: Plan): Promise<void> {
  const { plan: linux } = asLinux(plan)
  const { policies } = planLab(plan)
  const random = randomFrom(20)
  await Promise.all(machines.map(({ name, addresses }) => lab.addAddresses(name, addresses)))
  const cases = Array.from({ length: scenarioCount }, (_, index) => ({
    gateways: policies.map((policy) => (index === 0 ? mutate(policy, () => 0) : mutate(policy, random))),
    packets: Array.from({ length: packetCount }, () => packetFrom(random)),
  }))
  const scenarios = cases.map(
    ({ gateways, packets }): Scenario => ({
      gateways: new Map(gateways.map((mutated) => [mutated.policy.site as string, textsOf(mutated)])),
      packets,
    }),
  )
  const results = await runScenarios(lab, scenarios, { timeout })
  const disagreements = cases.flatMap(({ gateways, packets }, index) => {
    const { refused, fates } = results[index] ?? { refused: new Map(), fates: [] }
    const world = worldOf(linux, gateways)
    const said = gateways.map((mutated) => `${mutated.policy.site} ${mutated.said}`).join('; ')
    const refusals = [...refused].map(([site, text]) => `${said}: ${site} refused: ${text}`)
    return [
      ...refusals,
      ...packets.flatMap((packet, at) =>
        difference(world, machines, packet, fates[at]).map((text) => `${said}: ${text}`),
      ),
    ]
  })
  equal(disagreements.join('\n'), '')
}

function packetFrom(random: Random): LabPacket {
  const machine = pick(random, machines)
  const other = pick(random, machines)
  const host = pick(random, other.addresses).replace(/^.*\./, '')
  const destination = `${pick(random, called[machine.name])}.${host}`
  const source = pick(random, machine.addresses)
  const own: readonly string[] = machine.addresses
  if (own.includes(destination)) return packetFrom(random)
  return { from: machine.name, source, destination, protocol: pick(random, ['icmp', 'tcp', 'udp'] as const) }
}

function textsOf({ policy, edit }: Mutated): GatewayTexts {
  const nat = policy.nat.filter(({ action }) => action.kind !== 'masquerade')
  const { texts, findings } = platformModule('linux')?.render({ ...policy, nat }, { secrets: new Map() }) ?? {}
  if (!texts) throw new Error(`not rendered: ${findings?.map(({ message }) => message).join('; ')}`)
  const file = (name: string) => texts.files.find((one) => one.name === name)?.text ?? ''
  return edit({ ruleset: file('natplan.nft'), connections: file('natplan-connections.conf') })
}

/** The gateways as they are told to be; without its guards a gateway is one that drops nothing. */
function worldOf(plan: Plan, gateways: readonly Mutated[]): World {
  const devices = gateways.map(({ policy, isGuarded }) => {
    const device = deviceOfPolicy(policy)
    const lists = device.lists.filter(({ kind }) => isGuarded || kind !== 'filter')
    return [policy.site as string, { ...device, lists }] as const
  })
  return worldOfPlan(plan, new Map(devices))
}
