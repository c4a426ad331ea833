import type { PacketMatch } from '@natplan/core'
import type { Budget } from './budget.ts'
import type { Chain, ChainRule, ChainTable, Verdict } from './chain.ts'
import { complementOf, meet, takesAll } from './meet.ts'

/** A rule of a chain as packets that come through its base meet it: jumps are followed. */
export interface FlatRule extends Omit<ChainRule, 'verdict'> {
  readonly verdict: FinalVerdict
  /** The rule, or one on the way to it, of which something was not understood. */
  readonly doubt: string | undefined
}

type FinalVerdict = Exclude<Verdict, { readonly chain: string }>

/** Chains call each other no deeper than this (NFT_JUMP_STACK_SIZE). */
const deepest = 16

/** The rules that a base chain comes down to, in order. A packet takes the first that matches and does not go on. */
export function flatten(chain: Chain, table: ChainTable, budget: Budget): FlatRule[] {
  const walk = new Walk(table, budget)
  walk.follow(chain, { given: {}, doubt: undefined, depth: 0 })
  return walk.rules
}

interface Entry {
  /** What a packet that gets here has met already. */
  readonly given: PacketMatch
  readonly doubt: string | undefined
  readonly depth: number
}

class Walk {
  readonly rules: FlatRule[] = []
  readonly #table: ChainTable
  readonly #budget: Budget

  constructor(table: ChainTable, budget: Budget) {
    this.#table = table
    this.#budget = budget
  }

  follow(chain: Chain, { given, doubt, depth }: Entry): void {
    let here = { given, doubt }
    for (const rule of chain.rules) {
      const met = meet(here.given, rule.match)
      if (!met) continue
      if (!this.#budget.spend(1)) {
        this.#stop(rule, here)
        return
      }
      const { verdict } = rule
      const own = isDoubtful(rule) ? rule.text : (here.doubt ?? (met.unknown === undefined ? undefined : rule.text))
      if ('chain' in verdict) this.#jump(rule, verdict.chain, { given: met, doubt: own, depth: depth + 1 })
      else this.#push({ ...rule, verdict, match: met, doubt: own }, depth)
      if (ends(verdict) && takesAll(rule.match)) return
      if (!leaves(verdict, depth)) continue
      const rest = withoutRule(rule, here)
      if (!rest) return
      here = rest
    }
  }

  /** A packet that returns from a chain that was called goes on behind the call. */
  #push(rule: FlatRule, depth: number): void {
    if (rule.verdict.kind !== 'return' || depth === 0) this.rules.push(rule)
  }

  #jump(rule: ChainRule, name: string, entry: Entry): void {
    const target = this.#table.chains.get(name)
    if (target && entry.depth <= deepest) this.follow(target, entry)
    else this.rules.push({ ...rule, verdict: { kind: 'unknown' }, match: entry.given, doubt: rule.text })
    if (rule.verdict.kind === 'goto' && entry.depth === 1) {
      this.rules.push({ ...rule, verdict: { kind: 'return' }, match: entry.given, doubt: entry.doubt })
    }
  }

  /** Too much to follow: what is left may do anything. */
  #stop(rule: ChainRule, { given }: Pick<Entry, 'given'>): void {
    this.rules.push({ ...rule, verdict: { kind: 'unknown' }, match: given, doubt: rule.text })
  }
}

function isDoubtful({ match, verdict }: ChainRule): boolean {
  return match.unknown !== undefined || verdict.kind === 'unknown'
}

function ends({ kind }: Verdict): boolean {
  return kind === 'accept' || kind === 'drop' || kind === 'reject' || kind === 'translate'
}

/** Reports whether packets that take it come back to a caller without another rule that says so. */
function leaves(verdict: Verdict, depth: number): boolean {
  return depth > 0 && (verdict.kind === 'return' || verdict.kind === 'goto')
}

/** What is left of the packets of a chain behind a rule that others left by; `undefined` for none. */
function withoutRule(rule: ChainRule, { given, doubt }: Omit<Entry, 'depth'>): Omit<Entry, 'depth'> | undefined {
  if (takesAll(rule.match)) return undefined
  const others = complementOf(rule.match)
  if (!others) return { given, doubt: doubt ?? rule.text }
  const left = meet(given, others)
  return left && { given: left, doubt: doubt ?? (left.unknown === undefined ? undefined : rule.text) }
}
