import { randomBytes, randomInt } from 'node:crypto'
import {
  derivePolicies,
  type GatewayPolicy,
  NatplanError,
  nodeRoutes,
  type Plan,
  type SiteName,
  type TunnelPolicy,
} from '@natplan/core'
import { generateKey, keyBytes, manifestText, Secret, type Texts } from '@natplan/templates'
import { AgentPod } from './agent.ts'
import { asLinux, gatewayLimit, labSites } from './as-linux.ts'
import { deriveTopology, internet } from './derive-topology.ts'
import { findLabs } from './find-labs.ts'
import { renderGateway, runScript, startDaemon, writeScripts } from './gateway.ts'
import { holdMachines } from './hold.ts'
import { type Machine, ownFolder } from './machine.ts'
import { Probe } from './probe.ts'
import type { LabTopology, LinkEnd, MachinePlan } from './topology.ts'
import { type Counts, clearSight, listenPort, type Sight, see, watchRules } from './watch.ts'

/** Everything that a lab of a plan is made of, before anything is built. */
export interface LabPlan {
  readonly topology: LabTopology
  readonly policies: readonly GatewayPolicy[]
  /** What natplan renders for each gateway, by site. */
  readonly texts: ReadonlyMap<string, Texts>
  /** The manifests of each cluster, by site. */
  readonly manifests: ReadonlyMap<string, string>
}

/**
 * Derives the lab of a plan. Its keys are its own: the plan's are not read.
 * @throws NatplanError LAB_IMPOSSIBLE
 */
export function planLab(plan: Plan): LabPlan {
  const { plan: linux, leftOut } = asLinux(plan)
  const sites = labSites(linux)
  if (sites.length === 0) {
    const hint = 'write a gateway for two sites with a tunnel between them'
    throw new NatplanError('LAB_IMPOSSIBLE', 'no tunnel of the plan joins two gateways, so there is nothing to build', {
      hint,
    })
  }
  if (sites.length > gatewayLimit) {
    const message = `the plan has ${sites.length} gateways, and a lab has at most ${gatewayLimit}`
    throw new NatplanError('LAB_IMPOSSIBLE', message, { hint: 'try a plan file with a few of the sites' })
  }
  const platforms = new Map([...plan.network.sites].map(([name, { gateway }]) => [name, gateway?.platform ?? 'linux']))
  const { policies } = derivePolicies(linux)
  const topology = deriveTopology(linux, policies, platforms)
  const keys = keysFor(policies)
  const texts = new Map(policies.map((policy) => [policy.site as string, renderGateway(policy, keys(policy.site))]))
  const routings = nodeRoutes(linux).routings
  const manifests = new Map(routings.map((routing) => [routing.site as string, manifestText(routing, { mode: 'run' })]))
  return { topology: { ...topology, leftOut: [...leftOut, ...topology.leftOut] }, policies, texts, manifests }
}

/** A key for each tunnel, made up: both ends know it by their identities. */
function keysFor(policies: readonly GatewayPolicy[]) {
  const keys = new Map<string, Secret>()
  const keyOf = ({ local, remote }: TunnelPolicy) => {
    const pair = [local.identity, remote.identity].sort().join(' ')
    const key = keys.get(pair) ?? new Secret(generateKey(randomBytes(keyBytes)))
    keys.set(pair, key)
    return key
  }
  return (site: SiteName): ReadonlyMap<string, Secret> => {
    const tunnels = policies.find((policy) => policy.site === site)?.tunnels ?? []
    return new Map(tunnels.map((tunnel) => [tunnel.peer, keyOf(tunnel)]))
  }
}

/** Who is refused, because nobody knows him yet, does not call again. */
function callsWhoAnswers({ tunnels }: GatewayPolicy): boolean {
  return tunnels.some(({ start, peerStart }) => start === 'initiate' && peerStart === 'respond')
}

