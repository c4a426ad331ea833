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

type Ends = { readonly local: DeviceEnd; readonly remote: DeviceEnd }

/** Keys by the identities that they are for, so that each tunnel finds its own among many. */
export class KeyRing {
  readonly #named = new Map<string, ListedKey[]>()
  /** Keys for everybody. */
  readonly #open: ListedKey[] = []

  constructor(listed: readonly ListedKey[]) {
    for (const key of listed) {
      if (key.identities.length === 0 || key.identities.includes('%any')) this.#open.push(key)
      for (const identity of key.identities) {
        const others = this.#named.get(identity) ?? []
        if (others.length === 0) this.#named.set(identity, others)
        others.push(key)
      }
    }
  }

  /** The key that strongSwan takes for a tunnel: one that names the other end, then the own one; the first of several that are equally good. */
  keyFor({ local, remote }: Ends): Secret | undefined {
    const forRemote = this.#for(remote)
    const forEverybody = forRemote.length > 0 ? forRemote : this.#open
    const best = bestFor(local, forEverybody) ?? this.#for(local)[0]
    return best?.key
  }

  #for(end: DeviceEnd): readonly ListedKey[] {
    return this.#named.get(nameOf(end) ?? '') ?? []
  }
}

/** An end that says nothing about its identity has its address for one. */
function nameOf({ identity, address }: DeviceEnd): string | undefined {
  const own = address.kind === 'known' ? address.address.toString() : undefined
  return identity === undefined || identity === '%any' ? own : identity
}

function bestFor(local: DeviceEnd, keys: readonly ListedKey[]): ListedKey | undefined {
  const name = nameOf(local)
  const isOpen = ({ identities }: ListedKey) => identities.length === 0 || identities.includes('%any')
  return keys.find(({ identities }) => name !== undefined && identities.includes(name)) ?? keys.find(isOpen) ?? keys[0]
}
