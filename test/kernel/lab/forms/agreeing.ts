import { deepEqual } from 'node:assert/strict'
import { type Device, worldOfPlan } from '@natplan/core'
import { platformModule } from '@natplan/templates'
import { asLinux } from '../../../../packages/cli/src/lab/as-linux.ts'
import type { Lab } from '../../../../packages/cli/src/lab/lab.ts'
import type { Machine } from '../../../../packages/cli/src/lab/machine.ts'
import { type LabPacket, sendPackets } from '../../../../packages/cli/src/lab/packets.ts'
import { listenPort } from '../../../../packages/cli/src/lab/watch.ts'
import { planOf } from '../../../support/policies.ts'
import { watchTable, withoutTable } from '../../agreement/gateway-text.ts'
import { difference, type Seated } from '../compare.ts'
import { pick, type Random, randomFrom } from '../mutations.ts'
import { brief, type Form, type Step } from './form.ts'

/** Random packets, followed through what the commands of each gateway show. */
export const agreeing: Step = { name: 'does with random packets what natplan trace says', run: agrees }

const packetCount = 48

async function agrees(lab: Lab, { written }: Form): Promise<void> {
  const { plan } = asLinux(planOf(written))
  const world = worldOfPlan(plan, await devicesOf(lab))
  const random = randomFrom(7)
  const hosts = hostsOf(lab)
  // Whatever arrives is answered, so that only the way decides.
  for (const port of portsOf(lab)) {
    await Promise.all(hosts.map(({ name, addresses }) => lab.probe(name).ask({ kind: 'listen', addresses, port })))
  }
  const packets = Array.from({ length: packetCount }, () => packetFrom(lab, hosts, random))
  const disagreeing = async (sent: readonly LabPacket[], timeout: number) => {
    const fates = await sendPackets(lab, sent, { timeout })
    return sent.flatMap((packet, index) => {
      const said = difference(world, hosts, packet, fates[index])
      return said.length > 0 ? [{ packet, said }] : []
    })
  }
  // A machine with much to do answers late.
  const first = await disagreeing(packets, brief)
  const second = await disagreeing(
    first.map(({ packet }) => packet),
    4 * brief,
  )
  deepEqual(
    second.flatMap(({ said }) => said),
    [],
  )
}

function hostsOf({ topology }: Lab): Seated[] {
  return topology.machines.flatMap(({ name, kind, site = '', addresses }) =>
    kind === 'host' ? [{ name, site, addresses }] : [],
  )
}

/** Every port that leads to some host, and those that it becomes. */
function portsOf({ topology: { paths, machines } }: Lab): number[] {
  return [...paths.flatMap(({ service }) => service?.port ?? []), ...machines.flatMap(({ ports = [] }) => ports)]
}

/** To what hosts of peers are called most often, to what only others call them, and to what they are at home. */
function packetFrom(lab: Lab, hosts: readonly Seated[], random: Random): LabPacket {
  const { paths, closed } = lab.topology
  const host = pick(random, hosts)
  const own = [...paths, ...closed].filter(({ from }) => from === host.name)
  const chance = random()
  const others =
    chance < 0.85 ? [...paths, ...closed].map(({ called }) => called) : hosts.flatMap((one) => one.addresses)
  const destination = pick(random, chance < 0.7 && own.length > 0 ? own.map(({ called }) => called) : others)
  // What stays behind one gateway is no matter of tunnels.
  const isNear = hosts.some(({ site, addresses }) => site === host.site && addresses.includes(destination))
  if (isNear) return packetFrom(lab, hosts, random)
  const protocol = pick(random, ['icmp', 'tcp', 'udp'] as const)
  const ports = [listenPort, ...portsOf(lab)]
  const port = protocol === 'icmp' ? {} : { port: pick(random, ports) }
  return { from: host.name, source: pick(random, host.addresses), destination, protocol, ...port }
}

async function devicesOf(lab: Lab): Promise<ReadonlyMap<string, Device>> {
  return new Map(
    await Promise.all(
      lab.topology.gateways.map(
        async ({ site, machine }) => [site, readLinux(await textOf(lab.machine(machine)))] as const,
      ),
    ),
  )
}

function readLinux(text: string): Device {
  const device = platformModule('linux')?.readDevice?.(text).device
  if (!device) throw new Error('a gateway cannot be read')
  return device
}

const show = `
ip -d address
ip route show table all
ip rule
nft list ruleset
cat /etc/strongswan.conf /etc/swanctl/conf.d/natplan-connections.conf
`

async function textOf(machine: Machine): Promise<string> {
  return withoutTable(await machine.run(['sh', '-euc', show]), `inet ${watchTable}`)
}
