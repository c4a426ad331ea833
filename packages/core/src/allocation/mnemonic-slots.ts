import { ipv4Size } from '../address/bits.ts'
import type { FreeSpace } from './free-space.ts'

/** The steps of the search keep the last octet of an address. */
const octetBlock = 256

/**
 * The places in a pool that keep the trailing digits of a real prefix: one block size apart for lengths up to /24, 256 addresses
 * apart for longer ones. Space is only ever taken, so a place found taken is skipped for good (union-find with path
 * halving): any number of searches costs little more than looking at each place once.
 */
export class MnemonicSlots {
  readonly #pool: { readonly first: number; readonly length: number }
  readonly #length: number
  readonly #offset: number
  readonly #step: number
  readonly #count: number
  readonly #skip = new Map<number, number>()
  #isFull = false

  constructor(
    pool: { readonly first: number; readonly length: number },
    real: { readonly first: number; readonly length: number },
  ) {
    this.#pool = pool
    this.#length = real.length
    this.#step = stepOf(pool, real)
    this.#offset = real.first % this.#step
    this.#count = ipv4Size(pool.length) / this.#step
  }

  /** A number that tells which searches in a pool share their places: those of one length with the same digits to keep. */
  static keyOf(pool: { readonly length: number }, real: { readonly first: number; readonly length: number }): number {
    return (real.first % stepOf(pool, real)) * 64 + real.length
  }

  /** The first free place from the one with the real prefix's own low bits upwards, wrapping round once. */
  find(realFirst: number, space: FreeSpace): number | undefined {
    if (this.#isFull) return undefined
    const start = Math.floor((realFirst % ipv4Size(this.#pool.length)) / this.#step)
    const above = this.#next(start, space)
    if (above < this.#count) return this.#addressOf(above)
    const below = this.#next(0, space)
    if (below < start) return this.#addressOf(below)
    this.#isFull = true
    return undefined
  }

  #addressOf(place: number): number {
    return this.#pool.first + place * this.#step + this.#offset
  }

  #next(start: number, space: FreeSpace): number {
    let place = this.#follow(start)
    while (place < this.#count && !space.isFree(this.#addressOf(place), this.#length)) {
      this.#skip.set(place, place + 1)
      place = this.#follow(place + 1)
    }
    return place
  }

  #follow(from: number): number {
    let place = from
    for (let next = this.#skip.get(place); next !== undefined; next = this.#skip.get(place)) {
      const beyond = this.#skip.get(next)
      if (beyond !== undefined) this.#skip.set(place, beyond)
      place = next
    }
    return place
  }
}

/** From one place to the next; a pool smaller than the step has one place. */
function stepOf(pool: { readonly length: number }, real: { readonly length: number }): number {
  return Math.min(ipv4Size(pool.length), Math.max(octetBlock, ipv4Size(real.length)))
}
