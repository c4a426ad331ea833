import type { Unread } from '@natplan/core'
import { limits } from '../../../limits.ts'
import { shownLine } from '../../../shown-line.ts'
import type { Numbered } from '../numbered.ts'
import { Budget, withinBudget } from './budget.ts'
import type { Base, Chain, ChainRule, ChainTable } from './chain.ts'
import { readRule } from './nft-rule.ts'
import { isWord, type Token } from './nft-tokens.ts'
import { type NftChain, type NftTable, type Ruleset, readRuleset } from './nft-tree.ts'
import type { Scope } from './nft-values.ts'
import type { OwnAddresses } from './own-addresses.ts'

export interface ReadTables {
  readonly tables: readonly ChainTable[]
  readonly unread: readonly Unread[]
}

const mostMembers = limits.setMembers.most

/** The families of nft whose chains see packets that are routed, and which packets. */
const routedFamilies: ReadonlyMap<string, 4 | 6 | undefined> = new Map([
  ['ip', 4],
  ['ip6', 6],
  ['inet', undefined],
  ['netdev', undefined],
])

/** The table that natplan writes. */
const ownTable = 'inet natplan'

/** Reads the tables of nftables, whoever wrote them. Those of other families than IP touch no packet that is routed. */
export function readNft(lines: readonly Numbered[], own: OwnAddresses): ReadTables {
  const ruleset = readRuleset(lines)
  const texts = new Map(lines.map(({ line, text }) => [line, text.trim()]))
  const budget = new Budget(mostMembers)
  const tables = [...ruleset.tables.values()].filter(
    ({ family, isDormant }) => routedFamilies.has(family) && !isDormant,
  )
  return { tables: tables.map((table) => tableOf(table, { ruleset, texts, budget, own })), unread: ruleset.unread }
}

interface Context {
  readonly ruleset: Ruleset
  readonly texts: ReadonlyMap<number, string>
  readonly budget: Budget
  readonly own: OwnAddresses
}

function tableOf(table: NftTable, context: Context): ChainTable {
  const key = `${table.family} ${table.name}`
  const isOwn = key === ownTable
  const scope = scopeOf(table, context)
  const chains = [...table.chains.values()].map((chain) => {
    return [chain.name, chainOf(chain, { ...context, scope, family: routedFamilies.get(table.family) })] as const
  })
  return {
    label: `table ${key}`,
    isOwn,
    family: routedFamilies.get(table.family),
    chains: new Map(chains),
  }
}

function scopeOf({ sets, chains }: NftTable, { ruleset, budget }: Context): Scope {
  const filled = filledSets([...chains.values()])
  const known = [...sets].map(([name, set]) => {
    const isDynamic = set.isDynamic || filled.has(name)
    return [name, { isDynamic, elements: expand(set.elements, ruleset, budget) }] as const
  })
  return { sets: new Map(known), known: new Map(), matches: new Map(), ways: new Map(), budget }
}

/** Sets that rules put packets into: `add @seen { ip saddr }`, `set add ip saddr @seen`. */
function filledSets(chains: readonly NftChain[]): ReadonlySet<string> {
  const statements = chains.flatMap(({ front, statements }) => [...front, ...statements])
  return new Set(statements.flatMap((tokens) => tokens.flatMap((_, at) => filledAt(tokens, at) ?? [])))
}

function filledAt(tokens: readonly Token[], at: number): string | undefined {
  if (!isWord(tokens[at], 'add', 'update', 'delete')) return undefined
  const rest = isWord(tokens[at - 1], 'set') ? tokens.slice(at + 1) : tokens.slice(at + 1, at + 2)
  return rest.find(({ kind, text }) => kind === 'word' && text.startsWith('@'))?.text.slice(1)
}

function chainOf(
  { name, line, front, statements }: NftChain,
  {
    ruleset,
    texts,
    budget,
    scope,
    family,
    own,
  }: Context & { readonly scope: Scope; readonly family: 4 | 6 | undefined },
): Chain {
  let base: Omit<Base, 'policy' | 'policyLine'> | undefined
  let policy: Base['policy'] = 'accept'
  let policyLine = line
  const rules: ChainRule[] = []
  for (const written of [...[...front].reverse(), ...statements]) {
    const [first, second] = written
    const text = shownLine(texts.get(first?.line ?? 0) ?? '')
    if (isWord(first, 'type')) base = baseOf(expand(written, ruleset, budget), text)
    else if (isWord(first, 'policy')) {
      policy = isWord(second, 'drop') ? 'drop' : 'accept'
      policyLine = first?.line ?? line
    } else if (!isSilent(written)) {
      const tokens = expand(written, ruleset, budget)
      for (const rule of withinBudget(readRule(tokens, { scope, family, text, own }), budget)) rules.push(rule)
    }
  }
  return { name, line, base: base && { ...base, policy, policyLine }, rules }
}

/** `comment "…"` of the chain itself, and `devices`. */
function isSilent([first, , third]: readonly Token[]): boolean {
  return (isWord(first, 'comment') && third === undefined) || isWord(first, 'devices', 'flags')
}

/** Named priorities (nft(8)): of the families for IP. */
const priorities: ReadonlyMap<string, number> = new Map([
  ['raw', -300],
  ['mangle', -150],
  ['dstnat', -100],
  ['filter', 0],
  ['security', 50],
  ['srcnat', 100],
])

/** `type nat hook postrouting priority srcnat - 10`. */
function baseOf(tokens: readonly Token[], text: string): Omit<Base, 'policy' | 'policyLine'> {
  const words = tokens.map((token) => token.text)
  const [type, hook] = [words[1], words[words.indexOf('hook') + 1] ?? '']
  const from = words.indexOf('priority')
  const priority = from < 0 ? undefined : priorityOf(words.slice(from + 1).join(''))
  const isKnown =
    (type === 'nat' || type === 'filter' || type === 'route') && words.includes('hook') && priority !== undefined
  return {
    type: type === 'nat' || type === 'route' ? type : 'filter',
    hook,
    priority: priority ?? 0,
    doubt: isKnown ? undefined : text,
  }
}

function priorityOf(text: string): number | undefined {
  const [, name, sign, digits] = /^([a-z]+)?([+-])?(\d{1,10})?$/.exec(text) ?? []
  const base = name === undefined ? 0 : priorities.get(name)
  if (base === undefined || (digits === undefined) !== (sign === undefined && name !== undefined)) return undefined
  return base + (sign === '-' ? -1 : 1) * Number(digits ?? 0)
}

/** Puts in what `define` gave names to; a name that stays is not understood. */
function expand(tokens: readonly Token[], { variables }: Ruleset, budget: Budget): Token[] {
  const isUsed = tokens.some(({ kind, text }) => kind === 'word' && text.startsWith('$'))
  return isUsed ? tokens.flatMap((token) => expanded(token, { variables, budget, depth: 0 })) : [...tokens]
}

/** Definitions name each other, but not deeper than this. */
const deepest = 8

function expanded(
  token: Token,
  { variables, budget, depth }: { variables: Ruleset['variables']; budget: Budget; depth: number },
): Token[] {
  const value = token.kind === 'word' && token.text.startsWith('$') ? variables.get(token.text.slice(1)) : undefined
  if (!value || depth >= deepest || !budget.spend(value.length)) return [token]
  return value.flatMap((one) => expanded({ ...one, line: token.line }, { variables, budget, depth: depth + 1 }))
}
