import { type Form, formOf } from './form.ts'
import { lockSchema, networkSchema } from './schemas.ts'

// The build of the command puts the forms themselves here.

export const networkForm: Form = formOf(networkSchema())
export const lockForm: Form = formOf(lockSchema())
