import { type InterfaceMatch, type PacketMatch, RangeSet } from '@natplan/core'
import { limits } from '../../../limits.ts'
import { everyAddressOf, everyFamily } from '../words.ts'

type Mutable = { -readonly [Key in keyof PacketMatch]: PacketMatch[Key] }

const setFields = ['source', 'destination', 'protocol', 'sourcePort', 'destinationPort', 'icmpType'] as const

/**
 * Both conditions at once; `undefined` when no packet can meet them. Where one cannot be said beside the other it is left out, and whether
 * a packet meets it is unknown.
 */
export function meet(a: PacketMatch, b: PacketMatch): PacketMatch | undefined {
  const met: Mutable = { ...a, ...b }
  for (const field of setFields) {
    const [one, other] = [a[field], b[field]]
    if (!one || !other) {
      if ((one ?? other)?.isEmpty) return undefined
      continue
    }
    const shared = one.intersect(other)
    if (shared.isEmpty) return undefined
    met[field] = shared
  }
  for (const side of ['arrived', 'leaving'] as const) {
    if (a[side] && b[side] && a[side] !== b[side]) return undefined
  }
  if (a.states && b.states) {
    met.states = a.states.filter((state) => b.states?.includes(state))
    if (met.states.length === 0) return undefined
  }
  const unknown = a.unknown ?? b.unknown
  if (unknown !== undefined) met.unknown = unknown
  return meetTracked(a, b, met) && meetSides(a, b, met) ? met : undefined
}

/** What connection tracking and the header of TCP say; false when that cannot hold at once. */
function meetTracked(a: PacketMatch, b: PacketMatch, met: Mutable): boolean {
  if (a.translated && b.translated) {
    for (const side of ['source', 'destination'] as const) {
      const [one, other] = [a.translated[side], b.translated[side]]
      if (one !== undefined && other !== undefined && one !== other) return false
    }
    met.translated = { ...a.translated, ...b.translated }
  }
  if (a.tcpFlags && b.tcpFlags) {
    const set = [...new Set([...a.tcpFlags.set, ...b.tcpFlags.set])]
    const clear = [...new Set([...a.tcpFlags.clear, ...b.tcpFlags.clear])]
    if (set.some((flag) => clear.includes(flag))) return false
    met.tcpFlags = { set, clear }
  }
  return true
}

function meetSides(a: PacketMatch, b: PacketMatch, met: Mutable): boolean {
  for (const side of ['in', 'out'] as const) {
    const [one, other] = [a[side], b[side]]
    if (!one || !other) continue
    const shared = meetInterfaces(one, other)
    if (shared === 'none') return false
    met[side] = shared === 'unclear' ? one : shared
    if (shared === 'unclear') met.unknown ??= `interfaces ${other.names.join(', ')}`
  }
  return true
}

function meetInterfaces(a: InterfaceMatch, b: InterfaceMatch): InterfaceMatch | 'none' | 'unclear' {
  if (a.negated && b.negated) return { names: [...new Set([...a.names, ...b.names])], negated: true }
  const [plain, other] = a.negated ? [b, a] : [a, b]
  if (plain.names.some(isPattern)) return isSame(a, b) ? a : 'unclear'
  const names = plain.names.filter((name) => other.names.some((written) => isNamed(written, name)) !== other.negated)
  return names.length > 0 ? { names, negated: false } : 'none'
}

function isPattern(name: string): boolean {
  return /[*+]$/.test(name)
}

function isNamed(written: string, name: string): boolean {
  return isPattern(written) ? name.startsWith(written.slice(0, -1)) : written === name
}

function isSame(a: InterfaceMatch, b: InterfaceMatch): boolean {
  return a.negated === b.negated && a.names.length === b.names.length && a.names.every((name) => b.names.includes(name))
}

/** All addresses of a family: what a table of one family asks anyway. */
function isFamily(set: RangeSet | undefined): boolean {
  return set !== undefined && ([4, 6] as const).some((family) => set.includes(everyAddressOf(family)))
}

/** All packets that a match does not take; `undefined` when that cannot be said in one match. */
export function complementOf(match: PacketMatch): PacketMatch | undefined {
  const keys = (Object.keys(match) as (keyof PacketMatch)[]).filter((key) => match[key] !== undefined)
  const [field, ...more] = keys.length > 1 && isFamily(match.source) ? keys.filter((key) => key !== 'source') : keys
  if (field === undefined || more.length > 0) return undefined
  const { destination, protocol } = match
  const source = field === 'source' ? match.source : undefined
  if (source) return { source: everyFamily.subtract(source) }
  if (destination) return { destination: everyFamily.subtract(destination) }
  if (protocol) return { protocol: RangeSet.of([{ first: 0, last: 255 }]).subtract(protocol) }
  if (match.in) return { in: { ...match.in, negated: !match.in.negated } }
  if (match.out) return { out: { ...match.out, negated: !match.out.negated } }
  if (match.arrived) return { arrived: match.arrived === 'clear' ? 'encrypted' : 'clear' }
  if (match.leaving) return { leaving: match.leaving === 'clear' ? 'encrypted' : 'clear' }
  return undefined
}

/** Reports whether every packet meets it. */
export function takesAll(match: PacketMatch): boolean {
  return Object.values(match).every((condition) => condition === undefined)
}

/** Tables of one family see packets of that family only. */
export function inFamily(match: PacketMatch, family: 4 | 6 | undefined): PacketMatch {
  if (family === undefined || match.source || match.destination) return match
  return { ...match, source: everyAddressOf(family) }
}

export const mostWays = limits.ruleWays.most

/** All ways to meet one of these and one of those; none when no packet can. */
export function meetAny(some: readonly PacketMatch[], others: readonly PacketMatch[]): PacketMatch[] {
  if (some.length * others.length > mostWays)
    return some.map((one) => ({ ...one, unknown: one.unknown ?? 'one of very many' }))
  return some.flatMap((one) => others.flatMap((other) => meet(one, other) ?? []))
}
