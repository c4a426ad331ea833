import { vyattaModule } from '../../vyatta/module.ts'
import { capabilities } from '../vyos-1.4/capabilities.ts'
import { templates } from '../vyos-1.4/templates.generated.ts'
import { dialect } from './view.ts'

export const vyos15 = vyattaModule({ dialect, templates, capabilities, scriptForm: 'session' })
