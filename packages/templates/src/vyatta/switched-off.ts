import { type Device, type DeviceInterface, hostsBehind, Prefix } from '@natplan/core'
import type { NotUnderstood } from '../platform.ts'
import type { ConfigNode } from './config-tree.ts'
import { interfacesOf, interfacesOff } from './read-interfaces.ts'

/** The interfaces that are switched off although the tunnels of the device need them, each by the line that does it. */
export function missedInterfaces(root: ConfigNode, device: Device): NotUnderstood[] {
  const off = interfacesOff(root)
  if (off.length === 0) return []
  const made = interfacesOf(root, off)
  const isMissed = missedBy(device)
  return off.flatMap(({ name, off: { line } }, index) => {
    const one = made[index]
    return one && line !== undefined && isMissed(one) ? [{ line, text: `${name} is switched off` }] : []
  })
}

/** Without its address, its network or its name something of the tunnels is missing that no interface in use has. */
function missedBy(device: Device): (one: DeviceInterface) => boolean {
  const names = namesNeeded(device)
  const prefixes = prefixesNeeded(device)
  const there = networksOf(device.interfaces)
  const needsUplink = lacksUplink(device)
  return (one) => {
    if (names.has(one.name)) return true
    if (needsUplink && one.addresses.some(({ kind }) => kind === 'dynamic')) return true
    const lost = networksOf([one]).filter((network) => !there.some((other) => other.contains(network)))
    return lost.some((network) => prefixes.some((prefix) => prefix.overlaps(network)))
  }
}

function networksOf(interfaces: readonly DeviceInterface[]): Prefix[] {
  return interfaces.flatMap(({ addresses }) => addresses.flatMap((one) => (one.kind === 'known' ? [one.network] : [])))
}

function namesNeeded({ tunnels }: Device): ReadonlySet<string | undefined> {
  return new Set(
    tunnels.flatMap(({ local: { address }, children }) => [
      ...(address.kind === 'dynamic' ? [address.interface] : []),
      ...children.map(({ through }) => through?.interface),
    ]),
  )
}

/** The ends of tunnels, the networks behind them, and next hops. */
function prefixesNeeded(device: Device): Prefix[] {
  const hops = device.routes.map(({ to }) => (to.kind === 'via' ? to.address : undefined))
  const ends = device.tunnels.map(({ local: { address } }) => (address.kind === 'known' ? address.address : undefined))
  return [...[...ends, ...hops].flatMap((address) => (address ? [Prefix.of(address)] : [])), ...hostsBehind(device)]
}

/** Tunnels that start from whatever address the device gets, and no way out that it shows. */
function lacksUplink({ tunnels, routes, interfaces }: Device): boolean {
  const isOpen = tunnels.some(({ local: { address } }) => address.kind !== 'known')
  const hasDefault = routes.some(({ prefix }) => prefix.length === 0)
  const hasDynamic = interfaces.some(({ addresses }) => addresses.some(({ kind }) => kind === 'dynamic'))
  return isOpen && !hasDefault && !hasDynamic
}
