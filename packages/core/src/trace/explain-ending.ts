import { Address } from '../address/address.ts'
import type { RuleList, RuleSet, TunnelChild, Written } from '../device/device.ts'
import { takes } from '../match/takes.ts'
import type { Tracked } from '../match/tracked.ts'
import type { WorldSite } from '../world/world.ts'
import { adviceFor, childTowards, isCalledByPeers } from './advise.ts'
import { deciderName } from './ask-set.ts'
import { type Connection, isChanged, restored } from './connection.ts'
import type { Crossing } from './gateway-tables.ts'
import { type Arrival, bringerOf, type Missed, type Passing, passageOf, tunnelOf } from './passing.ts'
import type { Ending, Side, Step } from './step.ts'
import type { Failure } from './tunnel-link.ts'

export function endingNowhere(passing: Passing): Ending {
  const { site, route, packet, arrival } = passing
  const { destination } = packet
  if (isForOwnTranslated(passing)) {
    return bringerOf(arrival) === 'inside' ? endingOfOwnName(passing) : notTranslated(passing, true)
  }
  if (route?.line === undefined) {
    return {
      disposition: 'no-route',
      reason: `the gateway of ${site.name} has no route for ${shown(destination)}`,
      advice: `add a route for ${shown(destination)} at ${site.name}`,
      inClear: false,
    }
  }
  return {
    disposition: 'no-route',
    reason: `the gateway of ${site.name} has a route for ${shown(destination)} that leads nowhere${placeOf(site, route.line, route.file)}`,
    advice: `remove the blackhole route for ${shown(destination)} at ${site.name}`,
    inClear: false,
  }
}

/** Packets for what only the peers call this site; those of peers are translated before they are routed, or should have been. */
function isForOwnTranslated(passing: Passing): boolean {
  const {
    arrival,
    packet: { destination },
  } = passing
  const isUnchanged = destination.value === arrival.packet.destination.value
  return arrival.way === 'there' && isUnchanged && isCalledByPeers(passing, destination)
}

function endingOfOwnName(passing: Passing): Ending {
  const { site, route, packet } = passing
  return {
    disposition: 'no-route',
    reason: `only peers know a host of ${site.name} as ${shown(packet.destination)}, and its gateway keeps such packets from the internet${placeOf(site, route?.line, route?.file)}`,
    advice: adviceFor(passing),
    inClear: false,
  }
}

export function endingOfUnknownRoute({ site, route, packet: { destination } }: Passing): Ending {
  const place = placeOf(site, route?.line, route?.file)
  return {
    disposition: 'unknown',
    reason: `where the gateway of ${site.name} sends packets for ${shown(destination)} is not known: ${route?.doubt?.what ?? 'its route was not understood'}${place}`,
    advice: `look at the route for ${shown(destination)} at ${site.name}${place}`,
    inClear: false,
  }
}

/** The packet is for the gateway itself. */
export function endingAtGateway({ site, packet: { destination } }: Passing): Ending {
  return {
    disposition: 'unknown',
    reason: `${shown(destination)} is an address of the gateway of ${site.name} itself, and natplan does not follow what a gateway does with packets for itself`,
    advice: `look at what the gateway of ${site.name} answers to`,
    inClear: false,
  }
}

/** The interface leads to a gateway that nobody described. */
export function endingAtFarEnd({ site, route, packet: { destination } }: Passing): Ending {
  const name = route?.interface ?? 'an interface'
  return {
    disposition: 'peer-unknown',
    reason: `${site.name} sends packets for ${shown(destination)} into ${name}${placeOf(site, route?.line, route?.file)}, whose far end is not known`,
    advice: `look at what is behind ${name} of ${site.name}: natplan does not follow such tunnels`,
    inClear: false,
  }
}

/** A packet without a tunnel, which a trap, a virtual interface or a guard holds back. */
export function endingHeld({ disposition, reason, advice, drop }: Failure): Ending {
  return { disposition, reason, advice, ...(drop ? { drop } : {}), inClear: false }
}

