import type { CodeEntry } from './codes/code-entry.ts'
import { gatewayCodes } from './codes/gateways.ts'
import { inputCodes } from './codes/input.ts'
import { operationCodes } from './codes/operation.ts'
import { planCodes } from './codes/plan.ts'
import { verificationCodes } from './codes/verification.ts'

export type { CodeEntry } from './codes/code-entry.ts'

/** Every problem that natplan reports. Codes are stable: scripts may branch on them. */
export const codes = {
  ...inputCodes,
  ...planCodes,
  ...gatewayCodes,
  ...verificationCodes,
  ...operationCodes,
} as const satisfies Record<string, CodeEntry>

export type Code = keyof typeof codes