/** Where a lab says what it is, on its internet. */
const stateFile = `${ownFolder}/lab.json`

type State = Pick<LabPlan, 'topology'> & { readonly manifests: readonly (readonly [string, string])[] }

/** A running lab. */
export class Lab {
  readonly name: string
  readonly topology: LabTopology
  readonly machines: ReadonlyMap<string, Machine>
  /** The pods of the worker nodes, by machine. */
  readonly agents: ReadonlyMap<string, AgentPod>
  readonly #probes = new Map<string, Probe>()
  readonly #added = new Map<string, Set<string>>()
  /** Ports that are called, and those that they lead to. */
  readonly #listening: ReadonlySet<number>
  #port = randomInt(firstPort, lastPort)
  #size = randomInt(firstSize, lastSize)

  private constructor(name: string, { topology, manifests }: State, machines: ReadonlyMap<string, Machine>) {
    this.name = name
    this.topology = topology
    this.machines = machines
    const { paths } = topology
    const led = topology.machines.flatMap(({ ports = [] }) => ports)
    this.#listening = new Set([...led, ...paths.flatMap(({ service }) => service?.port ?? [])])
    const bySite = new Map(manifests)
    const pods = topology.workers.map(
      ({ site, machine, daemonSet }) =>
        [machine, new AgentPod(this.machine(machine), bySite.get(site) ?? '', daemonSet)] as const,
    )
    this.agents = new Map(pods)
  }

  /** Builds machines, links and addresses; gateways have no configuration yet, and worker nodes no agent. */
  static async build(name: string, plan: LabPlan, { outlive }: { readonly outlive: boolean }): Promise<Lab> {
    const { topology } = plan
    const names = topology.machines.map((machine) => machine.name)
    const { machines } = await holdMachines({ name, machines: names, outlive })
    const state: State = { topology, manifests: [...plan.manifests] }
    const lab = new Lab(name, state, machines)
    await lab.#connect()
    await Promise.all(topology.machines.map((machine) => lab.#bringUp(machine)))
    await Promise.all(topology.gateways.map(({ machine }) => startDaemon(lab.machine(machine))))
    lab.machine(internet).writeText(stateFile, JSON.stringify(state))
    return lab
  }

  /** The lab of that name, built earlier. */
  static find(name: string): Lab | undefined {
    const found = findLabs().find((lab) => lab.name === name)
    const state = found?.machines.get(internet)?.readText(stateFile)
    return found && state !== undefined ? new Lab(name, JSON.parse(state) as State, found.machines) : undefined
  }

  async #connect(): Promise<void> {
    const end = (one: LinkEnd) => `${one.interface} netns ${this.machine(one.machine).innerPid}`
    const lines = this.topology.links.map(
      ({ ends: [one, other] }) => `link add ${end(one)} type veth peer name ${end(other)}`,
    )
    await this.machine(internet).ip(lines)
  }

  async #bringUp(machine: MachinePlan): Promise<void> {
    const ends = this.topology.links.flatMap(({ ends }) => ends).filter((end) => end.machine === machine.name)
    // Addresses of IPv6 would only add packets that nobody asked about.
    const quiet = { 'net/ipv6/conf/all/disable_ipv6': '1', 'net/ipv6/conf/default/disable_ipv6': '1' }
    await this.machine(machine.name).bringUp({
      settings: { ...quiet, ...machine.settings },
      rules: watchRules(machine, this.topology) + (machine.rules ?? ''),
      lines: [...ends.map((end) => `link set ${end.interface} up`), ...machine.commands],
    })
  }

  machine(name: string): Machine {
    const machine = this.machines.get(name)
    if (!machine) throw new Error(`the lab has no machine ${name}`)
    return machine
  }

  gateway(site: string): Machine {
    const gateway = this.topology.gateways.find((one) => one.site === site)
    return this.machine(gateway?.machine ?? `the gateway of ${site}`)
  }

