import type { AddressSet, Condition, FilterChain, FilterRule, Filters, FilterVerdict } from './network.ts'

/** The filters of a gateway, for nft. */
export function filtersOf({ sets, chains }: Filters): string {
  return [...new Set(chains.map(({ table }) => table))]
    .map((table) => {
      const isIn = (one: { readonly table: string }) => one.table === table
      // A chain that a rule calls stands before that rule: no chain calls one that was given before it.
      const inside = [...sets.filter(isIn).map(setOf), ...chains.filter(isIn).toReversed().map(chainOf)]
      return `table ${table} {\n${inside.join('')}}\n`
    })
    .join('')
}

function setOf({ name, prefixes }: AddressSet): string {
  return `\tset ${name} {\n\t\ttype ipv4_addr\n\t\tflags interval\n\t\telements = { ${prefixes.join(', ')} }\n\t}\n`
}

function chainOf({ name, base, rules }: FilterChain): string {
  const head = base ? [`type filter hook ${base.hook} priority ${base.priority}; policy ${base.policy};`] : []
  return `\tchain ${name} {\n${[...head, ...rules.map(ruleOf)].map((line) => `\t\t${line}\n`).join('')}\t}\n`
}

function ruleOf(rule: FilterRule): string {
  if (rule.kind === 'rule') return [...rule.conditions.map(conditionOf), verdictOf(rule.verdict)].join(' ')
  return `${rule.by} vmap { ${rule.verdicts.map(([key, verdict]) => `${key} : ${verdictOf(verdict)}`).join(', ')} }`
}

function verdictOf(verdict: FilterVerdict): string {
  return 'chain' in verdict ? `${verdict.kind} ${verdict.chain}` : verdict.kind
}

const sides = {
  source: 'saddr',
  destination: 'daddr',
  'source set': 'saddr',
  'destination set': 'daddr',
  in: 'iifname',
  out: 'oifname',
} as const

function conditionOf(condition: Condition): string {
  switch (condition.kind) {
    case 'state':
      return `ct state ${condition.states.join(',')}`
    case 'source':
    case 'destination':
      return `ip ${sides[condition.kind]} ${compared(condition.isNegated, condition.prefixes.map(String))}`
    case 'source set':
    case 'destination set':
      return `ip ${sides[condition.kind]} @${condition.set}`
    case 'protocol':
      return `meta l4proto ${compared(false, condition.names)}`
    case 'ports':
      return `${condition.protocol} dport ${compared(false, condition.ports.map(String))}`
    case 'in':
    case 'out':
      return `${sides[condition.kind]} ${compared(
        condition.isNegated,
        condition.names.map((name) => `"${name}"`),
      )}`
    case 'arrived':
      return `meta ipsec ${condition.how}`
    case 'leaving':
      return `rt ipsec ${condition.how}`
    case 'translated':
      return 'ct status dnat'
  }
}

function compared(isNegated: boolean | undefined, values: readonly string[]): string {
  const text = values.length === 1 ? `${values[0]}` : `{ ${values.join(', ')} }`
  return `${isNegated ? '!= ' : ''}${text}`
}
