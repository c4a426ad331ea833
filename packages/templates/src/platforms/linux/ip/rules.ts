import { type Claim, type PacketMatch, protocolNumber, RangeSet, type SteeringRule, type Unread } from '@natplan/core'
import { shownLine } from '../../../shown-line.ts'
import type { Numbered } from '../numbered.ts'
import { addressRange, portRange } from '../words.ts'
import { tableName } from './routes.ts'

/** The kernel asks for the gateway's own addresses first, until that rule is taken away (fib_default_rules_init of linux/net/ipv4/fib_rules.c). */
const firstOfAll = 0

/** Where it puts the rule for all VRFs with the first of them (linux/drivers/net/vrf.c). */
const usualOfVrfs = 1000

/** Rules that choose a table, as `ip rule` prints and makes them. */
export class SteeringRules {
  readonly #rules: { readonly priority: number; readonly rule: SteeringRule }[] = []
  readonly unread: Unread[] = []
  /** Priorities of the rules for the gateway's own addresses. */
  readonly #own = new Set<number>()
  /** Priorities of the rules for all VRFs. */
  readonly #ofVrfs = new Set<number>()
  #isFirstRemoved = false
  #isPrinted = false
  #endsVrfs = false

  /** `32765: from 10.1.0.0/24 lookup 100`; false for any other line. */
  take({ line, text }: Numbered): boolean {
    const [, priority, rest] = /^(\d{1,10}):\s+((?:not |from ).*)$/.exec(text.trim()) ?? []
    if (priority === undefined || rest === undefined) return false
    this.#isPrinted = true
    this.#read(rest.split(/\s+/), { line, text: text.trim(), priority: Number(priority) })
    return true
  }

  /** `ip rule add from 10.1.0.0/24 table 100 priority 1000` */
  add(words: readonly string[], line: number): void {
    const at = words.findIndex((word) => ['priority', 'pref', 'prio', 'preference', 'order'].includes(word))
    const priority = at < 0 ? 32_765 : Number(words[at + 1])
    const own = at < 0 ? words : words.filter((_, index) => index !== at && index !== at + 1)
    this.#read(own, { line, text: `ip rule add ${words.join(' ')}`, priority })
  }

  /** `ip rule del pref 0`, when the gateway's own addresses are asked for later; false for any other. */
  remove(words: readonly string[]): boolean {
    const isFirst = /^(?:(?:from all )?(?:table|lookup) local )?(?:pref|priority|prio|preference|order) 0$/.test(
      words.join(' '),
    )
    if (!isFirst || ![...this.#own].some((priority) => priority > firstOfAll)) return false
    this.#isFirstRemoved = true
    this.#own.delete(firstOfAll)
    return true
  }

  /** Reports whether packets in a VRF are routed by its table before anybody asks for the gateway's own addresses. */
  get asksVrfsFirst(): boolean {
    const isKept = this.#isPrinted ? this.#own.has(firstOfAll) : !this.#isFirstRemoved
    const asked = [...this.#ofVrfs, ...(this.#isPrinted && this.#ofVrfs.size > 0 ? [] : [usualOfVrfs])]
    return !isKept && this.#own.size > 0 && Math.min(...this.#own) > Math.min(...asked)
  }

  /** Reports whether what a VRF has no route for goes nowhere, and not on by the main table. */
  get endsVrfs(): boolean {
    return this.#endsVrfs
  }

  #read(words: readonly string[], { line, text, priority }: Numbered & { readonly priority: number }): void {
    const asked = new RuleWords(words)
    const { match, table, isLocal, isStrange, isMirror } = asked
    if (table === 'local' && !isStrange) this.#own.add(priority)
    if (isMirror && !words.some((word) => refusals.has(word))) this.#ofVrfs.add(priority)
    if (isMirror && words.some((word) => refusals.has(word)) && priority < priorityOfMain) this.#endsVrfs = true
    // Rules for what the gateway itself sends, for its VRFs and for its own addresses decide nothing about packets that it forwards.
    if (isLocal || isMirror || (table === 'local' && !isStrange)) return
    const doubt = isStrange || table === undefined ? { line, what: shownLine(text.trim()) } : undefined
    if (doubt) this.unread.push({ line, text, touches: 'routes', isPlaced: true })
    const to = table === undefined ? ({ kind: 'unknown' } as const) : ({ kind: 'table', table } as const)
    const rule: SteeringRule = { line, match, asked: 'at-routing', to, ...(doubt ? { doubt } : {}) }
    this.#rules.push({ priority, rule })
  }

  /** The priorities of rules for packets that the gateway forwards. */
  claims(): Claim[] {
    return this.#rules.map(({ priority, rule: { line } }) => {
      return { kind: 'priority', value: String(priority), by: 'a rule that chooses a routing table', line }
    })
  }

  /** By priority; what follows the one that takes everything to the main table is asked only when main has no route. */
  rules(): SteeringRule[] {
    const sorted = [...this.#rules].sort((a, b) => a.priority - b.priority).map(({ rule }) => rule)
    const end = sorted.findIndex(({ match, to, doubt }) => {
      return to.kind === 'table' && to.table === 'main' && doubt === undefined && Object.keys(match).length === 0
    })
    return end < 0 ? sorted : sorted.slice(0, end)
  }
}

const refusals: ReadonlySet<string> = new Set(['unreachable', 'blackhole', 'prohibit'])

const priorityOfMain = 32_766

/** The conditions and the answer of one rule. */
class RuleWords {
  match: PacketMatch = {}
  table: string | undefined
  /** For packets of the gateway itself only. */
  isLocal = false
  /** The rule that VRFs have. */
  isMirror = false
  isStrange = false

  constructor(words: readonly string[]) {
    for (let at = 0; at < words.length; at += 2) at -= this.#take(words[at] ?? '', words[at + 1] ?? '')
  }

  /** Gives 1 for a word that stands alone. */
  #take(word: string, value: string): 0 | 1 {
    switch (word) {
      case 'from':
      case 'to':
        return this.#address(word === 'from' ? 'source' : 'destination', value)
      case 'iif':
      case 'dev':
        this.isLocal ||= value === 'lo'
        this.match = { ...this.match, in: { names: [value], negated: false } }
        return 0
      case 'oif':
        this.isLocal = true
        return 0
      case 'lookup':
      case 'table':
        this.isMirror ||= value === '[l3mdev-table]'
        this.table = tableName(value)
        return 0
      case 'ipproto':
        return this.#set('protocol', protocolNumber(value))
      case 'sport':
      case 'dport':
        return this.#port(word === 'sport' ? 'sourcePort' : 'destinationPort', value)
      case 'proto':
      case 'protocol':
        return 0
      case 'l3mdev':
        this.isMirror = true
        return 1
      default:
        this.isStrange = true
        return 1
    }
  }

  #address(side: 'source' | 'destination', text: string): 0 {
    if (text === 'all' || text === 'any' || text === 'default') return 0
    const range = addressRange(text)
    if (range) this.match = { ...this.match, [side]: RangeSet.of([range]) }
    else this.isStrange = true
    return 0
  }

  #set(field: 'protocol', number: number | undefined): 0 {
    if (number === undefined) this.isStrange = true
    else this.match = { ...this.match, [field]: RangeSet.ofValues([number]) }
    return 0
  }

  #port(field: 'sourcePort' | 'destinationPort', text: string): 0 {
    const range = portRange(text)
    if (range) this.match = { ...this.match, [field]: RangeSet.of([range]) }
    else this.isStrange = true
    return 0
  }
}
