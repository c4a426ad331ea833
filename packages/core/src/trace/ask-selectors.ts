import type { Stage } from '../device/stages.ts'
import type { Candidates } from '../match/candidates.ts'
import { takes } from '../match/takes.ts'
import { endingHeld, endingOfDroppingChild, endingWithoutChild } from './explain-ending.ts'
import type { Crossing } from './gateway-tables.ts'
import { type Passing, passageOf } from './passing.ts'
import { isTrapped, linkOf } from './tunnel-link.ts'

type How = Extract<Stage, { kind: 'selectors' }>['how']

/** Asks the children of policy-based tunnels, where and as the platform does. */
export function askSelectors(passing: Passing, how: How): void {
  addDoubts(passing)
  ask[how](passing)
}

const ask: Readonly<Record<How, (passing: Passing) => void>> = { note, again, take, virtual: onVirtual }

function note(passing: Passing): void {
  passing.asked = passing.packet
  enter(passing, passing.tables.policies, false)
}

/** Only what source NAT changed is looked up once more, and then only what is found now counts. */
function again(passing: Passing): void {
  if (passing.asked?.source.value === passing.packet.source.value) return
  addHeldDoubt(passing)
  passing.crossing = undefined
  passing.missed = undefined
  enter(passing, passing.tables.policies, false)
}

/** Where nobody knows whether the tunnel is up, a trap may have held the packet back before NAT changed it. */
function addHeldDoubt({ crossing, doubts, site }: Passing): void {
  if (!crossing || !('disposition' in crossing.to) || isTrapped(crossing.crossing) === false) return
  const { line, name } = crossing.crossing.tunnel
  doubts.add(site.name, { line, what: `whether the tunnel ${name} is up` })
}

/** What another child takes is not known while one of them was not understood. */
export function addDoubts({ site, doubts, tables }: Passing): void {
  doubts.addUnread(site, 'tunnels')
  for (const doubt of tables.doubts) doubts.add(site.name, doubt)
}

/** A packet leaves at once, or over the interface where NAT is done for it. */
function take(passing: Passing): void {
  const taken = firstTaking(passing, passing.tables.policies)
  if (!taken) return
  const { child } = taken
  const name = child.kind === 'protect' ? child.through?.interface : undefined
  if (name === undefined) enter(passing, passing.tables.policies, true)
  else {
    passing.route = { prefix: child.remote, to: 'virtual', interface: name, line: child.line }
    passing.steps.push({ kind: 'route', to: 'virtual', prefix: child.remote, interface: name })
  }
}

/** A packet on a virtual interface that no child takes is dropped. */
function onVirtual(passing: Passing): void {
  const { route, tables } = passing
  if (route?.to !== 'virtual' || route.interface === undefined || tables.behind.has(route.interface)) return
  enter(passing, tables.policies, true)
  if (!passing.crossing && !passing.ending) passing.ending = endingWithoutChild(passing)
}

/** Asks the children behind the interface that a packet was routed into. */
export function askChildrenBehind(passing: Passing): void {
  const { route, tables, doubts, site } = passing
  addDoubts(passing)
  const behind = route?.interface === undefined ? undefined : tables.behind.get(route.interface)
  if (behind) enter(passing, behind, true)
  if (!passing.crossing && !passing.ending) passing.ending = endingWithoutChild(passing)
  const isHeld = passing.ending?.disposition === 'tunnel-down' && route?.next?.to !== 'nowhere'
  if (isHeld)
    doubts.add(site.name, {
      line: route?.line,
      what: `whether routes into ${route?.interface} stay while its tunnel is down`,
    })
}

function firstTaking(passing: Passing, children: Candidates<Crossing>): Crossing | undefined {
  const { packet } = passing
  const passage = passageOf(passing)
  return children.of(packet).find(({ match }) => takes(match, packet, passage) === 'yes')?.item
}

/**
 * Puts a packet into the first tunnel that takes it. Where a tunnel is not there and nothing traps packets for it, there is no policy
 * either, so the next child is asked; `isHeld`: the platform holds such packets back itself.
 */
function enter(passing: Passing, children: Candidates<Crossing>, isHeld: boolean): void {
  const { packet, site } = passing
  const passage = passageOf(passing)
  for (const { item: crossing, match } of children.of(packet)) {
    if (takes(match, packet, passage) === 'no') continue
    if (crossing.child.kind === 'drop') passing.ending = endingOfDroppingChild(passing, crossing)
    if (crossing.child.kind === 'pass')
      passing.steps.push({ kind: 'pass', tunnel: crossing.tunnel.name, child: crossing.child })
    if (crossing.child.kind !== 'protect') return
    const link = linkOf(passing.tunnels, site, crossing, packet)
    if (link.kind !== 'down') {
      if (link.maybe) passing.doubts.add(link.maybe.site, link.maybe.doubt)
      passing.crossing = { crossing, to: link.kind === 'up' ? link.to : link.ending }
      return
    }
    const isTrap = isTrapped(crossing)
    if (isTrap === 'maybe')
      passing.doubts.add(site.name, {
        line: crossing.tunnel.line,
        what: 'whether the peer has an address that a trap can lead to',
      })
    if (isHeld || isTrap === true) {
      passing.ending = endingHeld(link.failure)
      return
    }
    passing.missed ??= { crossing, failure: link.failure }
  }
}
