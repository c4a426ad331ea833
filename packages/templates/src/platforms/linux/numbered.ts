import type { Touch, Unread } from '@natplan/core'

/** A line of the text that is read. */
export interface Numbered {
  /** Counted from 1. */
  readonly line: number
  readonly text: string
}

/** A line that was not understood and that no rule, route or tunnel stands for. */
export function unread({ line, text }: Numbered, touches: Touch): Unread {
  return { line, text: withoutSecrets(text.trim()), touches, isPlaced: false }
}

const secret = /((?:secret|psk|passw|passphrase|pin|private|(?:auth|enc|aead|auth-trunc) \S+)\w*['"]?[\s:=]+).*$/i

/** A line as it may be shown: nothing of what stands behind a word for secrets, and no long number. */
export function withoutSecrets(text: string): string {
  return text
    .slice(0, longest)
    .replace(secret, '$1[hidden]')
    .replace(/0x\w{17,}/g, '[hidden]')
}

/** People are shown no more of a line. */
const longest = 1000
