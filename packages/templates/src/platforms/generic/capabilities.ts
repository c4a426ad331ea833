import { abilities } from '@natplan/core'
import type { Capabilities } from '../../platform.ts'

/** What any product can be expected to do. */
export const capabilities: Capabilities = {
  ...abilities.generic,
  keys: {
    // What every product that natplan knows takes, quoted or not.
    pattern: /^[A-Za-z0-9._+-]+$/,
    words: 'letters, digits and ._+-',
    maxLength: 64,
  },
  commitConfirm: undefined,
  firewallSees: {
    outgoing: 'real',
    incoming: 'real',
    where: 'on most products, which translate the source last and the destination first; the sheet shows both forms',
  },
}
