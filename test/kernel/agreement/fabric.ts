import { rmSync } from 'node:fs'
import { wakeDaemon } from '../../../packages/cli/src/lab/gateway.ts'
import { holdMachines } from '../../../packages/cli/src/lab/hold.ts'
import type { Machine } from '../../../packages/cli/src/lab/machine.ts'
import { Probe } from '../../../packages/cli/src/lab/probe.ts'
import { settled } from '../../../packages/cli/src/lab/settled.ts'
import { listenPort } from '../../../packages/cli/src/lab/watch.ts'
import { internet } from './fate.ts'
import { gatewayText } from './gateway-text.ts'
import type { Mending } from './mend.ts'
import type { GatewayState, Network } from './network.ts'
import { roundRules } from './round-rules.ts'
import { type Start, startsOf } from './starts.ts'
import { internetAddress, type LinkEnd, type Wiring, wiringOf } from './wiring.ts'
import { connectionsOf, daemonSettings } from './write-connections.ts'
import { rulesetOf } from './write-ruleset.ts'

/** Every machine that a network may have; those that it has not stand idle. */
const machineNames = [
  internet,
  'nat-box',
  ...['a-gateway', 'b-gateway', 'c-gateway'],
  ...['a-host', 'a-host2', 'b-host', 'b-host2', 'c-host'],
]

/** What of a network counts beside its gateways. */
export interface Laid {
  /** The one site whose hosts send; `undefined`: all of them. */
  readonly sender: string | undefined
  /** Packets of this network have ports from this one on. */
  readonly firstPort: number
  /** What is done when everything stands and nobody has begun. */
  readonly prepare?: () => Promise<void>
}

/** Machines that one network after the other is laid over. */
export class Fabric {
  readonly machines: ReadonlyMap<string, Machine>
  readonly #probes = new Map<string, Probe>()
  #wiring: Wiring | undefined
  #network: Network | undefined
  /** The count when tunnels were begun. */
  #laid = 0
  #installed: ReadonlyMap<string, readonly string[]> | undefined
  /** How many were laid. */
  #count = 0
  /** What each gateway does besides. */
  #rules = ''

  private constructor(machines: ReadonlyMap<string, Machine>) {
    this.machines = machines
  }

  static async build(name: string): Promise<Fabric> {
    const { machines } = await holdMachines({ name, machines: machineNames, outlive: false })
    return new Fabric(machines)
  }

  machine(name: string): Machine {
    const machine = this.machines.get(name)
    if (!machine) throw new Error(`there is no machine ${name}`)
    return machine
  }

  probe(name: string): Probe {
    const probe = this.#probes.get(name) ?? new Probe(this.machine(name))
    this.#probes.set(name, probe)
    return probe
  }

