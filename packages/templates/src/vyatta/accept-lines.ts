import {
  type Accept,
  acceptText,
  ownDescription,
  type Platform,
  type Prefix,
  protocolName,
  type WrittenSet,
} from '@natplan/core'
import type { AcceptLines } from '../platform.ts'
import { quotedWord } from './split-words.ts'

/** Highest number of a rule in a set: VyOS (firewall/common-rule.xml.i) and Vyatta Core (node.def of name/node.tag/rule). */
const highestNumbers: Readonly<Partial<Record<Platform, number>>> = {
  'vyos-1.5': 999_999,
  'vyos-1.4': 999_999,
  'vyos-1.3': 999_999,
  'vyatta-5400': 9999,
  edgeos: 9999,
  'vyatta-5600': 9999,
}

/** Between two rules that natplan puts at the end of a set. */
const step = 10

/**
 * The lines that put accepts into the sets that need them, each in front of the rule that drops its packets, or behind all where the set
 * drops what no rule takes.
 */
export function acceptLines(accepts: readonly Accept[], platform: Platform): AcceptLines[] {
  const numbering = new Numbering(highestNumbers[platform] ?? 0)
  return accepts.map((accept) => ({
    accept,
    lines: singles(accept, platform).flatMap((one) => {
      const { written } = one.set
      const number = written && numbering.numberFor(one, written)
      if (!written || number === undefined) return [commentFor(one, written)]
      const rule = ['set', ...written.path, 'rule', String(number)].map(quotedWord).join(' ')
      const made = number === step ? madeLines(one.set, written) : []
      return [...made, ...leavesOf(one, platform).map((leaf) => `${rule} ${leaf}`)]
    }),
  }))
}

/** As many as take a rule of their own: on the 5600 one names a single port. */
function singles(accept: Accept, platform: Platform): Accept[] {
  if (platform !== 'vyatta-5600' || accept.ports.length < 2) return [accept]
  return accept.ports.map((port) => ({ ...accept, ports: [port] }))
}

/**
 * A set that is not there yet drops the rest, as what it takes the place of does: at an interface of the 5600 without a word, so that
 * neighbours are still found.
 */
function madeLines({ fallback }: Accept['set'], { path, binding }: WrittenSet): string[] {
  if (!binding) return []
  const lineOf = (words: readonly string[]) => ['set', ...words].map(quotedWord).join(' ')
  const rest = binding[0] === 'interfaces' ? [] : [lineOf([...path, 'default-action', fallback])]
  return [...rest, lineOf([...binding, path.at(-1) ?? ''])]
}

/** Numbers that are given out, by set. */
class Numbering {
  readonly #highest: number
  readonly #taken = new Map<string, Set<number>>()

  constructor(highest: number) {
    this.#highest = highest
  }

  /** A set that several places call is one. */
  numberFor({ before }: Accept, { path, numbers }: WrittenSet): number | undefined {
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
  const { source, destination, protocol, ports, arrived } = accept
  const isNewer = platform === 'vyos-1.4' || platform === 'vyos-1.5'
  const encrypted = platform === 'vyos-1.5' ? 'match-ipsec-in' : 'match-ipsec'
  return [
    'action accept',
    `description '${ownDescription}${aboutOf(accept)}'`,
    ...(destination ? [`destination address ${addressOf(destination)}`] : []),
    ...(ports.length > 0 ? [`destination port ${ports.join(',')}`] : []),
    ...(arrived?.kind === 'interface' && isNewer ? [`inbound-interface name ${quotedWord(arrived.seenAs)}`] : []),
    ...(arrived?.kind === 'encrypted' ? [`ipsec ${encrypted}`] : []),
    ...(protocol === undefined ? [] : [`protocol ${protocolName(protocol)}`]),
    ...(source ? [`source address ${addressOf(source)}`] : []),
  ]
}

/** A single address is written without its length. */
function addressOf(prefix: Prefix): string {
  return prefix.bits === prefix.lastBits ? String(prefix.first) : String(prefix)
}

/** What the rule is there for, in letters that every member of the family takes. */
function aboutOf({ source, destination, protocol, ports }: Accept): string {
  if (protocol !== undefined) return ports.length > 0 ? 'IKE' : protocolName(protocol).toUpperCase()
  return [source && `from ${source}`, destination && `to ${destination}`].filter((part) => part !== undefined).join(' ')
}

function commentFor(accept: Accept, written: WrittenSet | undefined): string {
  const place = written ? `no number is left in ${accept.set.name}` : `${accept.set.name} has no rules of its own`
  return `# accept by hand, in front of what drops it (${place}): ${acceptText(accept).trim()}`
}
