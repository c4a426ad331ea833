import { Prefix } from '@natplan/core'
import { halfOf, pick, type Random } from '../lab/mutations.ts'
import { type Change, elsewhere, mutateNat } from './mutate-nat.ts'
import type { Child, Connection, GatewayState, Guard, Network } from './network.ts'
import { uplinkOf } from './wiring.ts'

/** One child of a gateway in another form, or in none. */
function onChildren(
  gateway: GatewayState,
  random: Random,
  change: (child: Child) => Child | undefined,
): GatewayState | undefined {
  const all = gateway.connections.flatMap(({ children }) => children).filter(({ mode }) => mode === 'tunnel')
  if (all.length === 0) return undefined
  const chosen = pick(random, all)
  const edit = (connection: Connection): Connection => ({
    ...connection,
    children: connection.children.flatMap((child) => (child === chosen ? (change(child) ?? []) : child)),
  })
  return { ...gateway, connections: gateway.connections.map(edit) }
}

const narrowSelector: Change = (gateway, random) => {
  const side = pick(random, ['local', 'remote'] as const)
  const changed = onChildren(gateway, random, (child) => ({
    ...child,
    [side]: child[side].map((one) => halfOf(one, random)),
  }))
  return changed && { gateway: changed, said: `with half of a ${side} selector` }
}

const otherSelector: Change = (gateway, random) => {
  const side = pick(random, ['local', 'remote'] as const)
  const first = pick(random, elsewhere)
  const changed = onChildren(gateway, random, (child) => ({
    ...child,
    [side]: child[side].map(({ length }) => Prefix.parse(`${first}/${Math.max(length, 24)}`)),
  }))
  return changed && { gateway: changed, said: `with ${first} as ${side} selector` }
}

const moreSelectors: Change = (gateway, random) => {
  const more = Prefix.parse(`${pick(random, elsewhere)}/24`)
  const changed = onChildren(gateway, random, (child) => ({ ...child, remote: [...child.remote, more] }))
  return changed && { gateway: changed, said: `with ${more} as a second remote selector` }
}

const dropChild: Change = (gateway, random) => {
  const children = gateway.connections.flatMap((connection) => connection.children)
  if (children.length < 2) return undefined
  const changed = onChildren(gateway, random, () => undefined)
  return changed && { gateway: changed, said: 'without a child' }
}

const otherStart: Change = (gateway, random) => {
  const start = pick(random, ['none', 'trap'] as const)
  const changed = onChildren(gateway, random, (child) => ({ ...child, start }))
  return changed && { gateway: changed, said: `with start_action ${start}` }
}

const stopped: Change = (gateway) => ({
  gateway: { ...gateway, strongswan: 'stopped' },
  said: 'with strongSwan stopped',
})

const otherInstallRoutes: Change = (gateway) => ({
  gateway: { ...gateway, installRoutes: !gateway.installRoutes },
  said: `with install_routes = ${gateway.installRoutes ? 'no' : 'yes'}`,
})

const unguarded: Change = (gateway) =>
  gateway.guards.length > 0 ? { gateway: { ...gateway, guards: [] }, said: 'without guards' } : undefined

const otherGuard: Change = (gateway, random) => {
  if (gateway.guards.length === 0) return undefined
  const chosen = pick(random, gateway.guards)
  const change = pick<(guard: Guard) => Guard>(random, [
    (guard) => ({ ...guard, prefixes: guard.prefixes.map((prefix) => halfOf(prefix, random)) }),
    (guard) => ({ ...guard, at: { kind: 'on', interface: pick(random, ['wan1', 'lan0', 'wan0']) } }),
    (guard) => ({ ...guard, at: { kind: 'off', interface: 'lan0' } }),
  ])
  const guards = gateway.guards.map((guard) => (guard === chosen ? change(guard) : guard))
  return { gateway: { ...gateway, guards }, said: `with another guard ${chosen.way}` }
}

