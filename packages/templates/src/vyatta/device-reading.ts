import type { DeviceInterface } from '@natplan/core'
import type { ConfigNode } from './config-tree.ts'
import type { VyattaDialect } from './dialect.ts'
import type { NamedGroups } from './read-groups.ts'
import type { InterfaceNode } from './read-interfaces.ts'
import type { UnreadLines } from './unread-lines.ts'

/** What every reader of a part of a device needs. */
export interface DeviceReading {
  readonly root: ConfigNode
  readonly dialect: VyattaDialect
  readonly groups: NamedGroups
  readonly unread: UnreadLines
  readonly interfaces: readonly DeviceInterface[]
  /** Where they stand in the tree. */
  readonly nodes: readonly InterfaceNode[]
  /** The virtual interfaces of natplan's own that are there as well, where the tree is that of others. */
  readonly planned: readonly string[]
  /** The device has tunnels for IPv6 packets, so that what is for these only counts. */
  readonly carriesIpv6: boolean
}
