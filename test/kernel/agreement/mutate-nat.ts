import { Prefix } from '@natplan/core'
import { halfOf, pick, type Random } from '../lab/mutations.ts'
import type { GatewayState, NatChain, NatRule } from './network.ts'

/** A gateway changed in one way, and what was done; `undefined` where it cannot be done. */
export type Change = (
  gateway: GatewayState,
  random: Random,
) => { readonly gateway: GatewayState; readonly said: string } | undefined

/** One rule of a gateway in another form, or in none. */
function onRule(
  gateway: GatewayState,
  random: Random,
  change: (rule: NatRule) => readonly NatRule[],
): GatewayState | undefined {
  const rules = gateway.chains.flatMap((chain) => chain.rules)
  if (rules.length === 0) return undefined
  const chosen = pick(random, rules)
  const edit = (chain: NatChain): NatChain => ({
    ...chain,
    rules: chain.rules.flatMap((rule) => (rule === chosen ? change(rule) : [rule])),
  })
  return { ...gateway, chains: gateway.chains.map(edit) }
}

const dropRule: Change = (gateway, random) => {
  const changed = onRule(gateway, random, () => [])
  return changed && { gateway: changed, said: 'without a NAT rule' }
}

/** Prefixes that are something to somebody, and some that are nothing to anybody. */
export const elsewhere = ['192.168.7.0', '10.77.0.0', '10.0.1.0', '192.168.1.0', '192.168.2.0', '10.6.0.0'] as const

/** A rule to another place, for fewer packets, or at another interface. */
const alterRule: Change = (gateway, random) => {
  const first = pick(random, elsewhere)
  const device = pick(random, ['wan1', 'lan0', undefined])
  const alterations: readonly ((rule: NatRule) => NatRule)[] = [
    (rule) => ({ ...rule, interface: device }),
    (rule) => (rule.kind === 'map' ? { ...rule, to: Prefix.parse(`${first}/${rule.to.length}`) } : rule),
    (rule) => (rule.kind === 'map' && rule.peer ? { ...rule, peer: halfOf(rule.peer, random) } : rule),
    (rule) => (rule.kind === 'map' ? { ...rule, peer: undefined } : rule),
  ]
  const alter = pick(random, alterations)
  const changed = onRule(gateway, random, (rule) => [alter(rule)])
  return changed && { gateway: changed, said: 'with another NAT rule' }
}

/** Some packets are spared, before the rule that would take them. */
const exempt: Change = (gateway, random) => {
  const changed = onRule(gateway, random, (rule) => {
    if (rule.kind !== 'map' || rule.side !== 'source') return [rule]
    const spared = { source: halfOf(rule.from, random), destination: rule.peer }
    return [{ kind: 'accept', interface: rule.interface, ...spared }, rule]
  })
  return changed && { gateway: changed, said: 'with some packets exempt from NAT' }
}

const foreignTable = 'ip others'

function withForeign(gateway: GatewayState, chain: Omit<NatChain, 'table' | 'name'>, said: string) {
  const name = `chain${gateway.chains.length}`
  return { gateway: { ...gateway, chains: [...gateway.chains, { table: foreignTable, name, ...chain }] }, said }
}

const foreignMasquerade: Change = (gateway, random) => {
  const priority = pick(random, [80, 90, 100, 110])
  const device = pick(random, [...gateway.uplinks, undefined])
  const source = random() < 0.3 ? Prefix.parse('10.0.0.0/8') : undefined
  const rule: NatRule = { kind: 'masquerade', interface: device, source, destination: undefined }
  const said = `with a masquerade at ${device ?? 'any interface'}, priority ${priority}`
  return withForeign(gateway, { hook: 'postrouting', priority, rules: [rule] }, said)
}

const foreignForward: Change = (gateway, random) => {
  const priority = pick(random, [-120, -110, -100])
  const device = pick(random, ['wan0', 'lan0', undefined])
  const protocol = pick(random, ['tcp', 'udp'] as const)
  const port = pick(random, [7000, 443, undefined])
  const to = pick(random, gateway.lans).at(6).toString()
  const rule: NatRule = { kind: 'forward', interface: device, protocol, port, destination: undefined, to }
  const said = `with ${protocol} ${port ?? 'at any port'} forwarded from ${device ?? 'anywhere'}, priority ${priority}`
  return withForeign(gateway, { hook: 'prerouting', priority, rules: [rule] }, said)
}

/** Changes of NAT, each as often as it shall come. */
export const mutateNat: readonly Change[] = [
  dropRule,
  alterRule,
  alterRule,
  exempt,
  foreignMasquerade,
  foreignMasquerade,
  foreignForward,
]
