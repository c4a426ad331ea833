import {
  Address,
  type Device,
  dispositions,
  type Hop,
  protocolNumber,
  type RuleList,
  type Side,
  type Trace,
  tracePacket,
  type World,
  worldOfDevices,
} from '@natplan/core'
import { platformModule } from '@natplan/templates'
import type { LabPacket } from '../../../packages/cli/src/lab/packets.ts'
import { listenPort } from '../../../packages/cli/src/lab/watch.ts'
import { everyField, type Fate, fieldsThere } from './fate.ts'
import type { HostState } from './network.ts'
import { firstPort } from './send.ts'
import type { WrittenFilters } from './written-filters.ts'

/** What natplan is given. */
export interface Given {
  /** What the commands of each gateway show, by site. */
  readonly texts: ReadonlyMap<string, string>
  /** The children that are installed there, by site; a site where strongSwan does not run is not in it. */
  readonly installed: ReadonlyMap<string, readonly string[]>
  readonly hosts: readonly HostState[]
  /** Filters in the language of VyOS, by site, and what they are. */
  readonly firewalls: ReadonlyMap<string, WrittenFilters>
}

/** What natplan says, and its reason, for people. */
export interface Said {
  readonly fate: Fate | 'unknown'
  /** What it tells: of what stays inside, nothing of the answer; where only what follows is dropped, nothing of the first packet. */
  readonly told: readonly (keyof Fate)[]
  readonly disposition: Trace['disposition']
  readonly why: string
}

/** What natplan says becomes of each packet, or that it does not know. */
export function fatesByTrace(
  given: Given,
  packets: readonly LabPacket[],
  change: (world: World) => World = (world) => world,
): Said[] {
  const sites = [...given.texts.keys()]
  const worlds = new Map(sites.map((site) => [site, change(worldOfTexts(textsFor(site, given), given.firewalls))]))
  return packets.map((packet) => {
    const site = given.hosts.find(({ machine }) => machine === packet.from)?.site ?? ''
    const world = worlds.get(site)
    const from = world?.sites.get(site)
    if (!world || !from) throw new Error(`there is no site ${site}`)
    return saidOf(tracePacket(world, from, requestOf(packet)), packet.from, given.hosts)
  })
}

/**
 * The texts as they are for packets of one site. A tunnel that is up takes packets whoever has brought it up, so that one whose
 * `start_action` is `none` counts as one that is started; but not at the peers of that site: there its packet is what brings it up.
 */
function textsFor(site: string, { texts, installed }: Given): Map<string, string> {
  return new Map(
    [...texts].map(([own, text]) => {
      const up = installed.get(own)?.filter((name) => own === site || !name.startsWith(`net-${site}-`)) ?? []
      return [own, up.reduce(asStarted, text)]
    }),
  )
}

function asStarted(text: string, child: string): string {
  return text.replace(new RegExp(`(\\n +${child} \\{[^}]*start_action = )none`), '$1start')
}

/** The texts as they are when somebody has brought every tunnel up, whoever began. */
export function textsWhenUp(texts: ReadonlyMap<string, string>): Map<string, string> {
  return new Map(
    [...texts].map(([site, text]) => [site, text.replaceAll('start_action = none', 'start_action = start')]),
  )
}

/** The world that the texts show; `firewalls`: filters of gateways that are written in another language, as those of VyOS. */
export function worldOfTexts(
  texts: ReadonlyMap<string, string>,
  firewalls: ReadonlyMap<string, WrittenFilters>,
): World {
  return worldOfDevices(
    [...texts].map(([site, text]) => {
      const device = read('linux', text)
      const firewall = firewalls.get(site)
      return { site, device: { ...(firewall ? withFirewall(device, firewall) : device), file: site } }
    }),
  ).world
}

function read(platform: 'linux' | WrittenFilters['language'], text: string): Device {
  const module = platform === 'iptables' ? undefined : platformModule(platform)
  if (!module?.readDevice) throw new Error(`texts of ${platform} cannot be read`)
  return module.readDevice(text).device
}