const blackhole: Change = (gateway, random) => {
  const route = `${pick(random, ['blackhole', 'unreachable'])} ${pick(random, interestingOf(gateway))}`
  return { gateway: { ...gateway, routes: [...gateway.routes, `${route} metric 5`] }, said: `with ${route}` }
}

const specificRoute: Change = (gateway, random) => {
  const prefix = halfOf(pick(random, interestingOf(gateway)), random)
  const route = `${prefix} ${pick(random, waysOf(gateway))}`
  return { gateway: { ...gateway, routes: [...gateway.routes, `${route} metric 4`] }, said: `with a route ${route}` }
}

const dropRoute: Change = (gateway, random) => {
  const chosen = pick(random, gateway.routes)
  const routes = gateway.routes.filter((route) => route !== chosen)
  return { gateway: { ...gateway, routes }, said: `without the route ${chosen}` }
}

const policyRoute: Change = (gateway, random) => {
  const prefix = pick(random, interestingOf(gateway))
  const way = pick(random, [...waysOf(gateway), 'blackhole'])
  const route = way === 'blackhole' ? `blackhole ${prefix} table 100` : `${prefix} ${way} table 100`
  const selector = pick(random, ['iif lan0', `from ${pick(random, gateway.lans)}`, 'from all'])
  const policy = `${selector} lookup 100 pref ${pick(random, [90, 1000])}`
  return {
    gateway: { ...gateway, routes: [...gateway.routes, route], policies: [...gateway.policies, policy] },
    said: `with the rule ${policy} and ${route}`,
  }
}

const failedOver: Change = (gateway) => {
  if (gateway.uplinks.length < 2) return undefined
  const routes = gateway.routes.filter((route) => !route.startsWith('default') || !route.includes('dev wan0'))
  return { gateway: { ...gateway, routes }, said: 'with its default route on the second uplink' }
}

const cableOut: Change = (gateway) =>
  gateway.uplinks.length < 2
    ? undefined
    : { gateway: { ...gateway, downLink: 'wan0' }, said: 'with the cable of its first uplink out' }

/** What tunnels are about, and what lies beside. */
function interestingOf({ connections }: GatewayState): Prefix[] {
  const named = connections.flatMap(({ children }) => children.flatMap(({ local, remote }) => [...local, ...remote]))
  const narrow = named.filter(({ length }) => length > 8)
  return [...narrow, ...elsewhere.map((first) => Prefix.parse(`${first}/24`)), Prefix.parse('10.0.0.0/8')]
}

/** Ways that a route may have: outside, and to a host inside that hands nothing on. */
function waysOf({ site, uplinks, inside, addresses }: GatewayState): string[] {
  const own = addresses.some((line) => line.includes(`${uplinkOf(site, 0).address}/`))
  return [
    ...(own ? [`via ${uplinkOf(site, 0).gateway} dev wan0`] : []),
    ...(uplinks.length > 1 ? [`via ${uplinkOf(site, 1).gateway} dev wan1`] : []),
    ...inside.map((device) => `dev ${device}`),
  ]
}

const mutations: readonly Change[] = [
  ...mutateNat,
  narrowSelector,
  narrowSelector,
  otherSelector,
  moreSelectors,
  dropChild,
  otherStart,
  stopped,
  otherInstallRoutes,
  unguarded,
  unguarded,
  otherGuard,
  blackhole,
  specificRoute,
  specificRoute,
  dropRoute,
  policyRoute,
  failedOver,
  failedOver,
  cableOut,
]

/** A network with one to three changes at its gateways. */
export function mutated(network: Network, random: Random): Network {
  let left = 1 + Math.floor(random() * 3)
  let gateways = network.gateways
  const said: string[] = []
  while (left > 0) {
    const at = Math.floor(random() * gateways.length)
    const gateway = gateways[at]
    const change = gateway && pick(random, mutations)(gateway, random)
    if (!change) continue
    gateways = gateways.map((one, index) => (index === at ? change.gateway : one))
    said.push(`${gateway.site} ${change.said}`)
    left -= 1
  }
  return { ...network, gateways, changes: said.join('; ') }
}
