import {
  type Claim,
  type DeviceRule,
  type Hook,
  hooks,
  type RuleAction,
  type RuleList,
  type Unread,
  wordTable,
} from '@natplan/core'
import { limits } from '../../../limits.ts'
import { Budget } from './budget.ts'
import type { ChainTable } from './chain.ts'
import { chainName, deviceRule } from './device-rule.ts'
import { clampsOf, type FoundClamp, rewritingLines, type Zones, zoneClaims, zonesOf } from './effects.ts'
import { type BaseChain, FilterLists, isFollowed, unclearLines } from './filter-lists.ts'
import { type FlatRule, flatten } from './flatten-chain.ts'
import { reachedChains } from './reached-chains.ts'

/** What the tables of a gateway come down to. */
export interface Filtering {
  readonly lists: readonly RuleList[]
  readonly clamps: readonly FoundClamp[]
  readonly numbers: readonly { readonly direction: 'source' | 'destination'; readonly number: number }[]
  readonly unread: readonly Unread[]
  /** The zones in which connections are tracked, by the interface that their packets come in by. */
  readonly zones: ReadonlyMap<string, Zones>
  /** All zones that rules name. */
  readonly claims: readonly Claim[]
}

const mostRules = limits.natRules.most

/** The lists of rules that packets meet. Rules keep their places, understood or not. */
export function ruleLists(tables: readonly ChainTable[]): Filtering {
  const budget = new Budget(mostRules)
  const found: Found = { lists: [], numbers: [], unread: [], zones: [] }
  for (const table of tables) {
    const filters = new FilterLists(table)
    for (const chain of table.chains.values()) {
      if (!chain.base) continue
      const own = { table, chain, base: chain.base }
      found.unread.push(...rewritingLines(own))
      found.zones.push(...zonesOf(own))
      if (chain.base.type === 'nat') readNat(own, flatten(chain, table, budget), found)
      else readFilter(own, filters, found)
    }
  }
  const filters = found.lists.filter(({ kind }) => kind === 'filter')
  return {
    numbers: found.numbers,
    clamps: tables.flatMap((table) => clampsOf(table, budget)),
    unread: [...found.unread, ...unclearLines(filters)],
    lists: inOrder(found.lists),
    zones: new Map(found.zones),
    claims: tables.flatMap(zoneClaims),
  }
}

interface Found {
  readonly lists: RuleList[]
  readonly numbers: { readonly direction: 'source' | 'destination'; readonly number: number }[]
  readonly unread: Unread[]
  readonly zones: [string, Zones][]
}

function readFilter({ table, chain, base }: BaseChain, filters: FilterLists, { lists, unread }: Found): void {
  if (!isFollowed(base)) {
    const rules = reachedChains(chain, table).flatMap((one) => one.rules)
    refuse(rules, unread, { base, chain })
    return
  }
  const list = filters.listOf(chain, base)
  if (list) lists.push(list)
}

const translating: Readonly<Record<string, 'source' | 'destination'>> = wordTable({
  prerouting: 'destination',
  postrouting: 'source',
})

function readNat({ table, chain, base }: BaseChain, flat: readonly FlatRule[], found: Found): void {
  refuse(flat, found.unread, { base, chain })
  const side = translating[base.hook]
  // The other two hooks are those of the gateway's own packets.
  if (side === undefined) return
  const rules = flat
    .filter(({ verdict }) => verdict.kind !== 'continue')
    .map((rule) => {
      const { unknown: _, ...match } = rule.match
      return deviceRule(rule, table, { match, action: natAction(rule), doubt: rule.doubt })
    })
  for (const { doubt } of rules)
    if (doubt) found.unread.push({ line: doubt.line ?? 0, text: doubt.what, touches: 'nat', isPlaced: true })
  if (base.doubt !== undefined)
    found.unread.push({ line: chain.line, text: base.doubt, touches: 'nat', isPlaced: false })
  for (const { number } of rules) if (number !== undefined) found.numbers.push({ direction: side, number })
  found.lists.push(natList({ table, chain, base }, `${side}-nat`, rules))
}

function natAction({ verdict }: FlatRule): RuleAction {
  switch (verdict.kind) {
    case 'translate':
      return verdict.action
    case 'accept':
    case 'return':
      return { kind: 'exempt' }
    case 'drop':
    case 'reject':
      return { kind: verdict.kind }
    default:
      return { kind: 'unknown' }
  }
}

/** Names every line of a chain that could drop a packet. */
function refuse(
  rules: readonly Dropping[],
  unread: Unread[],
  { base, chain }: Pick<BaseChain, 'base' | 'chain'>,
): void {
  const lines = new Map(rules.filter(canDrop).map(({ line, text }) => [line, text]))
  if (base.policy === 'drop') lines.set(chain.line, `chain ${chain.name}: policy drop`)
  for (const [line, text] of lines) unread.push({ line, text, touches: 'filters', isPlaced: false })
}

/** A rule, as far as it could drop a packet. */
interface Dropping {
  readonly line: number
  readonly text: string
  readonly verdict: { readonly kind: string }
}

/** In a chain that translates, what is not understood may translate; it stands in its place there. */
function canDrop({ verdict: { kind }, text }: Dropping): boolean {
  if (kind === 'drop' || kind === 'reject') return true
  return kind === 'unknown' && !/\b(snat|dnat|masquerade|redirect)\b/i.test(text)
}

function natList({ table, chain, base }: BaseChain, kind: RuleList['kind'], rules: readonly DeviceRule[]): RuleList {
  const { hook, priority, policy, policyLine } = base
  return {
    name: chainName(table, chain),
    hook: hook as Hook,
    priority,
    kind,
    rules,
    fallback: policy,
    line: chain.line,
    ...(policyLine === chain.line ? {} : { fallbackLine: policyLine }),
  }
}

function inOrder(lists: readonly RuleList[]): RuleList[] {
  return [...lists].sort((a, b) => hooks.indexOf(a.hook) - hooks.indexOf(b.hook) || a.priority - b.priority)
}
