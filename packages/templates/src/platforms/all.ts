import type { PlatformModule } from '../platform.ts'
import { platformModule, platformNames } from './index.ts'

/** Every platform that natplan writes, in the order of the plan file's reference. */
export const platformModules: readonly PlatformModule[] = platformNames().flatMap((name) => platformModule(name) ?? [])
