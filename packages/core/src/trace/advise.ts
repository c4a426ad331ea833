import { Address } from '../address/address.ts'
import type { Prefix } from '../address/prefix.ts'
import type { TunnelChild } from '../device/device.ts'
import { rangeOf } from '../match/range-set.ts'
import { takes } from '../match/takes.ts'
import type { Tracked } from '../match/tracked.ts'
import { isForFarNames } from '../world/far-maps.ts'
import { prefixesBehind } from '../world/find-site.ts'
import { bringerOf, type Passing, passageOf } from './passing.ts'
import type { Step } from './step.ts'

/** Which one thing would let a selector take a packet that none takes. */
export function adviceFor(passing: Passing): string {
  const { site, arrival, packet: after } = passing
  const before = arrival.packet
  const isPod = site.nodes.some(({ podSubnets }) => holds(podSubnets, before.source))
  if (isPod) {
    return `let the nodes of ${site.name} give pods their own address towards ${shown(after.destination)} (natplan explain POD_ADDRESSES), or write podEgress: routed`
  }
  if (bringerOf(arrival) === 'inside' && !holds(prefixesBehind(site), before.source)) {
    return `${shown(before.source)} is in no subnet of ${site.name} (${listed(site.subnets)}): only hosts of these talk through its tunnels`
  }
  if (bringerOf(arrival) === 'inside' && isCalledByPeers(passing, after.destination)) {
    return `${shown(after.destination)} is what peers call a host of ${site.name} itself: call it by its real address`
  }
  const towards = childTowards(passing)
  if (!towards) {
    return `add a selector for ${shown(after.destination)} at ${site.name}, or call the far host by an address that the peer has there`
  }
  if (holds([towards.local], after.source)) return routeAdvice(passing, towards)
  const taken = passing.steps.find((step) => 'rule' in step && 'side' in step && step.side === 'source')
  if (taken) return ruleAdvice(passing, towards, taken)
  const source = shown(before.source)
  const elsewhere = ruleElsewhere(passing, towards)
  if (elsewhere) return elsewhere
  return `add a source rule at ${site.name} that maps ${source} into ${towards.local}, or widen the selector`
}

export function childTowards({ site, packet: { destination } }: Passing): TunnelChild | undefined {
  const children = site.device.tunnels.flatMap((tunnel) => tunnel.children.filter(({ kind }) => kind === 'protect'))
  return children.find(({ remote }) => holds([remote], destination))
}

/** Reports whether an address is what the site's own addresses become for its peers. */
export function isCalledByPeers({ tables, site }: Pick<Passing, 'tables' | 'site'>, address: Tracked): boolean {
  return tables.source.some(({ list }) =>
    list.rules.some(
      (rule) =>
        rule.action.kind === 'map' && !isForFarNames(site.device, list.kind, rule) && holds([rule.action.to], address),
    ),
  )
}

/** The addresses are right, so what is wrong is the way. */
function routeAdvice({ site, packet }: Passing, { name, remote, through, only }: TunnelChild): string {
  if (only) return `let ${name} of ${site.name} carry such packets too: it is for some protocols or ports only`
  if (through?.kind === 'route') {
    // A route for everything would take the packets of the tunnel itself.
    const target = remote.length === 0 ? `the network of ${shown(packet.destination)}` : remote
    return `route ${target} into ${through.interface} at ${site.name}`
  }
  const target = through?.interface ?? 'a virtual interface'
  return `route ${remote} to ${target} at ${site.name}, with longer prefixes: only there selectors see translated addresses`
}

/** A rule took the packet that should not have, or made something else of it. */
function ruleAdvice(passing: Passing, { local, remote }: TunnelChild, taken: Step): string {
  if (!('rule' in taken) || !('list' in taken) || !taken.rule) return ''
  const { site, arrival } = passing
  const source = shown(arrival.packet.source)
  const name =
    taken.rule.number === undefined ? `a source rule of ${taken.list.name}` : `source rule ${taken.rule.number}`
  const what = `${name} of ${site.name} takes the packet`
  if (taken.rule.action.kind === 'map') {
    return `${what} and maps it to ${taken.rule.action.to}: ${source} must become one of ${local}`
  }
  const meant = rulesBehind(passing, taken).find(
    ({ rule }) => rule.action.kind === 'map' && local.contains(rule.action.to),
  )
  if (meant?.rule.number !== undefined) {
    return `${what} first: give it a higher number than rule ${meant.rule.number}, which maps to ${local}`
  }
  const number = taken.rule.number === undefined ? 'it' : `rule ${taken.rule.number}`
  return local.contains(Address.fromBits(arrival.packet.source.value))
    ? `${what}: add a rule before ${number} that exempts (exclude) packets to ${remote}`
    : `${what}: add a rule before ${number} that maps ${source} into ${local}`
}

/** The rule is there, but for packets that leave by another interface. */
function ruleElsewhere(passing: Passing, { local, remote, through }: TunnelChild): string | undefined {
  const { site, tables, arrival, packet } = passing
  const asked = { ...arrival.packet, destination: packet.destination }
  const rules = tables.source.flatMap(({ list }) => list.rules)
  const meant = rules.find(({ match, action }) => {
    const { out, ...others } = match
    return (
      out !== undefined &&
      action.kind === 'map' &&
      local.contains(action.to) &&
      takes(others, asked, passageOf(passing)) === 'yes'
    )
  })
  if (!meant) return undefined
  const name = meant.number === undefined ? 'a source rule' : `source rule ${meant.number}`
  const written = meant.match.out?.names.join(', ')
  const isOnWay = through !== undefined && meant.match.out?.names.includes(through.interface)
  return isOnWay
    ? `route ${remote} to ${written} at ${site.name}: ${name} there maps to ${local}`
    : `${name} of ${site.name} maps to ${local}, but only for what leaves through ${written}: let it name the interface that these packets leave through`
}

/** Source rules that would have taken the packet if another had not. */
function rulesBehind(passing: Passing, taken: Step) {
  const { tables, arrival } = passing
  const passage = passageOf(passing)
  return tables.source
    .flatMap(({ list }) => list.rules.map((rule) => ({ list, rule })))
    .filter(({ rule }) => !('rule' in taken) || rule !== taken.rule)
    .filter(
      ({ rule }) =>
        takes(rule.match, { ...arrival.packet, destination: passing.packet.destination }, passage) === 'yes',
    )
}

function holds(prefixes: readonly Prefix[], field: Tracked): boolean {
  return prefixes.some((prefix) => field.peek(rangeOf(prefix)))
}

const mostListed = 3

function listed(prefixes: readonly Prefix[]): string {
  const more = prefixes.length > mostListed ? ', …' : ''
  return prefixes.length === 0 ? 'none is known' : `${prefixes.slice(0, mostListed).join(', ')}${more}`
}

function shown(field: Tracked): Address {
  return Address.fromBits(field.value)
}
