import { Address, everyAddress, protocolNumber, type Range, RangeSet, rangeOf } from '@natplan/core'
import { tryParsePortRange, tryParsePrefix } from './parse-match.ts'

export const everyIpv4 = everyAddress(4)
const everyPort: Range = { first: 0, last: 65_535 }
const everyProtocol: Range = { first: 0, last: 255 }

/** `10.0.0.0/24`, `10.0.0.1`, `10.0.0.1-10.0.0.9`; host bits are dropped, as the devices do. */
export function tryParseRange(text: string): Range | undefined {
  const [from = '', to, ...rest] = text.split('-')
  if (rest.length > 0) return undefined
  if (to === undefined) {
    const prefix = tryParsePrefix(from)
    return prefix && rangeOf(prefix)
  }
  const [first, last] = [Address.tryParse(from.trim()), Address.tryParse(to.trim())]
  return first && last && first.family === last.family && first.bits <= last.bits
    ? { first: first.bits, last: last.bits }
    : undefined
}

/** An address, prefix or range, or with `!` in front all other addresses of its family. */
export function tryParseAddresses(text: string): RangeSet | undefined {
  const range = tryParseRange(text.replace(/^!\s*/, ''))
  return range && signed(text, RangeSet.of([range]), everyOf(range))
}

/** `443`, `80,443`, `1000-2000`, `https`, `!22,25`; `undefined` for a name that natplan does not know. */
export function tryParsePortSet(text: string): RangeSet | undefined {
  const ranges = text
    .replace(/^!\s*/, '')
    .split(',')
    .map((one) => tryParsePortRange(one.trim()))
  return ranges.every((range) => range !== undefined) ? signed(text, RangeSet.of(ranges), everyPort) : undefined
}

/** Each with its own sign, as filters of VyOS 1.4 and later take it: `80,443,!8080`, where one of the others suffices and none with `!` fits. */
export function tryParseSignedPorts(text: string): RangeSet | undefined {
  const words = text.split(',').map((one) => one.trim())
  const [asked, excluded] = [false, true].map((isExcluded) =>
    words.filter((word) => word.startsWith('!') === isExcluded),
  )
  const wanted = asked && asked.length > 0 ? tryParsePortSet(asked.join(',')) : RangeSet.of([everyPort])
  const others = (excluded ?? []).map((word) => tryParsePortSet(word.slice(1)))
  return others.every((set) => set !== undefined)
    ? others.reduce<RangeSet | undefined>((left, set) => left?.subtract(set), wanted)
    : undefined
}

/** A name or number, `tcp_udp` for both, `!tcp` for all but one; `all` for every protocol; `undefined` for a name that is not known. */
export function tryParseProtocols(text: string): RangeSet | 'all' | undefined {
  const name = text.toLowerCase().replace(/^!\s*/, '')
  if (['all', 'any', 'ip', '0'].includes(name)) return text.startsWith('!') ? undefined : 'all'
  const numbers = name.split('_').map(protocolNumber)
  const known = name.includes('_') && name !== 'tcp_udp' ? [protocolNumber(name)] : numbers
  return known.every((one) => one !== undefined) ? signed(text, RangeSet.ofValues(known), everyProtocol) : undefined
}

/** A set, or what it leaves of all where the text begins with `!`. */
export function signed(text: string, set: RangeSet, all: Range): RangeSet {
  return text.startsWith('!') ? set.complementIn(all) : set
}

export function everyOf({ first }: Range): Range {
  return everyAddress(typeof first === 'number' ? 4 : 6)
}
