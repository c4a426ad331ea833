import type { Device, DeviceRoute, DeviceRule, RuleList } from '../device/device.ts'
import { deviceOfPolicy } from '../device/device-of-policy.ts'
import { hooks } from '../device/stages.ts'
import { prefixOf } from '../match/prefix-of.ts'
import { abilities } from './abilities.ts'
import type { GatewayPolicy } from './gateway-policy.ts'
import { isOwn } from './own.ts'

/** What a gateway shows in two: natplan's own, and what others made. */
export interface DeviceShares {
  readonly own: Device
  readonly others: Device
}

/**
 * What a gateway does once it has natplan's lines: what others made there (its device without natplan's own) and the policy, in the order in
 * which the device asks.
 */
export function mergedDevice(others: Device, policy: GatewayPolicy): Device {
  const own = deviceOfPolicy(policy)
  const planned = new Set(policy.interfaces.map(({ name }) => name))
  const clamped = new Set(own.clamps.map((clamp) => clamp.interface))
  const there = new Set(others.interfaces.map(({ name }) => name))
  return {
    ...others,
    interfaces: [
      ...others.interfaces,
      ...own.interfaces
        .filter(({ name }) => !there.has(name))
        .map((one) => (planned.has(one.name) ? { ...one, addresses: addressesOf(policy, one.name) } : one)),
    ],
    routes: [...others.routes, ...own.routes],
    lists: mergedLists(
      others.lists,
      own.lists.map((list) => asWritten(list, policy)),
    ),
    tunnels: [...others.tunnels, ...own.tunnels].sort((a, b) => compareText(a.name, b.name)),
    ...proxyArpOf(others, own),
    clamps: [...others.clamps.filter((clamp) => !clamped.has(clamp.interface)), ...own.clamps],
    usedNumbers: [...others.usedNumbers, ...own.usedNumbers],
  }
}

/** Where natplan's list is asked before those of others, an exemption maps addresses onto themselves, which ends them all. */
function asWritten(list: RuleList, { platform }: GatewayPolicy): RuleList {
  if (list.kind === 'filter' || abilities[platform].natAhead === 0) return list
  return { ...list, rules: list.rules.map((rule) => ontoItself(rule, list.kind)) }
}

function ontoItself(rule: DeviceRule, kind: RuleList['kind']): DeviceRule {
  const set = kind === 'source-nat' ? rule.match.source : rule.match.destination
  const to = rule.action.kind === 'exempt' ? prefixOf(set) : undefined
  return to ? { ...rule, action: { kind: 'map', to } } : rule
}

function proxyArpOf(others: Device, own: Device): Pick<Device, 'proxyArp'> {
  if (!others.proxyArp || !own.proxyArp) return own.proxyArp ? { proxyArp: own.proxyArp } : {}
  const { entries, isWhole } = others.proxyArp
  return { proxyArp: { entries: [...entries, ...own.proxyArp.entries], isWhole } }
}

function addressesOf({ interfaces }: GatewayPolicy, name: string): Device['interfaces'][number]['addresses'] {
  const address = interfaces.find((one) => one.name === name)?.address
  return address ? [{ kind: 'known', ...address, line: undefined }] : []
}

/** Rules join the list of their name by number; a list that is not there yet comes behind those of its hook and priority. */
function mergedLists(others: readonly RuleList[], own: readonly RuleList[]): RuleList[] {
  const isSame = (a: RuleList, b: RuleList) => a.kind === b.kind && a.name === b.name
  const joined = others.map((list) => {
    const added = own.find((one) => isSame(one, list))
    return added ? { ...list, rules: byNumber([...list.rules, ...added.rules]) } : list
  })
  const added = own.filter((list) => list.rules.length > 0 && !others.some((one) => isSame(one, list)))
  return [...joined, ...added].sort((a, b) => hooks.indexOf(a.hook) - hooks.indexOf(b.hook) || a.priority - b.priority)
}

function byNumber(rules: readonly DeviceRule[]): DeviceRule[] {
  return [...rules].sort((a, b) => (a.number ?? 0) - (b.number ?? 0))
}

/**
 * What stays beside the policy when its lines are only added: what others made, and of natplan's own what no new line replaces. Where
 * natplan's configuration is files, they are replaced as a whole.
 */
export function besidesAdded({ own, others }: DeviceShares, policy: GatewayPolicy): Device {
  if (abilities[policy.platform].filesReplacedWhole) return others
  const numbers = new Set(policy.nat.map(({ direction, number }) => `${direction}-nat ${number}`))
  const peers = new Set<string>(policy.tunnels.map(({ peer }) => peer))
  const names = new Set(policy.interfaces.map(({ name }) => name))
  const routes = new Set(deviceOfPolicy(policy).routes.map(routeKey))
  const lists = own.lists.map((list) => ({
    ...list,
    rules: list.rules.filter((rule) => isOwn(rule) && !numbers.has(`${list.kind} ${rule.number}`)),
  }))
  return {
    ...others,
    interfaces: [
      ...others.interfaces,
      ...own.interfaces.filter(
        ({ name }) => !names.has(name) && !others.interfaces.some((other) => other.name === name),
      ),
    ],
    routes: [...others.routes, ...own.routes.filter((route) => !routes.has(routeKey(route)))],
    lists: mergedLists(others.lists, lists),
    tunnels: [...others.tunnels, ...own.tunnels.filter(({ name }) => !peers.has(name))],
  }
}

function routeKey({ prefix, to, table }: Pick<DeviceRoute, 'prefix' | 'to' | 'table'>): string {
  const way = to.kind === 'interface' ? to.interface : to.kind === 'via' ? to.address : to.kind
  return `${table} ${prefix} ${way}`
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
