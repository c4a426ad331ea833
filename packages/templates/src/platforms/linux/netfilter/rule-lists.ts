import {
  type DeviceRule,
  type Hook,
  hooks,
  type PacketMatch,
  type PlacedClamp,
  type RuleAction,
  type RuleList,
  type Touch,
  type Unread,
} from '@natplan/core'
import { everyAddressOf } from '../words.ts'
import type { Base, Chain, ChainTable } from './chain.ts'
import { type FlatRule, flatten } from './flatten-chain.ts'
import { Budget } from './nft-values.ts'

/** What the tables of a gateway come down to. */
export interface Filtering {
  readonly lists: readonly RuleList[]
  readonly clamps: readonly (PlacedClamp & { readonly match: PacketMatch })[]
  readonly numbers: readonly { readonly direction: 'source' | 'destination'; readonly number: number }[]
  readonly unread: readonly Unread[]
}

/** Rules that are followed in all chains together, each call of a chain counted. */
const mostRules = 200_000

/** Where packets that a gateway forwards come through. */
const forwarding: readonly Hook[] = ['prerouting', 'forward', 'postrouting']

/**
 * The lists of rules that packets meet. NAT rules keep their places, understood or not; of filters those that are understood wholly are
 * lists, and the lines of the others that could drop a packet are not read.
 */
export function ruleLists(tables: readonly ChainTable[], outer: (rule: DeviceRule) => boolean): Filtering {
  const budget = new Budget(mostRules)
  const found: Found = { lists: [], clamps: [], numbers: [], unread: [] }
  for (const table of tables) {
    for (const chain of table.chains.values()) {
      if (chain.base) readBase({ table, chain, base: chain.base }, { found, budget, outer })
    }
  }
  return { ...found, lists: inOrder(found.lists) }
}

interface Found {
  readonly lists: RuleList[]
  readonly clamps: (PlacedClamp & { readonly match: PacketMatch })[]
  readonly numbers: { readonly direction: 'source' | 'destination'; readonly number: number }[]
  readonly unread: Unread[]
}

interface BaseChain {
  readonly table: ChainTable
  readonly chain: Chain
  readonly base: Base
}

interface Work {
  readonly found: Found
  readonly budget: Budget
  /** Whether a rule could drop the tunnels' own packets. */
  readonly outer: (rule: DeviceRule) => boolean
}

function readBase(own: BaseChain, work: Work): void {
  const { chain, table, base } = own
  if (base.type === 'route') return
  const rules = flatten(chain, table, work.budget)
  for (const rule of rules) readEffect(rule, base, work.found)
  if (base.type === 'nat') readNat(own, rules, work.found)
  else readFilter(own, rules, work)
}

/** What a rule does to packets that go on. */
function readEffect({ effect, match, line, text }: FlatRule, { hook }: Base, { clamps, unread }: Found): void {
  if (effect?.kind === 'rewrite' && hook !== 'output' && hook !== 'input') {
    unread.push({ line, text, touches: 'nat', isPlaced: false })
  }
  if (effect?.kind !== 'clamp') return
  const names = [match.in, match.out].flatMap((one) => (one && !one.negated ? one.names : []))
  const isEverywhere = match.in === undefined && match.out === undefined
  for (const name of isEverywhere ? [undefined] : names) {
    if (!name?.endsWith('*') && !name?.endsWith('+')) clamps.push({ interface: name, mss: effect.mss, line, match })
  }
}

const translating: Readonly<Record<string, 'source' | 'destination'>> = {
  prerouting: 'destination',
  postrouting: 'source',
}

function readNat({ table, chain, base }: BaseChain, flat: readonly FlatRule[], found: Found): void {
  refuse(flat, found, { base, chain, touches: 'filters' })
  const side = translating[base.hook]
  // The other two hooks are those of the gateway's own packets.
  if (side === undefined) return
  const rules = flat
    .filter(({ verdict }) => verdict.kind !== 'continue')
    .map((rule) => deviceRule(rule, table.isOwn, natAction))
  for (const { doubt } of rules) if (doubt) found.unread.push(placed(doubt))
  if (base.doubt !== undefined)
    found.unread.push({ line: chain.line, text: base.doubt, touches: 'nat', isPlaced: false })
  for (const { number } of rules) if (number !== undefined) found.numbers.push({ direction: side, number })
  found.lists.push(listOf({ table, chain, base }, `${side}-nat`, rules))
}

