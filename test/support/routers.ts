import { type PlatformModule, platformModules } from '@natplan/templates'

/** The platforms whose configuration is lines of `set` and `delete`: all but the one of files and the sheet for people. */
export const routers: readonly PlatformModule[] = platformModules.filter(
  ({ platform }) => platform !== 'linux' && platform !== 'generic',
)