export function endingOfDroppingChild({ site }: Passing, { tunnel, child }: Crossing): Ending {
  const { local, remote } = child
  return {
    disposition: 'filtered',
    reason: `${child.name} of the tunnel ${tunnel.name} of ${site.name} drops packets from ${local} to ${remote}${placeOf(site, child.line)}`,
    advice: `remove ${child.name} of ${tunnel.name} at ${site.name}, or narrow it`,
    inClear: false,
  }
}

/** The packet came another way than a child says. */
export function endingOfArrival({ site, arrival }: Passing, { tunnel, child }: Crossing): Ending {
  const { source, destination } = arrival.packet
  const ends = `${shown(source)} → ${shown(destination)}`
  const from = tunnelOf(arrival)
  const { what, advice } =
    child.kind !== 'protect'
      ? {
          what: `${ends} arrives at ${site.name}, although ${child.name} of ${tunnel.name} says that it does not`,
          advice: `remove ${child.name} of ${tunnel.name} at ${site.name}, or narrow it`,
        }
      : {
          what: `${ends} arrives at ${site.name} ${from ? `through ${from.tunnel.name}` : 'in clear'}, but the tunnel ${tunnel.name} carries packets from ${child.remote} to ${child.local}`,
          advice:
            from === undefined
              ? `narrow ${child.local} ↔ ${child.remote} at ${site.name}, or let what stays inside pass by the tunnel (mode = pass)`
              : `narrow ${child.local} ↔ ${child.remote} of ${tunnel.name} at ${site.name}: it must not overlap what ${from.tunnel.name} carries`,
        }
  return {
    disposition: 'filtered',
    reason: `${what}${placeOf(site, child.line)}, so the gateway drops it`,
    advice,
    inClear: false,
  }
}

/** A rule drops the packet; one that meets it where it would leave in clear guards what a tunnel should have taken. */
export function endingDropped(
  passing: Passing,
  { list, set, rule, isLater }: Pick<Extract<Step, { kind: 'filter' }>, 'list' | 'set' | 'rule' | 'isLater'>,
): Ending {
  const { site, missed, packet } = passing
  const asksClear = rule?.match.leaving === 'clear' && passing.route?.to !== 'inside'
  const isTooEarly = asksClear && isTranslatedLater(passing, list)
  if ((asksClear && !isTooEarly) || isLeavingInClear(passing, list))
    return missed ? endingHeld(missed.failure) : withoutSelector(passing, true)
  const ends = `${shown(packet.source)} → ${shown(packet.destination)}`
  const what = isLater ? `what follows the first packet of a connection ${ends}` : ends
  const at = rule ?? fallbackPlace(set)
  return {
    disposition: 'filtered',
    reason: `${deciderName({ set, rule })} drops ${what} at ${site.name}${placeOf(site, at.line, at.file)}${isTooEarly ? '; it asks before source NAT, when no tunnel takes packets with these addresses yet' : ''}`,
    advice: `accept ${packet.state === 'established' || isLater ? 'packets of connections that are established' : 'such packets'} in ${set.name} of ${site.name}`,
    drop: {
      site: site.name,
      list,
      set,
      rule,
      packets: {
        kind: 'inner',
        ...childrenOf(passing),
        source: Address.fromBits(packet.source.value),
        destination: Address.fromBits(packet.destination.value),
      },
    },
    inClear: false,
  }
}

/**
 * Reports whether source NAT is still to give a packet the address with which a tunnel takes it: whether it will be encrypted is judged by
 * the one that it has.
 */
function isTranslatedLater(passing: Passing, { hook, priority }: RuleList): boolean {
  const child = childTowards(passing)
  if (!child || (hook === 'postrouting' && priority >= 100)) return false
  if (passing.known) {
    const { source } = restored(passing.known, 'source', passing.packet).packet
    return source.value !== passing.packet.source.value && child.local.contains(Address.fromBits(source.value))
  }
  return passing.tables.source.some(({ rules }) => {
    const taking = rules
      .of(passing.packet)
      .find(({ match }) => takes(match, passing.packet, passageOf(passing)) === 'yes')
    return taking?.item.action.kind === 'map' && child.local.overlaps(taking.item.action.to)
  })
}

