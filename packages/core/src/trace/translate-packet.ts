import { Address } from '../address/address.ts'
import type { DeviceRule, RuleAction } from '../device/device.ts'
import { connectedNetworks } from '../device/next-hop.ts'
import type { Packet } from '../match/packet.ts'
import { takes } from '../match/takes.ts'
import { Tracked } from '../match/tracked.ts'
import type { PortRange } from '../policy/gateway-policy.ts'
import { restored } from './connection.ts'
import type { AskedList } from './gateway-tables.ts'
import { type Passing, passageOf } from './passing.ts'
import { keepTranslated, turningSessions } from './sessions.ts'
import type { Side, Step } from './step.ts'
import { anyAddress, neighbourOf, type Translating, translateField } from './translate-field.ts'

/** What a gateway makes of the addresses of one side: an answer gets its own back, a first packet meets the rules. */
export function translatePacket(passing: Passing, side: Side): void {
  if (passing.known) {
    const { packet, step } = restored(passing.known, side, passing.packet)
    passing.packet = packet
    if (step) passing.steps.push(step)
    return
  }
  const { repeated } = passing
  if (repeated) {
    passing.packet = { ...passing.packet, [side]: repeated.after[side], [`${side}Port`]: repeated.after[`${side}Port`] }
    return
  }
  passing.doubts.addUnread(passing.site, 'nat')
  for (const asked of passing.tables[side]) {
    const rule = decidingRule(passing, asked, side)
    if (!rule) continue
    const { action } = rule
    if (isTranslating(action)) {
      translate(passing, side, { list: asked.list, rule, action })
      for (const { doubt } of side === 'source' ? turningSessions(passing) : []) {
        if (doubt) passing.doubts.add(passing.site.name, doubt)
      }
      keepTranslated(passing, side === 'source' ? 'out' : 'in', rule)
      return
    }
    if (action.kind !== 'accept') passing.steps.push({ kind: 'exempt', side, list: asked.list, rule })
  }
}

function isTranslating(action: RuleAction): action is Translating {
  return action.kind === 'map' || action.kind === 'pool' || action.kind === 'masquerade'
}

/** The first rule of a list that takes the packet for certain; those that may are doubts. */
function decidingRule(passing: Passing, { list, rules }: AskedList, side: Side): DeviceRule | undefined {
  const passage = passageOf(passing)
  for (const { item: rule, match } of rules.of(passing.packet)) {
    const answer = takes(match, passing.packet, passage)
    if (answer === 'no') continue
    if (answer === 'yes' && !rule.doubt && rule.action.kind !== 'unknown') return rule
    const name = rule.number === undefined ? `a rule of ${list.name}` : `${side} rule ${rule.number}`
    const why = match.unknown === undefined ? `${name} may take the packet` : `${name} asks ${match.unknown}`
    passing.doubts.add(passing.site.name, rule.doubt ?? { line: rule.line, what: why })
  }
  return undefined
}

function translate(
  passing: Passing,
  side: Side,
  { list, rule, action }: { readonly list: AskedList['list']; readonly rule: DeviceRule; readonly action: Translating },
): void {
  const { packet, site } = passing
  const before = packet[side]
  const { field, isShared } = translateField(before, {
    action,
    matched: rule.match[side],
    own: action.kind === 'masquerade' ? ownAddress(passing) : anyAddress,
    whenUndecided: () => {
      const what = `which address of its pool ${side} rule ${rule.number ?? ''} gives`
      passing.doubts.add(site.name, { line: rule.line, what })
    },
  })
  const step: Extract<Step, { kind: 'translate' }> = {
    kind: 'translate',
    side,
    list,
    rule,
    from: Address.fromBits(before.value),
    to: Address.fromBits(field.value),
  }
  if (isShared) passing.shared[side] = step
  passing.steps.push(step)
  passing.packet = withPorts({ ...packet, [side]: field }, side, action.ports)
}

/** Of several ports the first one stands for all. */
function withPorts(packet: Packet, side: Side, ports: PortRange | undefined): Packet {
  return ports ? { ...packet, [`${side}Port`]: Tracked.fixed(ports.first) } : packet
}

/** The address of the interface that the packet leaves by. */
function ownAddress({ packet, route, site }: Passing): Address {
  const { family } = Address.fromBits(packet.source.value)
  const own = connectedNetworks(site.device).find(
    ({ interface: { name }, address }) => name === route?.interface && address.family === family,
  )
  if (own) return own.address
  const isInside = route?.to === 'inside'
  const beside = isInside ? neighbourOf(packet.destination, [...site.subnets, ...site.otherNetworks]) : undefined
  return beside ?? site.addresses.find((address) => address.family === family) ?? anyAddress
}
