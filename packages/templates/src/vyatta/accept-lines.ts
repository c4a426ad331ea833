import {
  type Accept,
  abilities,
  ownDescription,
  type Platform,
  type Prefix,
  type PrefixGroup,
  protocolName,
  type WrittenSet,
} from '@natplan/core'
import { byHand, purposeOf } from '../accept-words.ts'
import { endWords } from '../filter-words.ts'
import type { AcceptLines } from '../platform.ts'
import { quotedWord } from './split-words.ts'

/** Between two rules that natplan puts at the end of a set. */
const step = 10

/**
 * The lines that put accepts into the sets that need them, each in front of the rule that drops its packets, or behind all where the set
 * drops what no rule takes.
 */
export function acceptLines(accepts: readonly Accept[], platform: Platform): AcceptLines[] {
  const numbering = new Numbering(abilities[platform].filters?.last ?? 0)
  const grouped = new Set<string>()
  return accepts.map((accept) => {
    const { written } = accept.set
    const isSayable = accept.arrived?.kind !== 'encrypted' || !abilities[platform].filters?.seesNoTunnel
    const number = written && isSayable ? numbering.numberFor(accept, written) : undefined
    if (!written || number === undefined || !isSafe(accept, written))
      return { accept, lines: [byHand(accept, isSayable ? whyByHand(accept) : noTunnelSeen)] }
    const rule = ['set', ...written.path, 'rule', String(number)].map(quotedWord).join(' ')
    const made = number === step && accept.number === undefined ? madeLines(accept.set, written) : []
    const groups = groupLines(accept, platform).filter((line) => !grouped.has(line))
    for (const line of groups) grouped.add(line)
    return { accept, lines: [...made, ...groups, ...leavesOf(accept, platform).map((leaf) => `${rule} ${leaf}`)] }
  })
}