/** Before source NAT, the child that will take the packet may only be the one towards its destination. */
function childrenOf(passing: Passing): {
  readonly from: TunnelChild | undefined
  readonly to: TunnelChild | undefined
} {
  const { arrival, crossing, route } = passing
  const from = tunnelOf(arrival)
  const isLeaving = bringerOf(arrival) === 'inside' || route?.to === 'outside' || route?.to === 'virtual'
  return {
    from: from?.child,
    to: crossing?.crossing.child ?? (isLeaving ? childTowards(passing) : undefined),
  }
}

/** Where a set says what becomes of packets that no rule of it decides. */
export function fallbackPlace({ line, fallbackLine, file }: RuleSet): Written {
  return { line: fallbackLine ?? line, ...(file === undefined ? {} : { file }) }
}

/** Nothing translates or encrypts a packet any more behind source NAT (priority 100 of postrouting, linux/netfilter_ipv4.h). */
function isLeavingInClear({ route, crossing }: Passing, { hook, priority }: RuleList): boolean {
  return hook === 'postrouting' && priority >= 100 && route?.to === 'outside' && crossing === undefined
}

/** A packet that leaves a gateway on the outside as it is. */
export function endingOutside(passing: Passing): Ending {
  const { site, missed, arrival } = passing
  const isAnswer = arrival.way === 'back'
  if (!missed || !(isAnswer || isForOther(missed, arrival))) return withoutSelector(passing, false)
  return {
    disposition: 'leaves-unencrypted',
    reason: `${missed.failure.reason}, and nothing at ${site.name} holds the packet back`,
    advice: adviceForMissed(site.name, missed),
    ...(missed.failure.drop ? { drop: missed.failure.drop } : {}),
    inClear: true,
  }
}

/** Hosts send to a tunnel, and gateways hand on from one tunnel to another. */
function isForOther({ crossing }: Missed, arrival: Arrival): boolean {
  const from = bringerOf(arrival)
  return from === 'inside' || from.tunnel !== crossing.tunnel
}

/** Packets are trapped for a peer whose address is known; towards others only a rule can hold them. */
function adviceForMissed(site: string, { failure, crossing }: Missed): string {
  if (failure.disposition !== 'tunnel-down') return failure.advice
  const { kind } = crossing.tunnel.remote.address
  return kind === 'known'
    ? `let the tunnel of ${site} start with a trap`
    : `name the address of the peer at ${site}, so that packets can be trapped for it, or drop what is for ${crossing.child.remote} and would not be encrypted`
}

/** A packet on a virtual interface that no child takes. */
export function endingWithoutChild(passing: Passing): Ending {
  return withoutSelector(passing, true)
}

function withoutSelector(passing: Passing, isHeld: boolean): Ending {
  const { site, arrival, packet, steps } = passing
  if (bringerOf(arrival) !== 'inside' && arrival.way === 'there') return notTranslated(passing, isHeld)
  const ends = `${shown(packet.source)} → ${shown(packet.destination)}`
  const passed = steps.flatMap((step) => (step.kind === 'pass' ? [step] : [])).at(-1)
  const advice = adviceFor(passing)
  if (passed) {
    const { local, remote, name, line } = passed.child
    return {
      disposition: 'leaves-unencrypted',
      reason: `${name} of ${site.name} lets packets from ${local} to ${remote} pass in clear${placeOf(site, line)}, so ${ends} leaves towards the internet in clear`,
      advice: `give the tunnel of ${site.name} prefixes that do not overlap each other`,
      inClear: true,
    }
  }
  const behind = passing.route?.to === 'virtual' ? ` behind ${passing.route.interface}` : ''
  return isHeld
    ? {
        disposition: 'no-selector',
        reason: `no selector of ${site.name}${behind} takes ${ends}, and the gateway drops it`,
        advice,
        inClear: false,
      }
    : {
        disposition: 'leaves-unencrypted',
        reason: `no selector of ${site.name} takes ${ends}, so it leaves towards the internet in clear`,
        advice,
        inClear: true,
      }
}

