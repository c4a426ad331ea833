import type { Stage } from '../device/stages.ts'
import { answerTo, type Packet } from '../match/packet.ts'
import { takes } from '../match/takes.ts'
import { addDoubts } from './ask-selectors.ts'
import { endingOfArrival } from './explain-ending.ts'
import type { Crossing } from './gateway-tables.ts'
import { type Passing, passageOf, tunnelOf } from './passing.ts'
import { isTrapped, linkOf } from './tunnel-link.ts'

type Of = Extract<Stage, { kind: 'arrivals' }>['of']

/**
 * Asks the children whether the packet had to come out of a tunnel: the first of them decides. The device drops what came another way; the
 * kernel also what came out of a tunnel though a child lets it pass by.
 */
export function askArrivals(passing: Passing, of: Of): void {
  const { tables, arrival } = passing
  const from = tunnelOf(arrival)
  if (from && (of === 'clear' || from.child.through?.kind === 'route')) return
  const packet = of === 'clear' ? passing.packet : arrival.packet
  addDoubts(passing)
  const passage = passageOf(passing)
  for (const { item: crossing, match } of tables.arrivals.of(packet)) {
    if (takes(match, packet, passage) === 'no' || !isThere(passing, crossing, packet)) continue
    if (!isRightWay(passing, crossing)) passing.ending = endingOfArrival(passing, crossing)
    return
  }
}

function isRightWay({ arrival }: Passing, { tunnel, child }: Crossing): boolean {
  if (child.kind === 'drop') return false
  const from = tunnelOf(arrival)
  return child.kind === 'pass' ? from === undefined : from?.tunnel === tunnel
}

/** There is a policy for a trap, and for a tunnel that is up. */
function isThere({ arrival, site, tunnels, doubts }: Passing, crossing: Crossing, packet: Packet): boolean {
  const { child, tunnel } = crossing
  if (child.kind !== 'protect' || tunnelOf(arrival)?.tunnel === tunnel) return true
  const isTrap = isTrapped(crossing)
  if (isTrap === true) return true
  if (isTrap === 'maybe') doubts.add(site.name, { line: tunnel.line, what: `whether ${tunnel.name} holds packets` })
  const link = linkOf(tunnels, site, crossing, answerTo(packet))
  if (link.kind === 'down') return false
  if (link.maybe) doubts.add(link.maybe.site, link.maybe.doubt)
  return true
}