function placed({ line, what }: { readonly line: number | undefined; readonly what: string }): Unread {
  return { line: line ?? 0, text: what, touches: 'nat', isPlaced: true }
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
  flat: readonly FlatRule[],
  { unread }: Found,
  { base, chain, touches }: { readonly base: Base; readonly chain: Chain; readonly touches: Touch },
): void {
  const lines = new Map(flat.filter(canDrop).map(({ line, text }) => [line, text]))
  if (base.policy === 'drop') lines.set(chain.line, `chain ${chain.name}: policy drop`)
  for (const [line, text] of lines) unread.push({ line, text, touches, isPlaced: false })
}

/** In a chain that translates, what is not understood may translate; it stands in its place there. */
function canDrop({ verdict, doubt }: FlatRule): boolean {
  if (verdict.kind === 'drop' || verdict.kind === 'reject') return true
  return verdict.kind === 'unknown' && !(doubt !== undefined && /\b(snat|dnat|masquerade|redirect)\b/i.test(doubt))
}

/** What a filter may ask and still be followed. */
const followed: readonly (keyof PacketMatch)[] = [
  'source',
  'destination',
  'protocol',
  'sourcePort',
  'destinationPort',
  'in',
  'out',
  'arrived',
  'leaving',
]

function readFilter({ table, chain, base }: BaseChain, flat: readonly FlatRule[], { found, outer }: Work): void {
  const deciding = flat.filter(({ verdict }) => verdict.kind !== 'continue')
  if (!deciding.some(canDrop) && base.policy === 'accept') return
  const hook = forwarding.find((one) => one === base.hook)
  const isFollowed = deciding.every(({ match, doubt, verdict }) => {
    const asked = (Object.keys(match) as (keyof PacketMatch)[]).filter((key) => match[key] !== undefined)
    return doubt === undefined && verdict.kind !== 'unknown' && asked.every((key) => followed.includes(key))
  })
  const rules = deciding.map((rule) => deviceRule(rule, table.isOwn, filterActionFor(base)))
  const dropsOuter = base.policy === 'drop' || rules.some((rule) => rule.action.kind !== 'accept' && outer(rule))
  if (hook === undefined || !isFollowed || base.doubt !== undefined || (dropsOuter && hook !== 'forward')) {
    refuse(flat, found, { base, chain, touches: 'filters' })
  } else {
    found.lists.push(
      listOf({ table, chain, base: { ...base, hook } }, 'filter', [...rules, ...lastRule(table, chain, base)]),
    )
  }
}

/** A policy is for packets of the table's own family. */
function lastRule({ family }: ChainTable, { line }: Chain, { policy }: Base): DeviceRule[] {
  if (family === undefined || policy === 'accept') return []
  const match = { source: everyAddressOf(family === 4 ? 6 : 4) }
  return [{ line, number: undefined, match, action: { kind: 'accept' }, description: undefined }]
}

function filterActionFor({ policy }: Base): (rule: FlatRule) => RuleAction {
  return ({ verdict }) => {
    if (verdict.kind === 'return') return { kind: policy }
    return verdict.kind === 'accept' || verdict.kind === 'drop' || verdict.kind === 'reject'
      ? verdict
      : { kind: 'unknown' }
  }
}

/** natplan's comments begin with the number of the rule. */
function deviceRule(rule: FlatRule, isOwn: boolean, actionOf: (rule: FlatRule) => RuleAction): DeviceRule {
  const { line, match, comment, doubt } = rule
  const [, number, rest] = (isOwn && /^(\d{1,9})(?: (.*))?$/.exec(comment ?? '')) || []
  return {
    line,
    number: number === undefined ? undefined : Number(number),
    match,
    action: actionOf(rule),
    description: number === undefined ? comment : rest,
    ...(doubt === undefined ? {} : { doubt: { line, what: doubt } }),
  }
}

function listOf({ table, chain, base }: BaseChain, kind: RuleList['kind'], rules: readonly DeviceRule[]): RuleList {
  const { hook, priority, policy } = base
  const name = table.isOwn ? chain.name : `${table.label} chain ${chain.name}`
  return { name, hook: hook as Hook, priority, kind, rules, fallback: policy, line: chain.line }
}

function inOrder(lists: readonly RuleList[]): RuleList[] {
  return [...lists].sort((a, b) => hooks.indexOf(a.hook) - hooks.indexOf(b.hook) || a.priority - b.priority)
}
