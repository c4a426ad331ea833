import { type PlatformModule, platformModules } from '@natplan/templates'

/** All but the gateways that clouds run: each can join any other in the default way. */
export const devices: readonly PlatformModule[] = platformModules.filter(
  ({ capabilities }) => capabilities.cloud === undefined,
)

export const clouds: readonly PlatformModule[] = platformModules.filter((module) => !devices.includes(module))

/** The platforms whose configuration is lines of `set` and `delete`: not the one of files, nor the sheet for people. */
export const routers: readonly PlatformModule[] = devices.filter(
  ({ platform }) => platform !== 'linux' && platform !== 'generic',
)
