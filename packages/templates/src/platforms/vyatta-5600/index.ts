import { vyattaModule } from '../../vyatta/module.ts'
import { capabilities } from './capabilities.ts'
import { templates } from './templates.generated.ts'
import { dialect } from './view.ts'

export const vyatta5600 = vyattaModule({ dialect, templates, capabilities, scriptForm: 'vcli' })
