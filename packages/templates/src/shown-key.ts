import { Secret } from './secret.ts'

/**
 * The key that a configuration shows; `undefined` for one that is masked (`****`, `xxxx`), or in hexadecimal or base64, where the text
 * of two equal keys may differ.
 */
export function shownKey(text: string | undefined): Secret | undefined {
  return text === undefined || /^(\**|x+|0[xs].*)$/i.test(text) ? undefined : new Secret(text)
}

/** A key that a list holds, with the identities that it is for. */
export interface ListedKey {
  readonly identities: readonly string[]
  readonly key: Secret | undefined
}
