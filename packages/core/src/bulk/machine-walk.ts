import type { Assembly } from './assembly.ts'
import type { OverlapPair, PairVisitor, WalkedRow } from './overlap-pair.ts'
import type { PairChoice } from './sweep.ts'
import { writeIpv4Prefix } from './write-prefix.ts'

/** So many pairs at a time. */
const pairsAtOnce = 1024
/** Numbers of a pair: side, row, network and length of both ends, and the relation. */
const width = 9
/** Bytes that say where a walk is. */
const stateSize = 320

const relations = ['equal', 'contains', 'inside'] as const

class WalkedEnd implements WalkedRow {
  side = 0
  row = 0
  network = 0
  length = 0

  writeText(bytes: Uint8Array, at: number): number {
    return writeIpv4Prefix(bytes, at, this)
  }
}

/** The pairs of IPv4, found with WebAssembly many at a time. It can stop anywhere and go on later, beside other walks. */
export class MachineWalk {
  readonly #assembly: Assembly
  readonly #choice: PairChoice
  readonly #state = new Uint8Array(stateSize)
  readonly #numbers = new Int32Array(width * pairsAtOnce)
  readonly #left = new WalkedEnd()
  readonly #right = new WalkedEnd()
  #next = 0
  #end = 0
  #isDone = false

  constructor(assembly: Assembly, choice: PairChoice) {
    this.#assembly = assembly
    this.#choice = choice
  }

  /** Calls `visit` with every pair that was not visited yet, until it returns false. Reports whether none is left. */
  run(visit: PairVisitor): boolean {
    const [left, right, numbers] = [this.#left, this.#right, this.#numbers]
    const pair: { -readonly [Key in keyof OverlapPair<WalkedRow>]: OverlapPair<WalkedRow>[Key] } = {
      left,
      right,
      relation: 'equal',
    }
    do {
      while (this.#next < this.#end) {
        const at = this.#next
        this.#next = at + width
        left.side = numbers[at] as number
        left.row = numbers[at + 1] as number
        left.network = numbers[at + 2] as number
        left.length = numbers[at + 3] as number
        right.side = numbers[at + 4] as number
        right.row = numbers[at + 5] as number
        right.network = numbers[at + 6] as number
        right.length = numbers[at + 7] as number
        pair.relation = relations[numbers[at + 8] as number] as OverlapPair['relation']
        if (!visit(pair)) return false
      }
    } while (this.#findMore())
    return true
  }

  #findMore(): boolean {
    if (this.#isDone) return false
    const assembly = this.#assembly
    const { buffer } = assembly.memory
    const state = new Uint8Array(buffer, assembly.walkAt.value, stateSize)
    state.set(this.#state)
    const count = assembly.walk(pairsAtOnce, this.#choice.between, this.#choice.within)
    this.#state.set(state)
    this.#numbers.set(new Int32Array(buffer, assembly.pairsAt.value, width * count))
    this.#next = 0
    this.#end = width * count
    this.#isDone = count < pairsAtOnce
    return count > 0
  }
}
