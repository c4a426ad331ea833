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
}

/** Between two rules that natplan puts at the end of a set. */
const step = 10

/**
 * The lines that put accepts into the sets that need them, each in front of the rule that drops its packets, or behind all where the set
 * drops what no rule takes.
 */
export function acceptLines(accepts: readonly Accept[], platform: Platform): AcceptLines[] {
  const numbering = new Numbering(highestNumbers[platform] ?? 0)
  return accepts.map((accept) => {
    const { written } = accept.set
    const number = written && numbering.numberFor(accept, written)
    if (!written || number === undefined) return { accept, lines: [commentFor(accept, written)] }
    const rule = ['set', ...written.path, 'rule', String(number)].map(quotedWord).join(' ')
    const made = number === step ? madeLines(accept.set, written) : []
    return { accept, lines: [...made, ...leavesOf(accept, platform).map((leaf) => `${rule} ${leaf}`)] }
  })
}

/** A set that is not there yet drops the rest, as what it takes the place of does. */
function madeLines({ fallback }: Accept['set'], { path, binding }: WrittenSet): string[] {
  if (!binding) return []
  const lineOf = (words: readonly string[]) => ['set', ...words].map(quotedWord).join(' ')
  return [lineOf([...path, 'default-action', fallback]), lineOf([...binding, path.at(-1) ?? ''])]
}

/** Numbers that are given out, by set. */
class Numbering {
  readonly #highest: number
  readonly #taken = new Map<Accept['set'], Set<number>>()

  constructor(highest: number) {
    this.#highest = highest
  }

  numberFor({ set, before }: Accept, { numbers }: WrittenSet): number | undefined {
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
    ...(arrived?.kind === 'interface' && isNewer ? [`inbound-interface name ${quotedWord(arrived.name)}`] : []),
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
  const place = written
    ? `no number is left in ${accept.set.name}: make room there with \`rename rule NUMBER to rule NUMBER\`, the last one first`
    : `${accept.set.name} has no rules of its own`
  return `# accept by hand, in front of what drops it (${place}): ${acceptText(accept).trim()}`
}
