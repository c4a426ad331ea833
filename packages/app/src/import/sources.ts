import { gateways } from './gateways/gateways.ts'
import type { Source } from './imported.ts'
import { prefixList } from './lists/prefix-list.ts'

/** In the order in which a text is held against them: the first one that recognises it reads it. */
export const sources: readonly Source[] = [gateways, prefixList]
