import type { Device, Finding } from '@natplan/core'
import type { Secret } from './secret.ts'

/** A gateway as its configuration shows it. */
export interface ReadDevice {
  /** Its file is not known here. */
  readonly device: Device
  /** The pre-shared keys that the text shows, by tunnel; one that is masked or in another encoding is left out. */
  readonly keys: ReadonlyMap<string, Secret>
  readonly findings: readonly Finding[]
}
