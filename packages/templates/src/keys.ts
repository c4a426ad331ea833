import { type Finding, findingOf, type Place, type Platform } from '@natplan/core'
import type { KeyRule } from './platform.ts'
import type { Secret } from './secret.ts'

/** The characters of generated keys: every platform takes them, in any position, quoted or not. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** 32 of 62 characters hold 190 bits. */
const generatedLength = 32

/** How many random bytes `generateKey` wants: enough that throwing away the uneven ones leaves a key, in all but 1 of 10^12 cases. */
export const keyBytes = 64

/** Shorter keys can be guessed from a recorded IKEv1 or IKEv2 handshake. */
const minLength = 20

/**
 * Makes a key that every platform accepts out of random bytes, each character equally likely. It begins with a letter, so that nothing
 * reads it as a number, `0x` or `0s`. Too few bytes → RangeError.
 */
export function generateKey(bytes: Uint8Array): string {
  const limit = 256 - (256 % alphabet.length)
  const characters = [...bytes].filter((byte) => byte < limit).map((byte) => alphabet[byte % alphabet.length] ?? '')
  const start = characters.findIndex((character) => /[A-Za-z]/.test(character))
  const key = start < 0 ? [] : characters.slice(start, start + generatedLength)
  if (key.length < generatedLength) throw new RangeError(`a key needs more than ${bytes.length} random bytes`)
  return key.join('')
}

/** What is wrong with a key for a platform; no message shows anything of it. */
export function keyFindings(key: Secret, rule: KeyRule & { readonly platform: Platform }, place: Place): Finding[] {
  const text = key.reveal()
  const hint = '"natplan psk" makes a key that every platform accepts'
  const finding = (code: 'KEY_CHARACTERS' | 'KEY_PREFIX' | 'KEY_SHORT' | 'KEY_LONG', message: string) =>
    findingOf(code, place, { message, hint })
  const findings: Finding[] = []
  if (!rule.pattern.test(text)) {
    const message = `the key has characters that ${rule.platform} does not accept: it accepts ${rule.words}`
    findings.push(finding('KEY_CHARACTERS', message))
  }
  if (/^0[xs]/i.test(text)) {
    findings.push(finding('KEY_PREFIX', `the key begins like one that ${rule.platform} reads as hexadecimal or base64`))
  }
  if (text.length < minLength) {
    findings.push(finding('KEY_SHORT', `the key for ${rule.platform} has fewer than ${minLength} characters`))
  }
  if (text.length > rule.maxLength) {
    findings.push(finding('KEY_LONG', `the key has more than the ${rule.maxLength} characters of ${rule.platform}`))
  }
  return findings
}