/** A gateway of Linux that filters as VyOS does. */
function withFirewall(device: Device, { language, text }: WrittenFilters): Device {
  const { lists, unread } = read(language, text)
  const place = ({ hook, priority }: RuleList) => 1000 * hooks.indexOf(hook) + priority
  const all = [...device.lists, ...lists].sort((a, b) => place(a) - place(b))
  return { ...device, lists: all, unread: [...device.unread, ...unread] }
}

const hooks: readonly RuleList['hook'][] = ['prerouting', 'input', 'forward', 'output', 'postrouting']

function requestOf({ source, destination, protocol }: LabPacket) {
  return {
    source: Address.parse(source),
    destination: Address.parse(destination),
    protocol: numberOf(protocol),
    sourcePort: firstPort,
    destinationPort: listenPort,
  }
}

function saidOf(trace: Trace, from: string, hosts: readonly HostState[]): Said {
  const { disposition, way, site, reason } = trace
  // A machine takes no packet that comes from outside with an address of its own.
  const others = hosts.filter(({ machine }) => machine !== from)
  const fate = disposition === 'peer-unknown' || disposition === 'unknown' ? 'unknown' : fateOf(trace, others)
  return { fate, told: toldBy(trace), disposition, why: `${disposition}, ${way}, ${site}: ${reason}` }
}

function toldBy({ disposition, hops }: Trace): readonly (keyof Fate)[] {
  const isOfLater = hops.at(-1)?.steps.some((step) => step.kind === 'filter' && step.isLater)
  return isOfLater ? ['goesOn'] : disposition === 'stays-local' ? fieldsThere : everyField
}

function numberOf(protocol: LabPacket['protocol']): number {
  const number = protocolNumber(protocol)
  if (number === undefined) throw new Error(`there is no protocol ${protocol}`)
  return number
}

/** What will be seen of it. A host that nobody has does not answer. */
function fateOf(trace: Trace, hosts: readonly HostState[]): Fate {
  const { disposition, way, inClear, hops } = trace
  const last = hops.at(-1)
  const taken = hops.find((hop) => hop.way === 'there' && isTaken(hop)) ?? staying(trace)
  const receiver = taken && ownerOf(taken, hosts)
  const isLost = taken !== undefined && receiver === undefined
  const answered = receiver !== undefined && (dispositions[disposition].isGood || arriving.includes(disposition))
  const isFiltered = disposition === 'reverse-path-filter' && !isLost
  const clear = inClear && last ? shownEnds(last) : undefined
  return {
    reachedHost: receiver?.machine,
    seenSource: receiver && taken && endsOf(taken).source,
    seenDestination: receiver && taken && endsOf(taken).destination,
    answered,
    goesOn: answered,
    answerSeenAs: answered || (isFiltered && way === 'back') ? String(last?.arrives.source) : undefined,
    clearThere: way === 'there' ? clear : undefined,
    clearBack: way === 'back' && !isLost ? clear : undefined,
    rpDrop: isFiltered ? hosts.find(({ site }) => site === trace.site)?.machine : undefined,
  }
}

const arriving: readonly Trace['disposition'][] = ['translated-twice', 'not-one-to-one', 'another-host']

function isTaken({ steps }: Hop): boolean {
  return steps.some(({ kind }) => kind === 'deliver')
}

/** A gateway hands the packet to another of its own networks. */
function staying({ disposition, hops }: Trace): Hop | undefined {
  const last = hops.at(-1)
  return disposition === 'stays-local' && last?.at === 'gateway' ? last : undefined
}

/** The addresses with which a packet goes on: those that it came with, and what NAT made of them. */
function endsOf({ arrives, steps }: Hop): Record<Side, string> {
  const changes = steps.flatMap((step) => (step.kind === 'translate' || step.kind === 'restore' ? [step] : []))
  const last = (side: Side) => String(changes.findLast((step) => step.side === side)?.to ?? arrives[side])
  return { source: last('source'), destination: last('destination') }
}

function shownEnds(hop: Hop): string {
  const { source, destination } = endsOf(hop)
  return `${source} > ${destination}`
}

function ownerOf(hop: Hop, hosts: readonly HostState[]): HostState | undefined {
  const { destination } = endsOf(hop)
  return hosts.find((host) => host.site === hop.site && host.addresses.includes(destination))
}
