import type { DeviceTunnel, RuleList } from '@natplan/core'
import type { DeviceReading } from '../device-reading.ts'
import { UnreadLines } from '../unread-lines.ts'
import { automaticRules } from './automatic-rules.ts'
import { baseLists } from './base-chains.ts'
import { bridgeLines } from './bridge-lines.ts'
import { canDrop } from './can-drop.ts'
import { dataplaneLists } from './dataplane/lists.ts'
import { interfaceLists } from './interface-chains.ts'
import { kernelSettings, reversePathLines } from './kernel-checks.ts'
import { NamedSets } from './named-sets.ts'
import { steeringLists } from './steering-lists.ts'
import { zoneLists } from './zone-lists.ts'

/**
 * The filters that could drop a packet, as the lists that the device asks. What of them is in force and not followed is told line by line:
 * those for frames of bridges, and checks of the kernel. Sets that are bound nowhere, and those for IPv6 where no tunnel carries it, touch
 * nothing.
 */
export function readFilters(reading: DeviceReading, tunnels: readonly DeviceTunnel[]): RuleList[] {
  const { root, unread, dialect } = reading
  const isDataplane = dialect.platform === 'vyatta-5600'
  const lines = [...(isDataplane ? [] : bridgeLines(root)), ...reversePathLines(root)]
  unread.add(lines, { touches: 'filters', isPlaced: false })
  for (const { node, touches } of kernelSettings(root)) unread.add(node.lines(), { touches, isPlaced: false })
  if (!isDataplane) return dropping(reading, (one) => listsOf(one, tunnels).filter(canDrop))
  return dropping(reading, (one) => {
    const lists = dataplaneLists(one)
    return lists.some(canDrop) ? lists : []
  })
}

/** Where nothing is dropped, it does not matter which packets a rule takes. */
function dropping(reading: DeviceReading, read: (reading: DeviceReading) => RuleList[]): RuleList[] {
  const unread = new UnreadLines()
  const lists = read({ ...reading, unread })
  for (const one of unread.all) if (lists.length > 0 || !one.isPlaced) reading.unread.add([one], one)
  return lists
}

function listsOf(reading: DeviceReading, tunnels: readonly DeviceTunnel[]): RuleList[] {
  const families = reading.carriesIpv6 ? ([4, 6] as const) : ([4] as const)
  const automatic = automaticRules(reading, tunnels)
  const lists = families.flatMap((family) => {
    const sets = new NamedSets(reading, family)
    return [
      ...baseLists(sets),
      ...interfaceLists(sets, family === 4 ? automatic : { forward: [], input: [] }),
      ...zoneLists(sets),
    ]
  })
  return [...steeringLists(reading), ...lists]
}
