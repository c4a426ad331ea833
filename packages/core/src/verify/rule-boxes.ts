import { type Family, offsetBy, widthOf } from '../address/bits.ts'
import type { AddressMatch, NatRule, PortMatch, Selector } from '../policy/gateway-policy.ts'
import { rangeOf } from '../trace/condition.ts'
import type { Range } from '../match/range.ts'
import { type Box, boxOf, everyPort, everyProtocol } from './box.ts'

/** What a selector carries, seen from its own gateway after NAT. */
export function selectorBox({ local, remote }: Selector): Box {
  return boxOf(rangeOf(local), rangeOf(remote))
}

/** The packets that a rule matches, as boxes that do not meet. A protocol that natplan knows no number of counts as any. */
export function boxesOf(rule: NatRule): Box[] {
  const family = familyOf(rule)
  const protocols = protocolRanges(rule.protocol) ?? [everyProtocol]
  const [sources, destinations] = [rule.source, rule.destination].map((match) => addressRanges(match, family))
  const [sourcePorts, destinationPorts] = [rule.ports?.source, rule.ports?.destination].map(portRanges)
  return (sources ?? []).flatMap((source) =>
    (destinations ?? []).flatMap((destination) =>
      protocols.flatMap((protocol) =>
        (sourcePorts ?? []).flatMap((sourcePort) =>
          (destinationPorts ?? []).map((destinationPort) => ({
            source,
            destination,
            protocol,
            sourcePort,
            destinationPort,
          })),
        ),
      ),
    ),
  )
}

/** Reports whether `boxesOf` says exactly what the rule matches. */
export function isExact({ protocol }: NatRule): boolean {
  return protocolRanges(protocol) !== undefined
}

/** A rule without an address is one of IPv4: prefixes of IPv6 are translated in trees of their own. */
function familyOf({ source, destination, action }: NatRule): Family {
  const match = source ?? destination
  if (match) return match.kind === 'prefix' ? match.prefix.family : match.first.family
  return action.kind === 'map' ? action.to.family : 4
}

function addressRanges(match: AddressMatch | undefined, family: Family): Range[] {
  const all = everyAddress(family)
  if (!match) return [all]
  const range = match.kind === 'prefix' ? rangeOf(match.prefix) : { first: match.first.bits, last: match.last.bits }
  if (typeof range.first !== typeof all.first) return match.negated ? [all] : []
  return match.negated ? complement([range], all) : [range]
}

export function everyAddress(family: Family): Range {
  if (family === 4) return { first: 0, last: 2 ** widthOf(4) - 1 }
  return { first: 0n, last: (1n << BigInt(widthOf(6))) - 1n }
}

function portRanges(match: PortMatch | undefined): Range[] {
  if (!match) return [everyPort]
  return match.negated ? complement(match.ranges, everyPort) : [...match.ranges]
}

/** Protocols by the names that rules use. */
const numbers: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, gre: 47, esp: 50, ah: 51, sctp: 132 }

/** `undefined` for a name that is not known. */
function protocolRanges(written: string | undefined): Range[] | undefined {
  if (written === undefined || written === 'all') return [everyProtocol]
  const negated = written.startsWith('!')
  const names = (negated ? written.slice(1) : written).split('_')
  const known = names.map((name) => (/^\d{1,3}$/.test(name) ? Number(name) : numbers[name]))
  if (known.some((number) => number === undefined)) return undefined
  const ranges = known.map((number) => ({ first: number as number, last: number as number }))
  return negated ? complement(ranges, everyProtocol) : ranges
}

/** What of a range lies in none of some others. */
function complement(ranges: readonly Range[], all: Range): Range[] {
  const sorted = [...ranges].sort((a, b) => (a.first < b.first ? -1 : 1))
  const left: Range[] = []
  let start = all.first
  for (const { first, last } of sorted) {
    if (first > start) left.push({ first: start, last: offsetBy(first, -1) })
    if (last >= start) start = offsetBy(last, 1)
  }
  if (start <= all.last) left.push({ first: start, last: all.last })
  return left
}