/** Names come out of texts of others: none may end its quotes or its line, and nothing in one may be hidden. */
function isSafe({ arrived }: Accept, { path, binding = [], needs = [] }: WrittenSet): boolean {
  const names = [...path, ...binding, ...needs.flat(), ...(arrived?.kind === 'interface' ? [arrived.seenAs] : [])]
  return names.every((name) => /^[^'"\\$`\p{C}\p{Zl}\p{Zp}]*$/u.test(name))
}

/** Groups of the family by what they hold: single addresses of gateways, or networks of hosts. On the 5600 one kind holds both. */
function groupKind(
  { prefixes: [first] }: PrefixGroup,
  { protocol }: Accept,
  platform: Platform,
): { readonly list: string; readonly leaf: 'network' | 'address' } {
  if (platform === 'vyatta-5600') return { list: 'resources group address-group', leaf: 'address' }
  const leaf = protocol === undefined ? 'network' : 'address'
  return { list: `firewall group ${first?.family === 6 ? 'ipv6-' : ''}${leaf}-group`, leaf }
}

function groupLines(accept: Accept, platform: Platform): string[] {
  return [accept.sources, accept.destinations].flatMap((group) => {
    if (!group) return []
    const { list, leaf } = groupKind(group, accept, platform)
    const text = (prefix: Prefix) => (leaf === 'address' ? endWords(prefix) : String(prefix))
    return group.prefixes.map((prefix) => `set ${list} ${group.name} ${leaf} ${text(prefix)}`)
  })
}

/**
 * A set that is not there yet drops the rest, as what it takes the place of does: at an interface of the 5600 without a word, so that
 * neighbours are still found.
 */
function madeLines({ fallback }: Accept['set'], { path, binding, needs = [] }: WrittenSet): string[] {
  if (!binding) return []
  const lineOf = (words: readonly string[]) => ['set', ...words].map(quotedWord).join(' ')
  const rest = binding[0] === 'interfaces' ? [] : [lineOf([...path, 'default-action', fallback])]
  return [...rest, ...needs.map(lineOf), lineOf([...binding, path.at(-1) ?? ''])]
}

/** Numbers that are given out, by set. */
class Numbering {
  readonly #highest: number
  readonly #taken = new Map<string, Set<number>>()

  constructor(highest: number) {
    this.#highest = highest
  }

  /** A set that several places call is one. */
  numberFor({ before, number: wanted }: Accept, { path, numbers }: WrittenSet): number | undefined {
    if (wanted !== undefined) return wanted
    const set = path.join(' ')
    const taken = this.#taken.get(set) ?? new Set(numbers)
    this.#taken.set(set, taken)
    const number = before?.number === undefined ? this.#behind(taken) : freeBelow(before.number, taken)
    if (number !== undefined) taken.add(number)
    return number
  }

  #behind(taken: ReadonlySet<number>): number | undefined {
    const last = Math.max(0, ...taken)
    const round = (Math.floor(last / step) + 1) * step
    return round <= this.#highest ? round : last < this.#highest ? last + 1 : freeBelow(this.#highest, taken)
  }
}

function freeBelow(number: number, taken: ReadonlySet<number>): number | undefined {
  for (let free = number - 1; free > 0; free--) if (!taken.has(free)) return free
  return undefined
}

function leavesOf(accept: Accept, platform: Platform): string[] {
  const { source, destination, sources, destinations, protocol, ports, arrived } = accept
  const groupOf = (side: string, group: PrefixGroup | undefined) => {
    if (!group) return []
    const { list } = groupKind(group, accept, platform)
    // Rules of IPv6 call a group of networks as those of IPv4 do.
    const kind = list.startsWith('resources') ? 'address' : list.replace(/^firewall group (ipv6-)?/, 'group ')
    return [`${side} ${kind} ${group.name}`]
  }
  const isNewer = platform === 'vyos-1.4' || platform === 'vyos-1.5'
  const encrypted = platform === 'vyos-1.5' ? 'match-ipsec-in' : 'match-ipsec'
  return [
    'action accept',
    `description '${ownDescription}${purposeOf(accept)}'`,
    ...(destination ? [`destination address ${endWords(destination)}`] : []),
    ...groupOf('destination', destinations),
    ...(ports.length > 0 ? [`destination port ${ports.join(',')}`] : []),
    ...(arrived?.kind === 'interface' && isNewer ? [`inbound-interface name ${quotedWord(arrived.seenAs)}`] : []),
    ...(arrived?.kind === 'encrypted' ? [`ipsec ${encrypted}`] : []),
    ...(protocol === undefined ? [] : [`protocol ${protocolName(protocol)}`]),
    ...(source ? [`source address ${endWords(source)}`] : []),
    ...groupOf('source', sources),
  ]
}

const noTunnelSeen = 'rules there cannot ask whether a packet came out of a tunnel'

function whyByHand(accept: Accept): string {
  const { set } = accept
  if (!set.written) return `no rule can be put into ${set.name}${set.remedy === undefined ? '' : `; ${set.remedy}`}`
  if (!isSafe(accept, set.written)) return `${set.name} has a name that natplan does not write`
  return `no number is left in ${set.name}: make room there with \`rename rule NUMBER to rule NUMBER\`, the last one first`
}

/** What takes such rules away again, and the groups that they name. */
export function removeLines(accepts: readonly Accept[], platform: Platform): string[] {
  const rules = accepts.flatMap((accept) => {
    const { set, number } = accept
    return set.written && number !== undefined && isSafe(accept, set.written)
      ? [['delete', ...set.written.path, 'rule', String(number)].map(quotedWord).join(' ')]
      : []
  })
  const groups = accepts.flatMap((accept) =>
    accept.set.written
      ? [accept.sources, accept.destinations].flatMap((group) =>
          group ? [`delete ${groupKind(group, accept, platform).list} ${group.name}`] : [],
        )
      : [],
  )
  return [...new Set([...rules, ...groups])]
}
