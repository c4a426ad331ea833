import { keyFindings } from '../../keys.ts'
import type { PlatformModule } from '../../platform.ts'
import { capabilities } from './capabilities.ts'
import { render } from './render.ts'
import { templates } from './templates.generated.ts'

const made: PlatformModule = {
  platform: 'generic',
  capabilities,
  templates,
  render,
  script: () => undefined,
  running: undefined,
  readDevice: undefined,
  acceptLines: undefined,
  plannedAccepts: () => [],
  compare: undefined,
  checkKey: (key, place) => keyFindings(key, { ...capabilities.keys, platform: 'generic' }, place),
}

/** Any product that natplan does not write: a sheet with everything that its administrator must enter. */
export function generic(): PlatformModule {
  return made
}
