import { clouds } from './clouds/cloud-source.ts'
import { clusters } from './clusters/cluster-source.ts'
import type { Source } from './imported.ts'
import { prefixList } from './lists/prefix-list.ts'

/** In the order in which a text is held against them: the first one that recognises it reads it. */
export const sources: readonly Source[] = [clusters, clouds, prefixList]
