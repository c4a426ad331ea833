import { abilities, type Device, stagesOf, type TunnelChild } from '@natplan/core'
import type { ReadDevice } from '../read-device.ts'
import type { ConfigNode } from './config-tree.ts'
import type { DeviceReading } from './device-reading.ts'
import type { VyattaDialect } from './dialect.ts'
import { readFilters } from './filters/read-filters.ts'
import { addressesOfInterfaces } from './interface-addresses.ts'
import { otherTrees } from './packet-trees.ts'
import { readClaims } from './read-claims.ts'
import { readClamps } from './read-clamps.ts'
import { type ConfigText, readConfig } from './read-config.ts'
import { NamedGroups } from './read-groups.ts'
import { devicesInterfaces, interfaceNodes } from './read-interfaces.ts'
import { natNumbers, readNat } from './read-nat.ts'
import { poolsWithin } from './read-pools.ts'
import { readProxyArp } from './read-proxy-arp.ts'
import { readRoutes } from './read-routes.ts'
import { readSteering } from './read-steering.ts'
import { readTunnels } from './read-tunnels.ts'
import { missedInterfaces } from './switched-off.ts'
import { UnreadLines } from './unread-lines.ts'

/** Reads a configuration of the family as the device that it makes. */
export function readVyattaDevice(text: string, dialect: VyattaDialect): ReadDevice {
  return deviceOfTree(readConfig(text), dialect, { isWhole: true })
}

/**
 * The device of a tree, which may be a part of a configuration. Marks what it reads. Of a tree whose kind is known one line stands for all
 * in `unread`.
 */
export function deviceOfTree(
  { root, stray }: Pick<ConfigText, 'root' | 'stray'>,
  dialect: VyattaDialect,
  { isWhole = false, planned = [] }: { readonly isWhole?: boolean; readonly planned?: readonly string[] } = {},
): ReadDevice {
  const unread = new UnreadLines()
  unread.add(stray, { touches: 'anything', isPlaced: false })
  const { tunnels, keys, findings } = readTunnels(root, { dialect, unread, isWhole })
  const children = tunnels.flatMap((tunnel) => tunnel.children)
  unread.add(poolsWithin(root, children), { touches: 'tunnels', isPlaced: false })
  const nodes = interfaceNodes(root)
  const interfaces = devicesInterfaces(root, nodes)
  const reading: DeviceReading = {
    root,
    dialect,
    unread,
    interfaces,
    nodes,
    planned,
    groups: new NamedGroups(root, addressesOfInterfaces(interfaces, children)),
    carriesIpv6: carriesIpv6(root, children),
  }
  const filters = readFilters(reading, tunnels)
  const parts = {
    interfaces,
    routes: readRoutes(reading),
    steering: readSteering(reading),
    lists: [...readNat(reading, children), ...filters],
    tunnels,
    clamps: readClamps(reading),
    claims: readClaims(root, dialect),
    ...readProxyArp(reading, isWhole),
  }
  for (const { node, touches } of otherTrees(root, dialect.platform)) {
    const lines = node.lines()
    unread.add(touches === 'anything' ? lines : lines.slice(0, 1), { touches, isPlaced: false })
  }
  const device = { ...frameOf(root, dialect), ...parts, unread: unread.all }
  if (isWhole) unread.add(missedInterfaces(root, device), { touches: 'routes', isPlaced: false })
  return { device: { ...device, unread: unread.all }, keys, findings }
}

function frameOf(
  root: ConfigNode,
  { platform, vpnRoot }: VyattaDialect,
): Pick<Device, 'platform' | 'file' | 'order' | 'installsRoutes' | 'usedNumbers'> {
  const { virtualInterface } = abilities[platform]
  const isSwitchedOff = root.at(...vpnRoot, 'options', 'disable-route-autoinstall') !== undefined
  return {
    platform,
    file: undefined,
    order: stagesOf({ virtualInterface }),
    installsRoutes: virtualInterface ? 'always' : isSwitchedOff ? 'never' : 'own-address',
    usedNumbers: natNumbers(root),
  }
}

/** A virtual interface takes packets of both families; those of IPv6 come there by a route only. */
function carriesIpv6(root: ConfigNode, children: readonly TunnelChild[]): boolean {
  const ofIpv6 = children.filter(({ kind, local }) => kind === 'protect' && local.family === 6)
  const lists = ['route6', 'interface-route6'].map((list) => root.at('protocols', 'static', list))
  return ofIpv6.some(({ local }) => local.length > 0) || (ofIpv6.length > 0 && lists.some((list) => list !== undefined))
}
