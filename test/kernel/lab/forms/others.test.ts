import { suiteOfForms } from './suite-of-forms.ts'

await suiteOfForms('others')
