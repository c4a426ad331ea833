import type { DeviceRule, Doubt, RuleSet } from '../device/device.ts'
import { Candidates } from '../match/candidates.ts'
import type { Packet } from '../match/packet.ts'
import { packetFields } from '../match/packet-match.ts'
import { type Passage, takes } from '../match/takes.ts'
import { Tracked } from '../match/tracked.ts'

export type Verdict = 'accept' | 'drop' | 'reject'

/** Who decided: a rule of a set, or what the set does with the rest. */
export interface Decider {
  readonly set: RuleSet
  readonly rule: DeviceRule | undefined
}

/** What can become of a packet in a set: several answers where something is not known. */
export interface Outcome {
  /** Each answer with the first that may give it. */
  readonly answers: ReadonlyMap<Verdict | 'return', Decider>
  /** Why there is more than one. */
  readonly doubts: readonly Doubt[]
  /** The rules that may accept it, and `undefined` where it may be accepted without one. */
  readonly accepting: ReadonlySet<DeviceRule | undefined>
}

/** Who decided, in a sentence. */
export function deciderName({ set, rule }: Decider): string {
  return rule ? ruleName(rule, set) : `${set.name}, which drops what none of its rules accepts,`
}

function ruleName({ number }: DeviceRule, set: RuleSet): string {
  return number === undefined ? `a rule of ${set.name}` : `rule ${number} of ${set.name}`
}

/** The rules of a set that are asked, and those at its end that do what becomes of the rest anyway. */
interface Asked {
  /** Those at its beginning that ask for no numbers (established connections), so that others need not be told apart for what they take. */
  readonly front: readonly DeviceRule[]
  readonly rules: Candidates<DeviceRule>
  readonly tail: readonly DeviceRule[]
  readonly rest: Verdict | 'return'
}

const indexed = new WeakMap<RuleSet, Asked>()

function askedOf(set: RuleSet): Asked {
  const known = indexed.get(set)
  if (known) return known
  const last = set.rules.at(-1)
  const rest = last && isForAll(last) ? verdictOf(last) : set.fallback
  const end = set.rules.findLastIndex((rule) => !isCertain(rule) || verdictOf(rule) !== rest) + 1
  const begin = set.rules.slice(0, end).findIndex(({ match }) => packetFields.some((field) => match[field]))
  const start = begin < 0 ? end : begin
  const rules = new Candidates(set.rules.slice(start, end).map((rule) => ({ item: rule, match: rule.match })))
  const made = { front: set.rules.slice(0, start), rules, tail: set.rules.slice(end), rest }
  indexed.set(set, made)
  return made
}

/** Reports whether a rule does one thing, and nothing else than others that do it. */
function isCertain({ action: { kind }, doubt, makesSession }: DeviceRule): boolean {
  return doubt === undefined && kind !== 'jump' && kind !== 'unknown' && makesSession === undefined
}

function isForAll(rule: DeviceRule): boolean {
  return isCertain(rule) && Object.values(rule.match).every((asked) => asked === undefined)
}

/** Of rules that all do the same, the first that takes the very packet: which of them it is narrows nothing. */
function firstOf(tail: readonly DeviceRule[], packet: Packet, passage: Passage): DeviceRule | undefined {
  const fixed = {
    ...packet,
    source: Tracked.fixed(packet.source.value),
    destination: Tracked.fixed(packet.destination.value),
    protocol: Tracked.fixed(packet.protocol.value),
    sourcePort: Tracked.fixed(packet.sourcePort.value),
    destinationPort: Tracked.fixed(packet.destinationPort.value),
  }
  return tail.find(({ match }) => takes(match, fixed, passage) === 'yes')
}

/** Asks the rules of a set and of those that it calls. A rule of which nobody knows whether it takes the packet is tried both ways. */
export function askSet(set: RuleSet, packet: Packet, passage: Passage): Outcome {
  const asking = new Asking(set, packet, passage)
  const { front, rules, tail, rest } = askedOf(set)
  const isDecided =
    front.some((rule) => asking.isDecidedBy(rule)) || rules.of(packet).some(({ item }) => asking.isDecidedBy(item))
  if (!isDecided) asking.add(rest, { set, rule: firstOf(tail, packet, passage) })
  return asking
}

/** What the rules of a set that were asked so far can make of a packet. */
class Asking implements Outcome {
  readonly answers = new Map<Verdict | 'return', Decider>()
  readonly doubts: Doubt[] = []
  readonly accepting = new Set<DeviceRule | undefined>()
  readonly #set: RuleSet
  readonly #packet: Packet
  readonly #passage: Passage

  constructor(set: RuleSet, packet: Packet, passage: Passage) {
    this.#set = set
    this.#packet = packet
    this.#passage = passage
  }

  add(answer: Verdict | 'return', decider: Decider): void {
    if (!this.answers.has(answer)) this.answers.set(answer, decider)
    if (answer === 'accept') this.accepting.add(decider.rule)
  }

  /** Asks one rule; false when the next one may be asked as well. */
  isDecidedBy(rule: DeviceRule): boolean {
    const taking = takes(rule.match, this.#packet, this.#passage)
    if (taking === 'no') return false
    const { action, doubt } = rule
    const own = { set: this.#set, rule }
    const isOpen = taking === 'maybe' || doubt !== undefined || action.kind === 'unknown'
    if (isOpen) this.doubts.push(doubtOf(this.#set, rule))
    if (doubt || action.kind === 'unknown') {
      for (const answer of ['accept', 'drop'] as const) this.add(answer, own)
      return false
    }
    if (action.kind === 'jump') return !this.#comesBack(action, own) && !isOpen
    this.add(verdictOf(rule), own)
    return !isOpen
  }

  #comesBack({ to, isFinal }: Extract<DeviceRule['action'], { kind: 'jump' }>, own: Decider): boolean {
    const { answers, doubts, accepting } = askSet(to, this.#packet, this.#passage)
    this.doubts.push(...doubts)
    for (const rule of accepting) this.accepting.add(rule)
    for (const [answer, decider] of answers) {
      if (answer !== 'return') this.add(answer, decider)
      else if (isFinal) this.add('return', own)
    }
    return answers.has('return') && !isFinal
  }
}

function verdictOf({ action: { kind } }: DeviceRule): Verdict | 'return' {
  return kind === 'drop' || kind === 'reject' || kind === 'return' ? kind : 'accept'
}

function doubtOf(set: RuleSet, rule: DeviceRule): Doubt {
  const { doubt, line, match } = rule
  const name = ruleName(rule, set)
  return doubt ?? { line, what: match.unknown === undefined ? name : `${name} asks ${match.unknown}` }
}

const asking = new WeakMap<RuleSet, boolean>()

/** Reports whether a set or one that it calls asks for the state of a connection. */
export function asksState(set: RuleSet): boolean {
  const known = asking.get(set)
  if (known !== undefined) return known
  const asks = set.rules.some(
    ({ match, action }) =>
      match.states !== undefined || match.tcpFlags !== undefined || (action.kind === 'jump' && asksState(action.to)),
  )
  asking.set(set, asks)
  return asks
}
