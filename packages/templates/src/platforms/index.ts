import type { Platform } from '@natplan/core'
import type { PlatformModule } from '../platform.ts'
import { aws } from './aws/index.ts'
import { azure } from './azure/index.ts'
import { edgeos } from './edgeos/index.ts'
import { gcp } from './gcp/index.ts'
import { generic } from './generic/index.ts'
import { linux } from './linux/index.ts'
import { vyatta5400 } from './vyatta-5400/index.ts'
import { vyatta5600 } from './vyatta-5600/index.ts'
import { vyos13 } from './vyos-1.3/index.ts'
import { vyos14 } from './vyos-1.4/index.ts'
import { vyos15 } from './vyos-1.5/index.ts'

/** Every platform that natplan writes, in the order of the plan file's reference. */
export const platformModules: readonly PlatformModule[] = [
  vyos15,
  vyos14,
  vyos13,
  vyatta5600,
  vyatta5400,
  edgeos,
  linux,
  azure,
  aws,
  gcp,
  generic,
]

const byName = new Map(platformModules.map((module) => [module.platform, module]))

/** The module of a platform; `undefined` for one that this build does not have. */
export function platformModule(platform: Platform): PlatformModule | undefined {
  return byName.get(platform)
}
