import { Address } from '../address/address.ts'
import { rangeOf } from './condition.ts'
import type { Arrival, Exit } from './data-path.ts'
import type { Ending, Way } from './hop.ts'
import type { Connection } from './nat.ts'
import type { Packet } from './packet.ts'
import type { Tracked } from './tracked.ts'

export function endingNowhere({ site }: Arrival, { destination }: Packet): Ending {
  return {
    disposition: 'no-route',
    reason: `the gateway of ${site.name} has a route for ${shown(destination)} that leads nowhere`,
    advice: `remove the route into nothing for ${shown(destination)} at ${site.name}`,
  }
}

/** A packet that leaves a gateway on the outside without a selector. */
export function endingOutside(left: {
  readonly arrival: Arrival
  readonly exit: Extract<Exit, { kind: 'outside' }>
  readonly way: Way
}): Ending {
  const { arrival, exit } = left
  if (arrival.from !== 'inside' && left.way === 'there') return notTranslated(arrival, exit.packet)
  const { site } = arrival
  const ends = `${shown(exit.packet.source)} → ${shown(exit.packet.destination)}`
  const advice = adviceFor(arrival, exit.packet)
  return exit.isHeld
    ? {
        disposition: 'no-selector',
        reason: `no selector of ${site.name} takes ${ends}, and the gateway drops it`,
        advice,
      }
    : {
        disposition: 'leaves-unencrypted',
        reason: `no selector of ${site.name} takes ${ends}, so it leaves towards the internet in clear`,
        advice,
      }
}

function notTranslated({ site, packet: arrived }: Arrival, { destination }: Packet): Ending {
  const to = shown(destination)
  const isChanged = destination.value !== arrived.destination.value
  return {
    disposition: 'not-translated',
    reason: isChanged
      ? `${site.name} turns ${shown(arrived.destination)} into ${to}, which is not behind its gateway`
      : `${to} comes out of the tunnel at ${site.name}, and no rule turns it into an address behind its gateway`,
    advice: `look at the destination rules of ${site.name}: one must map ${shown(arrived.destination)} to a real address`,
  }
}

/** Which one thing would let a selector take the packet. */
function adviceFor({ site, packet: before }: Arrival, after: Packet): string {
  const isPod = site.nodes.some(({ podSubnets }) => podSubnets.some((prefix) => before.source.peek(rangeOf(prefix))))
  if (isPod) {
    return `let the nodes of ${site.name} give pods their own address towards ${shown(after.destination)} (natplan explain POD_ADDRESSES), or write podEgress: routed`
  }
  const selectors = site.gateway.policy.tunnels.flatMap((tunnel) => tunnel.selectors)
  const towards = selectors.find(({ remote }) => after.destination.peek(rangeOf(remote)))
  if (!towards) {
    return `add a selector for ${shown(after.destination)} at ${site.name}, or call the far host by an address that the peer has there`
  }
  if (after.source.value !== before.source.value) {
    return `translate ${shown(before.source)} into ${towards.local} at ${site.name}: another rule comes first`
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
    }
  }
  const shared = connections.find(({ isShared }) => isShared)
  if (shared) {
    const reason = `${shared.site} gives many senders the address ${shown(shared.after.source)}`
    return { disposition: 'not-one-to-one', reason, advice: `map prefixes of equal length at ${shared.site}` }
  }
  return { disposition: 'delivered', reason: 'packet and answer arrive', advice: '' }
}

function shown(field: Tracked): Address {
  return Address.fromBits(field.value)
}
