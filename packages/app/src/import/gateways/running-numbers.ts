import {
  abilities,
  type Device,
  type DeviceRule,
  deviceOfPolicy,
  type GatewayPolicy,
  isSameMatch,
  type Lock,
  type LockedInterface,
  type LockedNumber,
  lockNumber,
  type TunnelPolicy,
} from '@natplan/core'

/** A policy beside the device that it was read from, whose tunnels have the names of the policy. */
export interface Running {
  readonly policy: GatewayPolicy
  readonly device: Device
}

/** The lock with the numbers that the virtual interfaces have on their gateways. */
export function withRunningInterfaces(lock: Lock, running: readonly Running[]): Lock {
  const interfaces = [...lock.interfaces].map(([key, one]) => [key, interfaceAsThere(one, running)] as const)
  return { ...lock, interfaces: new Map(interfaces) }
}

function interfaceAsThere(locked: LockedInterface, running: readonly Running[]): LockedInterface {
  const own = running.find(({ policy }) => policy.site === locked.site)
  const { prefix } = (own && abilities[own.policy.platform].routed) ?? {}
  if (!own || prefix === undefined) return locked
  const planned = own.policy.tunnels.find(({ through }) => through?.interface === `${prefix}${locked.number}`)
  const there = own.device.tunnels.find(({ name }) => name === planned?.peer)
  const name = there?.children.find(({ through }) => through?.kind === 'route')?.through?.interface ?? ''
  const number = name.startsWith(prefix) ? name.slice(prefix.length) : ''
  return /^(0|[1-9]\d{0,3})$/.test(number) ? { ...locked, number: Number(number) } : locked
}

/** The lock with the numbers that rules and selectors have on their gateways; pairs that have none there have none in it. */
export function withRunningNumbers(lock: Lock, running: readonly Running[]): Lock {
  const sites = new Map(running.map((one) => [one.policy.site, numbersThere(one)]))
  const numbers = new Map<string, LockedNumber>()
  const taken = new Set<string>()
  for (const [key, one] of lock.numbers) {
    const there = sites.get(one.site)
    const number = there ? there.get(one.number) : one.number
    if (number === undefined || taken.has(`${one.site} ${number}`)) continue
    taken.add(`${one.site} ${number}`)
    numbers.set(key, { ...one, number })
  }
  return { ...lock, numbers }
}

/** The number that something has on the device, by its number in the policy. Rules come before selectors: their order matters. */
function numbersThere({ policy, device }: Running): Map<number, number> {
  const { platform } = policy
  const { first, last } = abilities[platform].numbers
  const found = new Map<number, number>()
  const add = (planned: number, there: number | undefined) => {
    if (there !== undefined && there >= first && there <= last && !found.has(planned)) found.set(planned, there)
  }
  for (const { kind, rules } of deviceOfPolicy(policy).lists) {
    if (kind === 'filter') continue
    const direction = kind === 'source-nat' ? 'source' : 'destination'
    const lockedAs = (number: number | undefined) =>
      number === undefined ? undefined : lockNumber({ direction, number }, platform)
    const there = device.lists.filter((list) => list.kind === kind).flatMap((list) => list.rules)
    for (const rule of rules) {
      const planned = lockedAs(rule.number)
      if (planned !== undefined) add(planned, lockedAs(ruleLike(rule, there)?.number))
    }
  }
  for (const tunnel of policy.tunnels) addSelectors(tunnel, device, add)
  return found
}

/** Pairs that are alike on the wire share a selector, which has the number of the first. */
function addSelectors(
  { peer, selectors }: TunnelPolicy,
  { tunnels }: Device,
  add: (planned: number, there: number | undefined) => void,
): void {
  const children = tunnels.find(({ name }) => name === peer)?.children ?? []
  for (const { number, local, remote } of selectors) {
    add(number, children.find((one) => one.local.equals(local) && one.remote.equals(remote))?.number)
  }
}

/** The rule that does what another one does: on the same interfaces, or else on whatever others. */
export function ruleLike(rule: DeviceRule, all: readonly DeviceRule[]): DeviceRule | undefined {
  return all.find((one) => isSameRule(one, rule)) ?? all.find((one) => translatesSame(one, rule))
}

export function isSameRule(one: DeviceRule, other: DeviceRule): boolean {
  return isSameMatch(one.match, other.match) && JSON.stringify(one.action) === JSON.stringify(other.action)
}

function translatesSame(one: DeviceRule, other: DeviceRule): boolean {
  const { in: _, out: __, ...match } = one.match
  const { in: ___, out: ____, ...wanted } = other.match
  return isSameRule({ ...one, match }, { ...other, match: wanted })
}
