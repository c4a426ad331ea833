import { type ListedKey, shownKey } from '../../../shown-key.ts'
import type { Numbered } from '../numbered.ts'
import type { Section } from './settings-tree.ts'

/** The pre-shared keys of a `secrets` section. */
export function keysOfSection({ sections }: Section): ListedKey[] {
  return [...sections.values()]
    .filter(({ name }) => name.startsWith('ike'))
    .map(({ settings }) => ({
      identities: [...settings].flatMap(([one, { value }]) => (one.startsWith('id') ? [value] : [])),
      key: shownKey(settings.get('secret')?.value),
    }))
}

/** The kinds of secrets that ipsec.secrets(5) has. */
const kind = /(?:^|\s):\s*(PSK|RSA|ECDSA|P12|BLISS|PKCS8|EAP|NTLM|XAUTH|PIN)\s/

/** Reports whether a line is one of ipsec.secrets. */
export function isSecretLine(text: string): boolean {
  return kind.test(text)
}

/** `192.0.2.1 192.0.2.2 : PSK "…"` */
export function keysOfLines(lines: readonly Numbered[]): ListedKey[] {
  return lines.flatMap(({ text }) => {
    const found = kind.exec(text)
    if (found?.[1] !== 'PSK') return []
    const value = text.slice(found.index + found[0].length).trim()
    const identities = text
      .slice(0, found.index)
      .split(/\s+/)
      .filter((name) => name !== '')
    return [{ identities, key: shownKey(value.replace(/^"(.*)"$/, '$1')) }]
  })
}
