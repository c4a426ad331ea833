import { Address, type ProxyArpEntry } from '@natplan/core'
import type { Numbered } from '../numbered.ts'

/** Addresses that the gateway answers ARP for, as `ip neighbour show proxy` prints and `ip neighbour add proxy` sets them. */
export class Proxies {
  readonly entries: ProxyArpEntry[] = []

  /** `10.0.1.250 dev eth1 proxy proto 117`; false for any other line. */
  take({ text, line }: Numbered): boolean {
    const [, address, name] = /^\s*(\S{1,45}) dev (\S{1,15}) +proxy(?:\s|$)/.exec(text) ?? []
    return this.#push(address, name, line)
  }

  /** `proxy 10.0.1.250 dev eth1`, in any order; other neighbours say nothing of how packets go. */
  add(words: readonly string[], line: number): void {
    const after = (word: string) => (words.includes(word) ? words[words.indexOf(word) + 1] : undefined)
    this.#push(after('proxy'), after('dev'), line)
  }

  #push(text: string | undefined, name: string | undefined, line: number): boolean {
    const address = Address.tryParse(text ?? '')
    if (!address || name === undefined) return false
    this.entries.push({ address, interface: name, line })
    return true
  }
}
