import { Address, type DeviceRule, type PacketMatch, RangeSet, type RuleList, type RuleSet } from '@natplan/core'
import type { VyattaDialect } from '../dialect.ts'
import { readVyattaDevice } from '../read-device.ts'

/** What tests compare. */
interface ShownFilters {
  /** A line for each rule, and below it, further in, those of the set that it calls, unless they were shown. */
  readonly lists: string[]
  /** What they touch, `!` where no rule stands for them, and the line without `set`. */
  readonly unread: string[]
}

/** The filters of a device whose configuration has some lines, which are written here without `set`. */
export function shownFilters(dialect: VyattaDialect, lines: readonly string[]): ShownFilters {
  const { device } = readVyattaDevice(lines.map((line) => `set ${line}\n`).join(''), dialect)
  const seen = new Set<RuleSet>()
  return {
    lists: device.lists
      .filter(({ kind }) => kind === 'filter')
      .flatMap((list) => [headText(list), ...linesOf(list, '  ', seen)]),
    unread: device.unread.map(
      ({ touches, isPlaced, text }) => `${touches}${isPlaced ? '' : '!'} ${text.replace(/^set /, '')}`,
    ),
  }
}

function headText({ name, hook, priority, family, sparesSessions }: RuleList): string {
  const spared = sparesSessions ? `, not of sessions ${sparesSessions.join(' and ')}` : ''
  return `${name} | ${hook} ${priority}${family === undefined ? '' : ` ipv${family}`}${spared}`
}

function linesOf(set: RuleSet, indent: string, seen: Set<RuleSet>): string[] {
  if (seen.has(set)) return []
  seen.add(set)
  return [
    ...set.rules.flatMap((rule) => [
      `${indent}${ruleText(rule)}`,
      ...(rule.action.kind === 'jump' ? linesOf(rule.action.to, `${indent}  `, seen) : []),
    ]),
    `${indent}else ${set.fallback}`,
  ]
}

function ruleText({ number, match, action, makesSession, doubt }: DeviceRule): string {
  const does = action.kind === 'jump' ? `${action.isFinal ? 'leave by' : 'ask'} ${action.to.name}` : action.kind
  return [number, ...askedTexts(match), `→ ${does}`, makesSession && 'with state', doubt && `(${doubt.what})`]
    .filter(Boolean)
    .join(' ')
}

function askedTexts(match: PacketMatch): string[] {
  return Object.entries(match).map(([field, value]) => {
    if (value instanceof RangeSet) return `${field}=${rangesText(value, field)}`
    if (field === 'in' || field === 'out') return `${field}=${value.negated ? '!' : ''}${value.names.join(',')}`
    if (field === 'tcpFlags') return `tcp=${value.set.join(',')}!${value.clear.join(',')}`
    if (field === 'translated') return `translated=${Object.keys(value).join(',')}`
    return `${field}=${Array.isArray(value) ? value.join(',') : value}`
  })
}

function rangesText({ ranges }: RangeSet, field: string): string {
  const isAddress = field === 'source' || field === 'destination'
  const text = (bits: number | bigint) => (isAddress ? Address.fromBits(bits).toString() : `${bits}`)
  return ranges.map(({ first, last }) => (first === last ? text(first) : `${text(first)}-${text(last)}`)).join(',')
}