function notTranslated(passing: Passing, isHeld: boolean): Ending {
  const { site, arrival, steps, route } = passing
  const { destination } = passing.packet
  const arrived = arrival.packet.destination
  const to = shown(destination)
  const rule = steps.find((step) => step.kind === 'translate' && step.side === 'destination')
  const place = rule && 'rule' in rule ? placeOf(site, rule.rule?.line) : ''
  const isElsewhere = route?.to !== 'nowhere' && route?.prefix.length
  const by = isElsewhere ? ` (the route for ${route.prefix} leads outside${placeOf(site, route.line, route.file)})` : ''
  return {
    disposition: 'not-translated',
    reason:
      destination.value === arrived.value
        ? `${to} comes out of the tunnel at ${site.name}, and no rule turns it into an address behind its gateway${by}`
        : `${site.name} turns ${shown(arrived)} into ${to}${place}, which is not behind its gateway${by}`,
    advice: isTranslatedHere(passing, arrived)
      ? `look at the destination rules of ${site.name}: one must map ${shown(arrived)} to a real address`
      : `let ${site.name} have a route or an interface for the network of ${to}, or narrow the selector`,
    inClear: !isHeld,
  }
}

function isTranslatedHere(passing: Passing, arrived: Tracked): boolean {
  return passing.tables.destination.some(({ list }) => list.rules.length > 0) || isCalledByPeers(passing, arrived)
}

/** Packet and answer arrived: whether the receiver is who was meant, and saw what it should. */
export function endingOfGood(
  connections: readonly Connection[],
  siteNamed: (name: string) => WorldSite | undefined,
): Ending {
  const twice = (['source', 'destination'] as const).find((side) => changedBy(connections, side).length > 1)
  if (twice) {
    const names = [...new Set(changedBy(connections, twice))]
    return {
      disposition: 'translated-twice',
      reason:
        names.length > 1 ? `${names.join(' and ')} both change the ${twice}` : `${names[0]} changes the ${twice} twice`,
      advice: `exempt the traffic of the tunnel at ${names.at(-1)}`,
      inClear: false,
    }
  }
  const other = connections.find((one) => one.shared.destination !== undefined && isChanged(one, 'destination'))
  if (other) return atAnotherHost(other, siteNamed(other.site))
  const shared = connections.find((one) => one.shared.source)
  if (shared) {
    return {
      disposition: 'not-one-to-one',
      reason: `${shared.site} gives many senders the address ${shown(shared.after.source)}`,
      advice: `map prefixes of equal length at ${shared.site} if the other side should open connections`,
      inClear: false,
    }
  }
  return { disposition: 'delivered', reason: 'packet and answer arrive', advice: '', inClear: false }
}

function changedBy(connections: readonly Connection[], side: Side): string[] {
  return connections.filter((one) => isChanged(one, side)).map(({ site }) => site)
}

function atAnotherHost({ site, before, after, shared }: Connection, where: WorldSite | undefined): Ending {
  const rule = shared.destination?.rule
  const name = rule?.number === undefined ? 'a destination rule' : `destination rule ${rule.number}`
  return {
    disposition: 'another-host',
    reason: `${name} of ${site}${where ? placeOf(where, rule?.line) : ''} sends what is meant for ${shown(before.destination)} to ${shown(after.destination)}, as it does for other addresses`,
    advice: `let ${name} of ${site} take packets for one address only, or exempt those of the tunnel`,
    inClear: false,
  }
}

/** File and line, where they are known. */
export function placeOf({ device }: WorldSite, line: number | undefined, file = device.file): string {
  return file === undefined || line === undefined ? '' : ` (${file}:${line})`
}

function shown(field: Tracked): Address {
  return Address.fromBits(field.value)
}
