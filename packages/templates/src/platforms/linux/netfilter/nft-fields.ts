import { type ConnectionState, everyAddress, type PacketMatch, type Range, RangeSet, wordTable } from '@natplan/core'
import { addressRange, everyAddressOf, everyFamily, portRange, protocolRange } from '../words.ts'
import { icmpCodeMatch, icmpMatch, icmpOf } from './icmp.ts'
import { isWord, type Token } from './nft-tokens.ts'
import { existence } from './nft-words.ts'

/** Something of a packet that a rule can ask for. */
export type Field =
  | { readonly kind: 'address'; readonly side: 'source' | 'destination'; readonly family: 4 | 6 }
  | { readonly kind: 'port'; readonly side: 'sourcePort' | 'destinationPort'; readonly protocol: number | undefined }
  | { readonly kind: 'protocol'; readonly family: 4 | 6 | undefined }
  | { readonly kind: 'family' }
  | { readonly kind: 'interface'; readonly side: 'in' | 'out' }
  | { readonly kind: 'state' }
  | { readonly kind: 'icmp' | 'icmp-code'; readonly family: 4 | 6 }
  | { readonly kind: 'ipsec'; readonly side: 'arrived' | 'leaving' }

const transports: Readonly<Record<string, number | undefined>> = wordTable({
  tcp: 6,
  udp: 17,
  dccp: 33,
  sctp: 132,
  udplite: 136,
  th: undefined,
})

/** By the words that name them. */
const fields: ReadonlyMap<string, Field> = new Map<string, Field>([
  ['ip saddr', { kind: 'address', side: 'source', family: 4 }],
  ['ip daddr', { kind: 'address', side: 'destination', family: 4 }],
  ['ip6 saddr', { kind: 'address', side: 'source', family: 6 }],
  ['ip6 daddr', { kind: 'address', side: 'destination', family: 6 }],
  ['ip protocol', { kind: 'protocol', family: 4 }],
  ['ip6 nexthdr', { kind: 'protocol', family: 6 }],
  ['meta l4proto', { kind: 'protocol', family: undefined }],
  ['meta nfproto', { kind: 'family' }],
  ['meta protocol', { kind: 'family' }],
  ['meta iifname', { kind: 'interface', side: 'in' }],
  ['meta iif', { kind: 'interface', side: 'in' }],
  ['meta oifname', { kind: 'interface', side: 'out' }],
  ['meta oif', { kind: 'interface', side: 'out' }],
  ['meta ipsec', { kind: 'ipsec', side: 'arrived' }],
  ['meta secpath', { kind: 'ipsec', side: 'arrived' }],
  ['rt ipsec', { kind: 'ipsec', side: 'leaving' }],
  ['ct state', { kind: 'state' }],
  ['icmp type', { kind: 'icmp', family: 4 }],
  ['icmpv6 type', { kind: 'icmp', family: 6 }],
  ['icmp code', { kind: 'icmp-code', family: 4 }],
  ['icmpv6 code', { kind: 'icmp-code', family: 6 }],
  ...Object.entries(transports).flatMap(([name, protocol]): [string, Field][] => [
    [`${name} sport`, { kind: 'port', side: 'sourcePort', protocol }],
    [`${name} dport`, { kind: 'port', side: 'destinationPort', protocol }],
  ]),
])

/** Words of `meta` that may stand alone. */
const bare = ['iifname', 'iif', 'oifname', 'oif', 'l4proto', 'nfproto']

/** The field that stands at a position, and the position behind it. */
export function fieldAt(
  tokens: readonly Token[],
  at: number,
): { readonly field: Field; readonly next: number } | undefined {
  const [first, second] = [tokens[at], tokens[at + 1]]
  if (isWord(first, ...bare)) {
    const field = fields.get(`meta ${first?.text}`)
    return field && { field, next: at + 1 }
  }
  if (first?.kind !== 'word' || second?.kind !== 'word') return undefined
  const field = fields.get(`${first.text} ${second.text}`)
  return field && { field, next: at + 2 }
}

/** How a field compares with values. */
export type Operator = '==' | '!=' | '<' | '<=' | '>' | '>='

export interface Asked {
  readonly values: readonly string[]
  readonly operator: Operator
}

