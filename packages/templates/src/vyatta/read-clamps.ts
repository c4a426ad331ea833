import type { PlacedClamp } from '@natplan/core'
import type { ConfigNode } from './config-tree.ts'
import type { DeviceReading } from './device-reading.ts'

/** The segment sizes that a device sets by number, in all forms of the family; by interface. */
export function readClamps({ root, nodes }: Pick<DeviceReading, 'root' | 'nodes'>): PlacedClamp[] {
  const ofInterfaces = nodes.flatMap(({ name, node }) => [
    ...clampAt(node.at('ip'), ['adjust-mss'], name),
    ...clampAt(node.at('ip'), ['tcp-mss', 'limit'], name),
  ])
  const ofFirewall = root
    .children('firewall', 'options', 'interface')
    .flatMap(([name, node]) => clampAt(node, ['adjust-mss'], name))
  const ofAll = clampAt(root.at('firewall', 'options', 'mss-clamp'), ['mss'], undefined)
  return [...ofInterfaces, ...ofFirewall, ...ofAll].sort((a, b) => compareText(a.interface ?? '', b.interface ?? ''))
}

function clampAt(node: ConfigNode | undefined, path: readonly string[], name: string | undefined): PlacedClamp[] {
  const text = node?.peek(...path) ?? ''
  return /^\d{1,5}$/.test(text) ? [{ interface: name, mss: Number(text), line: node?.line }] : []
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
