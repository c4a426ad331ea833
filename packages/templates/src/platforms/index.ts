import type { Platform } from '@natplan/core'
import type { PlatformModule } from '../platform.ts'

/** Every platform that natplan writes, in the order of the plan file's reference. */
export const platformModules: readonly PlatformModule[] = []

const byName = new Map(platformModules.map((module) => [module.platform, module]))

/** The module of a platform; `undefined` for one that this build does not have. */
export function platformModule(platform: Platform): PlatformModule | undefined {
  return byName.get(platform)
}
