import type { Code } from './codes.ts'
import { limits } from './limits.ts'
import { cut } from './quoted.ts'

/**
 * Thrown where natplan cannot go on because of what it was given; never for a broken invariant (that is a plain `Error`).
 * Branch on `code`, which is one of the codes in `codes.ts`; `message` and `hint` are for people and may change.
 */
export class NatplanError extends Error {
  readonly code: Code
  readonly hint: string | undefined

  constructor(code: Code, message: string, options: { readonly hint?: string; readonly cause?: unknown } = {}) {
    super(cut(message, limits.messageLetters.most), options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'NatplanError'
    this.code = code
    this.hint = options.hint === undefined ? undefined : cut(options.hint, limits.messageLetters.most)
  }
}
