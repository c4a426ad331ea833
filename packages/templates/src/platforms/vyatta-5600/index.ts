import type { PlatformModule } from '../../platform.ts'
import { vyattaModule } from '../../vyatta/module.ts'
import { capabilities } from './capabilities.ts'
import { templates } from './templates.generated.ts'
import { dialect } from './view.ts'

const made = vyattaModule({ dialect, templates, capabilities, scriptForm: 'vcli' })

/** Vyatta 5600. */
export function vyatta5600(): PlatformModule {
  return made
}
