import { Address, type Device, type ProxyArpEntry } from '@natplan/core'
import { proxyArpInterface } from '../proxy-setting.ts'
import type { ConfigNode } from './config-tree.ts'
import type { DeviceReading } from './device-reading.ts'

/** For whom the device answers ARP. `proxy-arp-pvlan` answers only where the way leads back by the same interface, so it is none of them. */
export function readProxyArp(
  { root, nodes }: Pick<DeviceReading, 'root' | 'nodes'>,
  isWhole: boolean,
): Pick<Device, 'proxyArp'> {
  const entries = [...ofInterfaces(nodes), ...ofAddresses(root), ...ofSettings(root)]
  return entries.length > 0 || isWhole ? { proxyArp: { entries, isWhole } } : {}
}

function ofInterfaces(nodes: DeviceReading['nodes']): ProxyArpEntry[] {
  return nodes.flatMap(({ name, node }) => {
    const leaf = node.at('ip', 'enable-proxy-arp')
    return leaf ? [{ interface: name, address: undefined, line: leaf.line }] : []
  })
}

/** VyOS 1.4 and later. */
function ofAddresses(root: ConfigNode): ProxyArpEntry[] {
  return root.children('protocols', 'static', 'neighbor-proxy', 'arp').flatMap(([text, node]) => {
    const address = Address.tryParse(text)
    return address
      ? node.children('interface').map(([name, { line }]): ProxyArpEntry => ({ interface: name, address, line }))
      : []
  })
}

/** Those of single interfaces are set again by the tree of interfaces. */
function ofSettings(root: ConfigNode): ProxyArpEntry[] {
  return ['parameter', 'custom'].flatMap((list) =>
    root
      .children('system', 'sysctl', list)
      .filter(([name, node]) => proxyArpInterface(name, node.peek('value')) === 'all')
      .map(([, { line }]): ProxyArpEntry => ({ interface: undefined, address: undefined, line })),
  )
}
