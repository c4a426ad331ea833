import type { VyattaDialect } from '../../vyatta/dialect.ts'
import { dialect as vyos14 } from '../vyos-1.4/view.ts'

/**
 * The words of VyOS 1.5 as of December 2025: as 1.4, but the trap has its own name. Until then it was called `respond` there
 * too (VyOS task T7594); for older rolling releases write `platform: vyos-1.4`.
 */
export const dialect: VyattaDialect = {
  ...vyos14,
  platform: 'vyos-1.5',
  starts: { trap: 'trap', initiate: 'initiate', respond: 'none' },
}
