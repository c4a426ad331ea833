import type { DeviceEnd } from '@natplan/core'
import type { Secret } from '../../../secret.ts'
import { type ListedKey, shownKey } from '../../../shown-key.ts'
import type { Numbered } from '../numbered.ts'
import type { Section } from './settings-tree.ts'

/** The pre-shared keys of a `secrets` section. */
export function keysOfSection({ sections }: Section): ListedKey[] {
  return [...sections.values()].flatMap(({ name, settings }) => {
    const key = name.startsWith('ike') ? shownKey(settings.get('secret')?.value) : undefined
    const identities = [...settings].flatMap(([one, { value }]) => (one.startsWith('id') ? [value] : []))
    return key ? [{ identities, key }] : []
  })
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
    const value = found ? text.slice(found.index + found[0].length).trim() : ''
    const key = found?.[1] === 'PSK' ? shownKey(value.replace(/^"(.*)"$/, '$1')) : undefined
    const identities = text
      .slice(0, found?.index)
      .split(/\s+/)
      .filter((name) => name !== '')
    return key ? [{ identities, key }] : []
  })
}

/**
 * The key that strongSwan takes for a tunnel out of a list: the one that names the other end, then the own one; a key without
 * identities is for everybody. The first of several that are equally good.
 */
export function keyFor(
  ends: { readonly local: DeviceEnd; readonly remote: DeviceEnd },
  listed: readonly ListedKey[],
): Secret | undefined {
  const ranked = listed
    .map(({ identities, key }) => ({ key, rank: 3 * fit(ends.remote, identities) + fit(ends.local, identities) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank)
  return ranked[0]?.key
}

/** An end that says nothing about its identity has its address for one. */
function fit({ identity, address }: DeviceEnd, identities: readonly string[]): 0 | 1 | 2 {
  const own = address.kind === 'known' ? address.address.toString() : undefined
  const name = identity === undefined || identity === '%any' ? own : identity
  if (name !== undefined && identities.includes(name)) return 2
  return identities.length === 0 || identities.includes('%any') ? 1 : 0
}