/** What a field asks of a packet; `undefined` when a value is not understood. */
export function matchOf(field: Field, asked: Asked): PacketMatch | undefined {
  const isNegated = asked.operator === '!='
  if (field.kind === 'port') return portsOf(field, asked)
  if (asked.operator !== '==' && !isNegated) return undefined
  const { values } = asked
  switch (field.kind) {
    case 'address':
      return addressesOf(field, values, isNegated)
    case 'protocol':
      return protocolsOf(field.family, values, isNegated)
    case 'family':
      return familyOf(values, isNegated)
    case 'interface':
      // A number stands for an interface that is not there any more.
      if (values.some((value) => /^\d+$/.test(value))) return undefined
      return { [field.side]: { names: values, negated: isNegated } }
    case 'state':
      return statesOf(values, isNegated)
    case 'icmp': {
      const wanted = values.map((value) => icmpOf(value, field.family))
      return wanted.every((one) => one !== undefined) ? icmpMatch(wanted, field.family, isNegated) : undefined
    }
    case 'icmp-code':
      return icmpCodeMatch(values, field.family, isNegated)
    case 'ipsec':
      return ipsecOf(field.side, values, isNegated)
  }
}

/** The set of all values; `undefined` when one is not understood. */
export function setOf(values: readonly string[], rangeOf: (text: string) => Range | undefined): RangeSet | undefined {
  const ranges = values.map(rangeOf)
  return ranges.every((range) => range !== undefined) ? RangeSet.of(ranges) : undefined
}

function addressesOf(
  { side, family }: Extract<Field, { kind: 'address' }>,
  values: readonly string[],
  isNegated: boolean,
): PacketMatch | undefined {
  const set = setOf(values, addressRange)
  if (!set) return undefined
  return { [side]: isNegated ? set.complementIn(everyAddress(family)) : set.intersect(everyAddressOf(family)) }
}

function protocolsOf(
  family: 4 | 6 | undefined,
  values: readonly string[],
  isNegated: boolean,
): PacketMatch | undefined {
  const set = setOf(values, protocolRange)
  if (!set) return undefined
  const protocol = isNegated ? set.complementIn({ first: 0, last: 255 }) : set
  return family === undefined ? { protocol } : { protocol, source: everyAddressOf(family) }
}

function familyOf(values: readonly string[], isNegated: boolean): PacketMatch | undefined {
  const families = values.map((value) => ({ ipv4: 4, ip: 4, ipv6: 6, ip6: 6 })[value] as 4 | 6 | undefined)
  if (families.some((family) => family === undefined)) return undefined
  const sets = families.flatMap((family) => (family ? [everyAddressOf(family)] : []))
  const all = sets.reduce((sum, set) => sum.union(set), RangeSet.empty)
  return { source: isNegated ? everyFamily.subtract(all) : all }
}

export const states: readonly ConnectionState[] = ['new', 'established', 'related', 'invalid', 'untracked']

function statesOf(values: readonly string[], isNegated: boolean): PacketMatch | undefined {
  if (!values.every((value) => states.some((state) => state === value))) return undefined
  return { states: states.filter((state) => values.includes(state) !== isNegated) }
}

function ipsecOf(
  side: 'arrived' | 'leaving',
  [value, ...more]: readonly string[],
  isNegated: boolean,
): PacketMatch | undefined {
  const isThere = existence[value ?? '']
  if (isThere === undefined || more.length > 0) return undefined
  return { [side]: isThere === isNegated ? 'clear' : 'encrypted' }
}

const everyPort: Range = { first: 0, last: 65_535 }

function portsOf({ side, protocol }: Extract<Field, { kind: 'port' }>, asked: Asked): PacketMatch | undefined {
  const set = setOf(asked.values, portRange)
  const bounds = set?.boundsOf('number')
  if (!set || !bounds) return undefined
  const above = (from: number): RangeSet => RangeSet.of(from > 65_535 ? [] : [{ first: from, last: 65_535 }])
  const [first, last] = [Number(bounds.first), Number(bounds.last)]
  const wanted = {
    '==': set,
    '!=': set.complementIn(everyPort),
    '>': above(last + 1),
    '>=': above(first),
    '<': above(first).complementIn(everyPort),
    '<=': above(last + 1).complementIn(everyPort),
  }[asked.operator]
  return { [side]: wanted, ...(protocol === undefined ? {} : { protocol: RangeSet.ofValues([protocol]) }) }
}
