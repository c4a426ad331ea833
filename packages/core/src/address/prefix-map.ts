import type { Prefix } from './prefix.ts'

/** Values by prefix, for many of them: no text is made of a prefix to find it. */
export class PrefixMap<T> {
  /** By length, and by address in the 32 bits that V8 keeps without an object. */
  readonly #ipv4: Map<number, T>[] = []
  readonly #ipv6 = new Map<string, T>()

  get(prefix: Prefix): T | undefined {
    const { bits, length } = prefix
    return typeof bits === 'number' ? this.#ipv4[length]?.get(bits | 0) : this.#ipv6.get(prefix.toString())
  }

  set(prefix: Prefix, value: T): void {
    const { bits, length } = prefix
    if (typeof bits === 'number') {
      this.#ipv4[length] ??= new Map()
      this.#ipv4[length].set(bits | 0, value)
    } else {
      this.#ipv6.set(prefix.toString(), value)
    }
  }
}