  close(): void {
    for (const probe of this.#probes.values()) probe.close()
    this.#probes.clear()
  }

  get network(): Network {
    if (!this.#network) throw new Error('no network is laid')
    return this.#network
  }

  /** Lays a network: cables and hosts where they are others than before, gateways always; every tunnel that comes up is up then. */
  async lay(network: Network, { sender, firstPort, prepare }: Laid): Promise<void> {
    const wiring = wiringOf(network)
    await Promise.all(network.gateways.map((gateway) => this.#stop(gateway)))
    await this.#wire(wiring, network)
    this.#network = network
    this.#installed = undefined
    this.#laid = this.#count + 1
    this.#rules = this.#roundRules(firstPort)
    // Nobody hears anybody before everybody is ready, so that it is the same every time who initiates.
    this.#carry(false)
    await Promise.all(network.gateways.map((gateway) => this.#configure(gateway)))
    await prepare?.()
    this.#carry(true)
    for (const start of startsOf(this.network, sender)) await this.#startTunnels(start)
  }

  /** The network that is laid with other filters: nothing but rulesets is loaded, tunnels stay as they are. */
  async refilter(network: Network, firstPort: number): Promise<void> {
    this.#network = network
    this.#rules = this.#roundRules(firstPort)
    await Promise.all(network.gateways.map((gateway) => this.#loadRules(gateway)))
  }

  /** Enters what is missing, as an administrator does. */
  async mend({ network, commands }: Mending): Promise<void> {
    const before = this.network
    this.#network = network
    await Promise.all(
      network.gateways.map(async (gateway) => {
        const known = before.gateways.find(({ site }) => site === gateway.site)
        if (!isSame(known?.written, gateway.written)) await this.#loadRules(gateway)
        const lines = commands.get(gateway.site) ?? []
        if (lines.length > 0) await this.machine(gateway.machine).run(['sh', '-euc', lines.join('\n')])
      }),
    )
  }

  #roundRules(firstPort: number): string {
    this.#count += 1
    return roundRules({ zone: this.#count, outerZone: this.#laid, firstPort })
  }

  async #loadRules(gateway: GatewayState): Promise<void> {
    const machine = this.#writeRules(gateway)
    await machine.run(['nft', '--file', rulesetFile])
  }

  #writeRules(gateway: GatewayState): Machine {
    const machine = this.machine(gateway.machine)
    const wiring = this.#wiring?.machines.find(({ name }) => name === gateway.machine)
    machine.writeText(rulesetFile, `flush ruleset\n${wiring?.rules ?? ''}${this.#rules}${rulesetOf(gateway)}`)
    return machine
  }

  /** What the commands of each gateway show, by site. */
  async texts(): Promise<ReadonlyMap<string, string>> {
    return new Map(
      await Promise.all(
        this.network.gateways.map(
          async (gateway) => [gateway.site, await gatewayText(this.machine(gateway.machine), gateway)] as const,
        ),
      ),
    )
  }

  /** The children that are installed at each gateway, by site; asked once for each network. */
  async installed(): Promise<ReadonlyMap<string, readonly string[]>> {
    this.#installed ??= await this.#askInstalled()
    return this.#installed
  }

  async #askInstalled(): Promise<ReadonlyMap<string, readonly string[]>> {
    const running = this.network.gateways.filter(({ strongswan }) => strongswan === 'running')
    return new Map(
      await Promise.all(
        running.map(async ({ site, machine }) => {
          const text = await this.machine(machine).run(['swanctl', '--list-sas'])
          const names = [...text.matchAll(/^ +([\w-]+): #[0-9]+, reqid [0-9]+, INSTALLED/gm)].flatMap(
            ([, name]) => name ?? [],
          )
          return [site, [...new Set(names)].sort()] as const
        }),
      ),
    )
  }

  #carry(isOn: boolean): void {
    this.machine(internet).writeText('/proc/sys/net/ipv4/ip_forward', isOn ? '1' : '0')
  }

  async #wire(wiring: Wiring, { hosts }: Network): Promise<void> {
    const before = this.#wiring
    this.#wiring = wiring
    if (isSame(wiring, before)) return
    if (isSame(wiring.links, before?.links)) await this.#readdress(wiring)
    else await this.#plug(wiring)
    await Promise.all([
      this.probe(internet).ask({ kind: 'listen', addresses: [internetAddress], port: listenPort }),
      ...hosts.map(({ machine, addresses }) =>
        this.probe(machine).ask({ kind: 'listen', addresses, port: listenPort }),
      ),
    ])
  }

  async #plug({ links, machines }: Wiring): Promise<void> {
    await Promise.all([...this.machines.values()].map((machine) => this.#unplug(machine)))
    const end = ([machine, device]: LinkEnd) => `${device} netns ${this.machine(machine).innerPid}`
    await this.machine(internet).ip(
      links.map(([one, other]) => `link add ${end(one)} type veth peer name ${end(other)}`),
    )
    await Promise.all(machines.map(({ name, ...start }) => this.machine(name).bringUp(start)))
  }

  /** Hosts with other addresses on the same cables. */
  async #readdress({ machines }: Wiring): Promise<void> {
    const hosts = machines.filter(({ isHost }) => isHost)
    await Promise.all(hosts.map(({ name, lines }) => this.machine(name).ip(['address flush dev eth0', ...lines])))
  }

  /** Takes out every cable, and everything that was configured. */
  async #unplug(machine: Machine): Promise<void> {
    const text = await machine.run(['ip', '-oneline', 'link'])
    const names = [...text.matchAll(/^[0-9]+: ([^:@]+)/gm)].flatMap(([, name]) => (name === 'lo' ? [] : (name ?? [])))
    const lines = ['address flush dev lo scope global', ...names.map((name) => `link delete ${name}`)]
    await machine.attempt(['ip', '-force', '-batch', '-'], { input: `${lines.join('\n')}\n` })
    await machine.run(['nft', 'flush', 'ruleset'])
  }

  /** strongSwan leaves nothing behind when it is killed and what it left in the kernel is taken out. */
  async #stop({ machine: name }: GatewayState): Promise<void> {
    const machine = this.machine(name)
    machine.signal('charon', 'SIGKILL')
    await settled(() => !machine.signal('charon', 0))
    rmSync(machine.path('/run/charon.vici'), { force: true })
  }

  async #configure(gateway: GatewayState): Promise<void> {
    const machine = this.#writeRules(gateway)
    machine.writeText('/run/clean', cleanLines(gateway))
    machine.writeText('/run/lines', gatewayLines(gateway))
    machine.writeText('/etc/strongswan.conf', daemonSettings(gateway))
    machine.writeText('/etc/swanctl/swanctl.conf', connectionsOf(gateway))
    await machine.run(['sh', '-euc', configure])
    if (gateway.strongswan === 'stopped') return
    await wakeDaemon(machine)
    await machine.run(['swanctl', '--load-all'])
  }

  async #startTunnels({ gateway: { machine: name, strongswan }, names }: Start): Promise<void> {
    if (strongswan === 'stopped' || names.length === 0) return
    await this.machine(name).run(['sh', '-uc', startTunnels, 'start', ...names])
  }
}

const rulesetFile = '/run/ruleset'

const configure = `
ip -force -batch /run/clean >/dev/null 2>&1 || true
ip -batch /run/lines
nft --file ${rulesetFile}
`

/**
 * Seconds for each tunnel: one that does not come up by then does not come up, and where the gateways do not come to terms at all no other
 * of the same connection does.
 */
const startTunnels = `
installed=$(swanctl --list-sas)
given_up=
for one; do
  connection=\${one%%/*}
  child=\${one#*/}
  case $installed in *" $child: #"*INSTALLED*) continue ;; esac
  case $given_up in *" $connection "*) continue ;; esac
  if ! swanctl --initiate --child "$child" --timeout 3; then
    case $(swanctl --list-sas --ike "$connection") in
      *ESTABLISHED*) ;;
      *) given_up="$given_up $connection " ;;
    esac
  fi
done >/dev/null 2>&1
true
`

function cleanLines({ inside, uplinks }: GatewayState): string {
  const devices = [...inside, ...uplinks]
  const lines = [
    'xfrm state flush',
    'xfrm policy flush',
    ...['ipsec0', 'cable0', 'apart'].map((device) => `link delete ${device}`),
    'rule delete pref 0',
    'rule add pref 0 lookup local',
    'rule flush',
    'rule add pref 32766 lookup main',
    'rule add pref 32767 lookup default',
    ...devices.flatMap((device) => [`link set ${device} up`, `address flush dev ${device}`]),
    ...['main', '100', '101', '220', '1100'].map((table) => `route flush table ${table}`),
  ]
  return `${lines.join('\n')}\n`
}

function gatewayLines({ addresses, routes, policies, downLink }: GatewayState): string {
  const lines = [
    ...addresses,
    // Of two that are in each other's way the last counts.
    ...routes.map((route) => `route replace ${route}`),
    ...[...new Set(policies)].map((policy) => `rule add ${policy}`),
    ...(downLink === undefined ? [] : [`link set ${downLink} down`]),
  ]
  return `${lines.join('\n')}\n`
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
