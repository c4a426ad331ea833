import type { Prefix } from '@natplan/core'
import type { GatewayState, Guard, NatChain, NatRule } from './network.ts'
import { filtersOf } from './write-filters.ts'
import { nftOfWritten } from './written-filters.ts'

/** The ruleset of a gateway, as a file for nft. */
export function rulesetOf({
  chains,
  guards,
  zones,
  filters,
  written,
}: Pick<GatewayState, 'chains' | 'guards' | 'zones' | 'filters' | 'written'>): string {
  const tables = [...new Set(chains.map(({ table }) => table))]
  return [
    ...tables.map((table) => tableOf(table, chains.filter((chain) => chain.table === table).map(chainOf))),
    ...(zones.length > 0 ? [tableOf('inet zones', [zoneChain(zones)])] : []),
    ...(guards.length > 0 ? [tableOf('inet guards', [guardChain(guards, 'out'), guardChain(guards, 'in')])] : []),
    filtersOf(filters),
    written ? nftOfWritten(written) : '',
  ].join('')
}

function tableOf(name: string, chains: readonly string[]): string {
  return `table ${name} {\n${chains.join('\n')}}\n`
}

function chainOf({ table, name, hook, priority, rules }: NatChain): string {
  const head = `type nat hook ${hook} priority ${priority}; policy accept;`
  // natplan numbers its rules, others do not.
  const numbered = (rule: NatRule, index: number) =>
    table === 'inet natplan' && rule.kind === 'map' ? `${ruleOf(rule)} comment "${1000 + index}"` : ruleOf(rule)
  return chainText(name, head, rules.map(numbered))
}

function chainText(name: string, head: string, rules: readonly string[]): string {
  return `\tchain ${name} {\n\t\t${head}\n${rules.map((rule) => `\t\t${rule}\n`).join('')}\t}\n`
}

function ruleOf(rule: NatRule): string {
  switch (rule.kind) {
    case 'map':
      return mapOf(rule)
    case 'masquerade':
    case 'accept':
      return words(
        named('oifname', rule.interface),
        addressed('saddr', rule.source),
        addressed('daddr', rule.destination),
        'counter',
        rule.kind,
      )
    case 'hide':
      return words(
        named('oifname', rule.interface),
        addressed('saddr', rule.source),
        addressed('daddr', rule.destination),
        `counter snat ip to ${rule.to.first.equals(rule.to.last) ? rule.to.first : rule.to}`,
      )
    case 'forward':
      return words(
        named('iifname', rule.interface),
        addressed('saddr', rule.source),
        addressed('daddr', rule.destination),
        rule.port === undefined ? `meta l4proto ${rule.protocol}` : `${rule.protocol} dport ${rule.port}`,
        `counter dnat ip to ${rule.to}`,
      )
  }
}

function mapOf({ side, from, to, peer, ...rule }: NatRule & { readonly kind: 'map' }): string {
  const isSource = side === 'source'
  const own = isSource ? 'saddr' : 'daddr'
  return words(
    named(isSource ? 'oifname' : 'iifname', rule.interface),
    addressed(isSource ? 'daddr' : 'saddr', peer),
    `counter ${isSource ? 'snat' : 'dnat'} ip prefix to ip ${own} map { ${from} : ${to} }`,
  )
}

function named(word: string, name: string | undefined): string {
  return name === undefined ? '' : `${word} "${name}"`
}

function addressed(word: string, prefix: Prefix | undefined): string {
  return prefix === undefined ? '' : `ip ${word} ${prefix}`
}

function words(...all: readonly string[]): string {
  return all.filter((one) => one !== '').join(' ')
}

function zoneChain(zones: GatewayState['zones']): string {
  const rules = zones.map(([device, zone]) => `iifname "${device}" ct zone set ${zone}`)
  return chainText('zone', 'type filter hook prerouting priority raw; policy accept;', rules)
}

const guardHeads = {
  out: 'type filter hook postrouting priority 150; policy accept;',
  in: 'type filter hook prerouting priority mangle; policy accept;',
} as const

function guardChain(guards: readonly Guard[], way: Guard['way']): string {
  return chainText(`guard-${way}`, guardHeads[way], guards.filter((guard) => guard.way === way).map(guardOf))
}

function guardOf({ way, at, prefixes }: Guard): string {
  const devices = [at.interface, ...(at.also ?? [])]
  const compared = devices
    .map((device) => `${way === 'out' ? 'oifname' : 'iifname'} ${at.kind === 'on' ? '' : '!= '}"${device}"`)
    .join(' ')
  const set = `{ ${prefixes.join(', ')} }`
  return way === 'out'
    ? `${compared} ip daddr ${set} rt ipsec missing counter drop`
    : `${compared} ip saddr ${set} meta ipsec missing counter drop`
}
