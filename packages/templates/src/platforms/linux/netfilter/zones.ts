import type { DeviceInterface, Unread } from '@natplan/core'
import { unread } from '../numbered.ts'
import type { Zone } from './effects.ts'

/** Interfaces with the zones in which connections are tracked, and the lines that would keep answers from being known. */
export function withZones(
  interfaces: readonly DeviceInterface[],
  zones: readonly Zone[],
): { readonly interfaces: DeviceInterface[]; readonly unread: Unread[] } {
  const byName = new Map(zones.map((one) => [one.interface, one]))
  const zoned = interfaces.map((one): DeviceInterface => {
    const found = byName.get(one.name)
    return found ? { ...one, zone: found.zone } : one
  })
  const open = [...byName.values()].filter((zone) => zone.isForAnswers && !isOfOneTable(zone, zoned))
  return { interfaces: zoned, unread: open.map(({ rule }) => unread(rule, 'nat')) }
}

/** Packets and their answers pass interfaces of one table, a VRF's own device aside: all of these have the zone, and no other. */
function isOfOneTable({ interface: name, zone }: Zone, interfaces: readonly DeviceInterface[]): boolean {
  const masters = new Set(interfaces.flatMap(({ vrf }) => vrf ?? []))
  const ports = interfaces.filter((one) => !masters.has(one.name))
  const table = ports.find((one) => one.name === name)?.table
  return table !== undefined && ports.every((one) => (one.table === table) === (one.zone === zone))
}
