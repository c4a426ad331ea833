import type { ChainRule } from './chain.ts'

/** Tables can hold sets of any size, and each rule that names one is read with all of it. */
export class Budget {
  #left: number

  constructor(most: number) {
    this.#left = most
  }

  /** Reports whether there is room for so much more. */
  spend(amount: number): boolean {
    this.#left -= amount
    return this.#left >= 0
  }
}

/** The ways through a rule; a rule for which there is no room any more could do anything. */
export function withinBudget(ways: readonly ChainRule[], budget: Budget): readonly ChainRule[] {
  const [first, ...more] = ways
  if (!first || more.length === 0 || budget.spend(ways.length)) return ways
  return [{ ...first, match: {}, verdict: { kind: 'unknown' } }]
}
