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

/** How each platform that natplan writes is had, in the order of the plan file's reference. */
const modules: ReadonlyMap<Platform, () => PlatformModule> = new Map([
  ['vyos-1.5', vyos15],
  ['vyos-1.4', vyos14],
  ['vyos-1.3', vyos13],
  ['vyatta-5600', vyatta5600],
  ['vyatta-5400', vyatta5400],
  ['edgeos', edgeos],
  ['linux', linux],
  ['azure', azure],
  ['aws', aws],
  ['gcp', gcp],
  ['generic', generic],
])

/** The platforms that natplan writes. */
export function platformNames(): readonly Platform[] {
  return [...modules.keys()]
}

/** The module of a platform; `undefined` for one that this build does not have. */
export function platformModule(platform: Platform): PlatformModule | undefined {
  return modules.get(platform)?.()
}
