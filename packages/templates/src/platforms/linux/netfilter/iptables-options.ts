import { type ConnectionState, everyAddress, type PacketMatch, type Range, wordTable } from '@natplan/core'
import type { Ipsets } from '../ipset/sets.ts'
import { addressRange, portRange, protocolRange } from '../words.ts'
import { icmpMatch, icmpOf } from './icmp.ts'
import { matchOf, setOf, states } from './nft-fields.ts'
import { addressKinds, type OwnAddresses } from './own-addresses.ts'
import { flagBits, flagsDiffer, flagsEqual } from './tcp-flags.ts'

/** What every reading of a rule may ask. */
export interface OptionPlace {
  readonly family: 4 | 6
  readonly own: OwnAddresses
  readonly ipsets: Ipsets
}

/** The words behind the name of an option. */
interface OptionWords {
  next(): string
  readonly isNegated: boolean
}

/** What an option asks: one of the matches must hold. `undefined` when it is not understood. */
type Option = (words: OptionWords, place: OptionPlace) => readonly PacketMatch[] | undefined

const modules =
  'tcp udp sctp dccp icmp icmp6 icmpv6 comment policy multiport conntrack state iprange udplite addrtype set'

/** Matches that ask nothing by themselves: their options do. */
export const plainModules: readonly string[] = modules.split(' ')

/** Matches of headers that packets of hosts do not have. */
export const absentHeaders: readonly string[] = ['rt', 'frag', 'hbh', 'dst', 'mh', 'srh']

/** By all their names (iptables(8), iptables-extensions(8)). */
export const options: ReadonlyMap<string, Option> = new Map<string, Option>([
  ...named('-s --source --src --src-range', addresses('source')),
  ...named('-d --destination --dst --dst-range', addresses('destination')),
  ...named('-i --in-interface', interfaces('in')),
  ...named('-o --out-interface', interfaces('out')),
  ...named('--sport --source-port --sports --source-ports', ports('sourcePort')),
  ...named('--dport --destination-port --dports --destination-ports', ports('destinationPort')),
  ...named('--ports', eitherPort),
  ...named('-p --protocol', protocol),
  ...named('--state --ctstate', state),
  ...named('--icmp-type --icmpv6-type', icmpType),
  ...named('--tcp-flags', tcpFlags),
  ...named('--syn', ({ isNegated }) => flags(isNegated, handshake, syn)),
  ...named('-f --fragment', ({ isNegated }) => (isNegated ? [{}] : [])),
  ...named('--src-type', kinds('source')),
  ...named('--dst-type', kinds('destination')),
  ...named('--match-set', members),
])

function named(names: string, option: Option): [string, Option][] {
  return names.split(' ').map((name) => [name, option])
}

function list(words: OptionWords): string[] {
  return words.next().split(',')
}

function one(match: PacketMatch | undefined): readonly PacketMatch[] | undefined {
  return match && [match]
}

function addresses(side: 'source' | 'destination'): Option {
  return (words, { family }) => {
    const set = setOf(list(words), addressRange)
    return set && [{ [side]: words.isNegated ? set.complementIn(everyAddress(family)) : set }]
  }
}

function interfaces(side: 'in' | 'out'): Option {
  return (words) => [{ [side]: { names: [words.next()], negated: words.isNegated } }]
}

function ports(side: 'sourcePort' | 'destinationPort'): Option {
  return (words) => {
    const operator = words.isNegated ? '!=' : '=='
    return one(matchOf({ kind: 'port', side, protocol: undefined }, { operator, values: list(words) }))
  }
}

const everyPort: Range = { first: 0, last: 65_535 }

/** One of both is meant. */
function eitherPort(words: OptionWords): readonly PacketMatch[] | undefined {
  const set = setOf(list(words), portRange)
  if (!set) return undefined
  const others = set.complementIn(everyPort)
  return words.isNegated
    ? [{ sourcePort: others, destinationPort: others }]
    : [{ sourcePort: set }, { sourcePort: others, destinationPort: set }]
}

function protocol(words: OptionWords): readonly PacketMatch[] | undefined {
  const name = words.next()
  if (name === 'all' || name === '0') return words.isNegated ? [] : [{}]
  const set = setOf([name], protocolRange)
  return set && [{ protocol: words.isNegated ? set.complementIn({ first: 0, last: 255 }) : set }]
}

const changed: Readonly<Record<string, 'source' | 'destination'>> = wordTable({ snat: 'source', dnat: 'destination' })

/** The state, or what NAT did: any of those that are listed. */
function state(words: OptionWords): readonly PacketMatch[] | undefined {
  const asked = list(words).map((word) => word.toLowerCase())
  const own = states.filter((name) => asked.includes(name))
  const sides = asked.flatMap((name) => (Object.hasOwn(changed, name) ? (changed[name] ?? []) : []))
  if (own.length + sides.length < asked.length) return undefined
  if (!words.isNegated)
    return [...(own.length > 0 ? [{ states: own }] : []), ...sides.map((side) => translated([side], true))]
  const others: readonly ConnectionState[] = states.filter((name) => !own.includes(name))
  return [{ ...(own.length > 0 ? { states: others } : {}), ...(sides.length > 0 ? translated(sides, false) : {}) }]
}

function translated(sides: readonly ('source' | 'destination')[], isSet: boolean): PacketMatch {
  return { translated: Object.fromEntries(sides.map((side) => [side, isSet])) }
}

function icmpType(words: OptionWords, { family }: OptionPlace): readonly PacketMatch[] | undefined {
  const wanted = icmpOf(words.next(), family)
  return wanted && [icmpMatch([wanted], family, words.isNegated)]
}

const handshake = flagBits(['syn', 'rst', 'ack', 'fin'])
const syn = flagBits(['syn'])

function tcpFlags(words: OptionWords): readonly PacketMatch[] | undefined {
  const bits = (text: string) => {
    const names = text.toLowerCase().split(',')
    if (names.includes('all')) return flagBits(['fin', 'syn', 'rst', 'psh', 'ack', 'urg'])
    return names.includes('none') ? 0 : flagBits(names)
  }
  const [mask, value] = [bits(words.next()), bits(words.next())]
  return flags(words.isNegated, mask, value)
}

function flags(isNegated: boolean, mask: number | undefined, value: number | undefined): PacketMatch[] | undefined {
  if (mask === undefined || value === undefined) return undefined
  return (isNegated ? flagsDiffer : flagsEqual)(mask, value)
}

function kinds(side: 'source' | 'destination'): Option {
  return (words, { own, family }) => addressKinds(own, { side, kinds: list(words), isNegated: words.isNegated, family })
}

function members(words: OptionWords, { ipsets }: OptionPlace): readonly PacketMatch[] | undefined {
  const [name, sides] = [words.next(), list(words)]
  return ipsets.matches(name, sides, words.isNegated)
}
