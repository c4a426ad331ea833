import type { Prefix } from '@natplan/core'
import type { Numbered } from '../numbered.ts'
import { prefixOf } from '../words.ts'

/** A policy that `ip xfrm policy` shows. */
export interface ShownPolicy {
  readonly source: Prefix
  readonly destination: Prefix
  readonly line: number
  readonly text: string
}

/** What `ip xfrm policy` and `ip xfrm state` print. */
export class PolicyDump {
  /** Those of direction `out`. */
  readonly outgoing: ShownPolicy[] = []
  #current: ShownPolicy | 'other' | undefined

  /** Takes a line of the two; false for any other. */
  take({ line, text }: Numbered): boolean {
    const [, source, destination] = /^src (\S+) dst (\S+)(?:\s|$)/.exec(text) ?? []
    if (source !== undefined) {
      const [from, to] = [prefixOf(source), prefixOf(destination ?? '')]
      this.#current = from && to ? { source: from, destination: to, line, text: text.trim() } : 'other'
      return true
    }
    if (this.#current === undefined || !/^\s/.test(text)) return false
    if (/^\s+dir out\b/.test(text) && this.#current !== 'other') this.outgoing.push(this.#current)
    return true
  }

  leave(): void {
    this.#current = undefined
  }
}
