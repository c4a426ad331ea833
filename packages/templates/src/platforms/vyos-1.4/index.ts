import type { PlatformModule } from '../../platform.ts'
import { vyattaModule } from '../../vyatta/module.ts'
import { capabilities } from './capabilities.ts'
import { templates } from './templates.generated.ts'
import { dialect } from './view.ts'

const made = vyattaModule({ dialect, templates, capabilities, scriptForm: 'session' })

/** VyOS 1.4. */
export function vyos14(): PlatformModule {
  return made
}
