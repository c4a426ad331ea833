import { Address } from '../address/address.ts'
import type { Tracked } from '../match/tracked.ts'
import { rangeOf } from './condition.ts'
import type { Arrival, Exit } from './data-path.ts'
import type { Ending, Step, Way } from './hop.ts'
import type { Connection } from './nat.ts'
import type { Packet } from './packet.ts'

export function endingNowhere({ site }: Arrival, { destination }: Packet): Ending {
  return {
    disposition: 'no-route',
    reason: `the gateway of ${site.name} has a route for ${shown(destination)} that leads nowhere`,
    advice: `remove the route into nothing for ${shown(destination)} at ${site.name}`,
    inClear: false,
  }
}

/** A packet that leaves a gateway on the outside without a selector. */
export function endingOutside(left: {
  readonly arrival: Arrival
  readonly exit: Extract<Exit, { kind: 'outside' }>
  readonly way: Way
  /** What was done to the packet at this gateway. */
  readonly steps: readonly Step[]
}): Ending {
  const { arrival, exit, steps } = left
  if (arrival.from !== 'inside' && left.way === 'there') return notTranslated(arrival, exit)
  const { site } = arrival
  const ends = `${shown(exit.packet.source)} → ${shown(exit.packet.destination)}`
  const advice = adviceFor(arrival, exit.packet, steps)
  return exit.isHeld
    ? {
        disposition: 'no-selector',
        reason: `no selector of ${site.name} takes ${ends}, and the gateway drops it`,
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

function notTranslated(
  { site, packet: arrived }: Arrival,
  { packet: { destination }, isHeld }: Extract<Exit, { kind: 'outside' }>,
): Ending {
  const to = shown(destination)
  const isChanged = destination.value !== arrived.destination.value
  return {
    disposition: 'not-translated',
    reason: isChanged
      ? `${site.name} turns ${shown(arrived.destination)} into ${to}, which is not behind its gateway`
      : `${to} comes out of the tunnel at ${site.name}, and no rule turns it into an address behind its gateway`,
    advice: `look at the destination rules of ${site.name}: one must map ${shown(arrived.destination)} to a real address`,
    inClear: !isHeld,
  }
}

/** Which one thing would let a selector take the packet. */
function adviceFor({ site, packet: before }: Arrival, after: Packet, steps: readonly Step[]): string {
  const isPod = site.nodes.some(({ podSubnets }) => podSubnets.some((prefix) => before.source.peek(rangeOf(prefix))))
  if (isPod) {
    return `let the nodes of ${site.name} give pods their own address towards ${shown(after.destination)} (natplan explain POD_ADDRESSES), or write podEgress: routed`
  }
  const selectors = site.gateway.policy.tunnels.flatMap((tunnel) => tunnel.selectors)
  const towards = selectors.find(({ remote }) => after.destination.peek(rangeOf(remote)))
  if (!towards) {
    return `add a selector for ${shown(after.destination)} at ${site.name}, or call the far host by an address that the peer has there`
  }
  if (after.source.peek(rangeOf(towards.local))) {
    const target = towards.interface ?? 'a virtual interface'
    return `route ${towards.remote} to ${target} at ${site.name}, by longer prefixes: only there selectors see translated addresses`
  }
  const [taken] = steps.flatMap((step) => ('rule' in step && step.side === 'source' ? [step.rule] : []))
  if (taken) {
    const what = `source rule ${taken.number} of ${site.name} takes the packet`
    const needed = `${shown(before.source)} must become one of ${towards.local}`
    return taken.action.kind === 'map'
      ? `${what} and maps it to ${taken.action.to}: ${needed}`
      : `${what} first: give it a higher number than the rule that maps to ${towards.local}`
  }
  return `add a source rule at ${site.name} that maps ${shown(before.source)} into ${towards.local}, or widen the selector`
}

/** Packet and answer arrived: whether the receiver saw what it should. */
export function endingOfGood(connections: readonly Connection[]): Ending {
  const twice = (['source', 'destination'] as const).find(
    (side) => connections.filter(({ before, after }) => before[side].value !== after[side].value).length > 1,
  )
  if (twice) {
    const sites = connections.filter(({ before, after }) => before[twice].value !== after[twice].value)
    const names = sites.map(({ site }) => site).join(' and ')
    const reason = `${names} both change the ${twice}`
    return {
      disposition: 'translated-twice',
      reason,
      advice: `exempt the traffic of the tunnel at ${sites.at(-1)?.site}`,
      inClear: false,
    }
  }
  const shared = connections.find(({ isShared }) => isShared)
  if (shared) {
    const reason = `${shared.site} gives many senders the address ${shown(shared.after.source)}`
    return {
      disposition: 'not-one-to-one',
      reason,
      advice: `map prefixes of equal length at ${shared.site}`,
      inClear: false,
    }
  }
  return { disposition: 'delivered', reason: 'packet and answer arrive', advice: '', inClear: false }
}

function shown(field: Tracked): Address {
  return Address.fromBits(field.value)
}
