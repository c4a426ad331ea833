import { vyattaModule } from '../../vyatta/module.ts'
import { capabilities } from './capabilities.ts'
import { templates } from './templates.generated.ts'
import { dialect } from './view.ts'

export const vyos13 = vyattaModule({ dialect, templates, capabilities, scriptForm: 'session' })
