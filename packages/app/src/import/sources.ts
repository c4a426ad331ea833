import { clouds } from './clouds/cloud-source.ts'
import { clusters } from './clusters/cluster-source.ts'
import { gateways } from './gateways/gateways.ts'
import type { Source } from './imported.ts'
import { addressManager } from './lists/address-manager.ts'
import { hostNames } from './lists/host-names.ts'
import { prefixList } from './lists/prefix-list.ts'
import { table } from './lists/table.ts'

/** In the order in which a text is held against them: the first one that recognises it reads it. */
export const sources: readonly Source[] = [gateways, clusters, clouds, hostNames, prefixList, addressManager, table]
