/** Random numbers that a seed decides (mulberry32), and choices made with them. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** From 0 to below a number. */
  below(most: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * most)
  }

  one<T>(things: readonly T[]): T {
    return things[this.below(things.length)] as T
  }

  chance(percent: number): boolean {
    return this.below(100) < percent
  }
}
