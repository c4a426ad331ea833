import { Address, type DeviceEnd, type DeviceTunnel, isSingleIdentity, plainIdentity } from '@natplan/core'
import type { Secret } from './secret.ts'
import type { ListedKey } from './shown-key.ts'

type Ends = Pick<DeviceTunnel, 'local' | 'remote' | 'versions'>

/** The key of a tunnel, and why there is none or which one it is not known. */
export interface FoundKey {
  readonly key?: Secret
  readonly lack?: NonNullable<DeviceTunnel['keyLack']>
}

/** A tunnel that knows what is wrong with its key, and the key; one whose ends have certificates takes none. */
export function withKey(
  tunnel: DeviceTunnel,
  found: FoundKey,
): { readonly tunnel: DeviceTunnel; readonly key: Secret | undefined } {
  const { key, lack } = takesKey(tunnel) ? found : {}
  return { tunnel: lack ? { ...tunnel, keyLack: lack } : tunnel, key }
}

function takesKey({ authentication, expects }: DeviceTunnel): boolean {
  return [authentication, expects ?? authentication].some((way) => way !== 'certificate' && way !== 'public-key')
}

/** Keys by the identities that they are for, as strongSwan lists them, so that each tunnel finds its own among many. */
export class KeyRing {
  readonly #named = new Map<string, ListedKey[]>()
  /** Keys for everybody. */
  readonly #open: ListedKey[] = []
  readonly #isPlain: boolean
  readonly #isWhole: boolean

  /** `isWhole`: the list has all keys of the gateway. */
  constructor(listed: readonly ListedKey[], { isWhole }: { readonly isWhole: boolean }) {
    this.#isWhole = isWhole
    this.#isPlain = listed.every(({ identities }) =>
      identities.every((name) => !isSingleIdentity(name) || isPlain(name)),
    )
    for (const one of listed) {
      if (isForAll(one)) this.#open.push(one)
      for (const name of new Set(one.identities.map(canonical))) {
        const others = this.#named.get(name)
        if (others) others.push(one)
        else this.#named.set(name, [one])
      }
    }
  }

  /**
   * The key that strongSwan takes: one that names the other end, then the own one; a key without identities is for everybody, and one
   * that names neither end for nobody (`shared_filter` in mem_cred.c).
   */
  keyFor(ends: Ends): FoundKey {
    const [near, far] = [namesOf(ends.local, ends), namesOf(ends.remote, ends)]
    const rank = (key: ListedKey) => 3 * fit(far, key) + fit(near, key)
    const fitting = this.#firstOf(far) ?? (this.#open.length > 0 ? this.#open : (this.#firstOf(near) ?? []))
    const best = Math.max(...fitting.map(rank))
    const [first, ...others] = fitting.filter((key) => rank(key) === best)
    if (!first) return this.#nobodys(near.length > 0 && far.length > 0 && [...near, ...far].every(isPlain))
    if (others.some(({ key }) => key?.reveal() !== first.key?.reveal())) {
      return { lack: { what: 'several pre-shared keys that differ are for the same two ends', isCertain: false } }
    }
    return first.key ? { key: first.key } : {}
  }

  #firstOf(names: readonly string[]): readonly ListedKey[] | undefined {
    return names.map((name) => this.#named.get(name)).find((keys) => keys !== undefined)
  }

  #nobodys(isNamed: boolean): FoundKey {
    if (this.#named.size === 0) return {}
    const what = 'no pre-shared key is for either of its two ends'
    return { lack: { what, isCertain: this.#isWhole && this.#isPlain && isNamed } }
  }
}

function isForAll({ identities }: ListedKey): boolean {
  return identities.length === 0 || identities.some((name) => !isSingleIdentity(name))
}

function fit(names: readonly string[], key: ListedKey): 0 | 1 | 2 {
  if (key.identities.some((name) => names.includes(canonical(name)))) return 2
  return isForAll(key) ? 1 : 0
}

/** An end that says nothing about its identity has its address for one, and IKEv1 looks for keys by both. */
function namesOf({ identity, address }: DeviceEnd, { versions }: Pick<Ends, 'versions'>): string[] {
  const own = address.kind === 'known' ? [address.address.toString()] : []
  if (identity === undefined || !isSingleIdentity(identity)) return own
  return [canonical(identity), ...(versions.includes(1) ? own : [])]
}

function canonical(identity: string): string {
  return Address.tryParse(identity)?.toString() ?? plainIdentity(identity)
}

/** Reports whether an identity names one end by its address or name: no pattern, encoding or subject of a certificate. */
function isPlain(identity: string): boolean {
  return Address.tryParse(identity) !== undefined || /^@?[a-z][\w.-]*$/i.test(identity)
}
