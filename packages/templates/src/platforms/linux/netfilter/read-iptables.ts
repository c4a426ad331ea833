import { wordTable } from '@natplan/core'
import { limits } from '../../../limits.ts'
import type { Numbered } from '../numbered.ts'
import { unread } from '../numbered.ts'
import { Budget, withinBudget } from './budget.ts'
import type { Base, Chain, ChainRule, ChainTable } from './chain.ts'
import type { OptionPlace } from './iptables-options.ts'
import { readIptablesRule } from './iptables-rule.ts'
import type { ReadTables } from './read-nft.ts'
import { splitWords } from './split-words.ts'

/** Where the built-in chains of each table stand, and in which order they are asked (netfilter_ipv4.h). */
const hooks: Readonly<Record<string, string>> = wordTable({
  PREROUTING: 'prerouting',
  INPUT: 'input',
  FORWARD: 'forward',
  OUTPUT: 'output',
  POSTROUTING: 'postrouting',
})

const priorities: Readonly<Record<string, number>> = wordTable({ raw: -300, mangle: -150, filter: 0, security: 50 })

interface OpenedChain {
  readonly line: number
  policy: Base['policy']
  policyLine: number
  /** A rule that holds in one of several ways stands for each of them. */
  rules: (readonly ChainRule[])[]
}

interface Opened {
  readonly name: string
  readonly family: 4 | 6
  readonly chains: Map<string, OpenedChain>
}

/** What rules can name beside themselves. */
type Known = Omit<OptionPlace, 'family'>

interface Work extends Known {
  readonly budget: Budget
}

const mostWays = limits.allRuleWays.most

/** Reads what `iptables-save` and `ip6tables-save` print, and the same rules as commands. */
export function readIptables(lines: readonly Numbered[], known: Known): ReadTables {
  for (const { text } of lines) openFilledSet(text, known)
  const work = { ...known, budget: new Budget(mostWays) }
  const tables = new Map<string, Opened>()
  const refused: Numbered[] = []
  let current: Opened | undefined
  let family: 4 | 6 = 4
  for (const line of lines) {
    const text = line.text.trim()
    if (text.startsWith('#')) family = /ip6tables/.test(text) ? 6 : /iptables/.test(text) ? 4 : family
    else if (text.startsWith('*')) current = tableOf(tables, text.slice(1), family)
    else if (text === 'COMMIT') current = undefined
    else if (text !== '') {
      const command = commandOf(text)
      const table = command ? tableOf(tables, command.table, command.family) : current
      if (!table || !take({ ...line, text: command?.rest ?? text }, table, work)) refused.push(line)
    }
  }
  return { tables: [...tables.values()].map(closed), unread: refused.map((line) => unread(line, 'anything')) }
}

function openFilledSet(text: string, { ipsets }: Known): void {
  const [, name] = /\s--(?:add|del|map)-set\s+(\S+)/.exec(text) ?? []
  if (name !== undefined) ipsets.open(name)
}

function tableOf(tables: Map<string, Opened>, name: string, family: 4 | 6): Opened {
  const key = `${family === 4 ? 'iptables' : 'ip6tables'} ${name}`
  const table = tables.get(key) ?? { name, family, chains: new Map() }
  tables.set(key, table)
  return table
}

/** `iptables -t nat -A …`: the table, and the rest as `iptables-save` would print it. */
function commandOf(
  text: string,
): { readonly table: string; readonly family: 4 | 6; readonly rest: string } | undefined {
  const [, six, rest = ''] = /^(?:sudo\s+)?(?:\S*\/)?ip(6?)tables(?:-nft|-legacy)?\s+(.*)$/.exec(text) ?? []
  if (six === undefined) return undefined
  const [, table = 'filter'] = /(?:^|\s)(?:-t|--table)[ =](\S+)/.exec(rest) ?? []
  const own = rest.replace(/(?:^|\s)(?:-t|--table)[ =]\S+/, ' ').replace(/(?:^|\s)(?:-w|--wait)(?=\s|$)/, ' ')
  return { table, family: six === '6' ? 6 : 4, rest: own.trim() }
}

/** Takes one line of a table; false when it is not understood. */
function take(line: Numbered, table: Opened, known: Work): boolean {
  const { text } = line
  if (text.startsWith(':')) return declare(line, table)
  const words = splitWords(text.replace(/^\[\d+:\d+\]\s*/, ''))
  const [action, name = '', ...rest] = words ?? []
  if (action === '-N' || action === '-F' || action === '-X' || action === '-Z') return emptied(action, name, table)
  if (action === '-P') return declare({ line: line.line, text: `:${name} ${rest[0]}` }, table)
  if (action !== '-A' && action !== '-I' && action !== '--append' && action !== '--insert') return false
  const isInserted = action === '-I' || action === '--insert'
  const hasPlace = isInserted && /^\d{1,9}$/.test(rest[0] ?? '')
  const place = { ...line, ...known, family: table.family, chain: name }
  const ways = withinBudget(readIptablesRule(hasPlace ? rest.slice(1) : rest, place), known.budget)
  const { rules } = chainOf(table, name, line.line)
  rules.splice(isInserted ? Number(hasPlace ? rest[0] : 1) - 1 : rules.length, 0, ways)
  return true
}

function emptied(action: string, name: string, { chains }: Opened): boolean {
  if (action === '-Z' || action === '-N') return true
  for (const [key, chain] of chains) if (name === '' || key === name) chain.rules = []
  return true
}

function chainOf({ chains }: Opened, name: string, line: number): OpenedChain {
  const chain = chains.get(name) ?? { line, policy: 'accept', policyLine: line, rules: [] }
  chains.set(name, chain)
  return chain
}

/** `:FORWARD DROP [0:0]` */
function declare({ line, text }: Numbered, table: Opened): boolean {
  const [, name, policy] = /^:(\S+) (\S+)/.exec(text) ?? []
  if (name === undefined) return false
  const chain = chainOf(table, name, line)
  chain.policy = policy === 'DROP' ? 'drop' : 'accept'
  chain.policyLine = line
  return true
}

function closed({ name, family, chains }: Opened): ChainTable {
  const read = [...chains].map(([chain, { line, rules, ...own }]): [string, Chain] => [
    chain,
    { name: chain, line, base: baseOf(name, chain, own), rules: rules.flat() },
  ])
  return { label: `${family === 4 ? 'iptables' : 'ip6tables'} ${name}`, isOwn: false, family, chains: new Map(read) }
}

function baseOf(
  table: string,
  chain: string,
  { policy, policyLine }: Pick<Base, 'policy' | 'policyLine'>,
): Base | undefined {
  const hook = Object.hasOwn(hooks, chain) ? hooks[chain] : undefined
  if (hook === undefined) return undefined
  if (table === 'nat') {
    const priority = hook === 'prerouting' || hook === 'output' ? -100 : 100
    return { type: 'nat', hook, priority, policy, policyLine, doubt: undefined }
  }
  const priority = Object.hasOwn(priorities, table) ? priorities[table] : undefined
  return {
    type: 'filter',
    hook,
    priority: priority ?? 0,
    policy,
    policyLine,
    doubt: priority === undefined ? `table ${table}` : undefined,
  }
}