  /** Lays down natplan's scripts for every gateway and runs them; those that only answer stand before somebody calls them. */
  async configure({ texts, policies }: Pick<LabPlan, 'texts' | 'policies'>): Promise<void> {
    const calling = new Set(policies.filter(callsWhoAnswers).map(({ site }) => site as string))
    for (const isCalling of [false, true]) {
      await Promise.all(
        [...texts]
          .filter(([site]) => calling.has(site) === isCalling)
          .map(async ([site, text]) => {
            writeScripts(this.gateway(site), text)
            await runScript(this.gateway(site), 'configure')
          }),
      )
    }
  }

  /** Starts the route agent on every worker node. */
  async startAgents(): Promise<void> {
    await Promise.all([...this.agents.values()].map((pod) => pod.start()))
  }

  /** The probe on a machine, started when it is first asked for. */
  probe(machine: string): Probe {
    const probe = this.#probes.get(machine) ?? new Probe(this.machine(machine))
    this.#probes.set(machine, probe)
    return probe
  }

  /** Lets every host listen on all of its addresses. */
  async listen(): Promise<void> {
    const hosts = this.topology.machines.filter(({ kind }) => kind === 'host' || kind === 'worker')
    await Promise.all(
      hosts.flatMap(({ name, addresses, ports = [] }) => {
        const all = [...addresses, ...(this.#added.get(name) ?? [])]
        return [listenPort, ...ports].map((port) => this.probe(name).ask({ kind: 'listen', addresses: all, port }))
      }),
    )
  }

  /** Gives a machine further addresses; those that it has stay as they are. */
  async addAddresses(machine: string, addresses: readonly string[]): Promise<void> {
    const { addresses: own = [] } = this.topology.machines.find(({ name }) => name === machine) ?? {}
    const added = this.#added.get(machine) ?? new Set()
    const missing = addresses.filter((address) => !own.includes(address) && !added.has(address))
    this.#added.set(machine, new Set([...added, ...missing]))
    const kind = this.topology.machines.find(({ name }) => name === machine)?.kind ?? 'host'
    await this.machine(machine).ip(missing.map((address) => `address add ${address}/32 dev ${deviceOf[kind]}`))
  }

  /** A source port that no packet of this lab has had, and that nobody listens on. */
  nextPort(): number {
    this.#port = this.#port < lastPort ? this.#port + 1 : firstPort
    return this.#listening.has(this.#port) ? this.nextPort() : this.#port
  }

  /** The same for echoes, which are known by their size. */
  nextSize(): number {
    this.#size = this.#size < lastSize ? this.#size + 1 : firstSize
    return this.#size
  }

  /** What a machine has seen since all was forgotten. */
  see(machine: string): Promise<Sight> {
    return see(this.machine(machine))
  }

  /** Lets all machines forget what they have seen, and returns what they had counted, by machine. */
  async forget(): Promise<ReadonlyMap<string, Counts>> {
    const { machines } = this.topology
    return new Map(
      await Promise.all(
        machines.map(async ({ name, kind }) => [name, await clearSight(this.machine(name), kind)] as const),
      ),
    )
  }

  /** What every machine has seen since, by machine. */
  async seeAll(): Promise<ReadonlyMap<string, Sight>> {
    const names = [...this.machines.keys()]
    return new Map(await Promise.all(names.map(async (name) => [name, await this.see(name)] as const)))
  }

  closeProbes(): void {
    for (const probe of this.#probes.values()) probe.close()
    this.#probes.clear()
  }
}

/** Where a machine has the addresses that others know. */
const deviceOf = { internet: 'lo', gateway: 'outside', nat: 'outside', host: 'eth0', worker: 'private' } as const

/** Below the ports that the kernel gives away by itself. */
const firstPort = 10_000
const lastPort = 32_000

/** Bytes of an echo; with every header below the smallest MTU of a tunnel. */
const firstSize = 64
const lastSize = 1264
