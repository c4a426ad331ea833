import type { PlatformModule } from '../../platform.ts'
import { vyattaModule } from '../../vyatta/module.ts'
import { capabilities } from '../vyos-1.4/capabilities.ts'
import { templates } from '../vyos-1.4/templates.generated.ts'
import { dialect } from './view.ts'

const made = vyattaModule({ dialect, templates, capabilities, scriptForm: 'session' })

/** VyOS 1.5. */
export function vyos15(): PlatformModule {
  return made
}
