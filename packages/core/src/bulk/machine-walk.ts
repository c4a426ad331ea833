import type { Assembly } from './assembly.ts'
import type { OverlapPair, PairVisitor } from './overlap-pair.ts'
import type { PairChoice } from './sweep.ts'

/** Numbers of a pair: side and row of both ends, and the relation. */
const width = 5

const relations = ['equal', 'contains', 'inside'] as const

/** Where a walk is. That is in the machine only while the walk goes on, so there can be others. */
export class WalkState {
  readonly #assembly: Assembly
  readonly #bytes: Uint8Array

  constructor(assembly: Assembly) {
    this.#assembly = assembly
    this.#bytes = new Uint8Array(assembly.walkSize.value)
  }

  during<T>(goOn: () => T): T {
    const { memory, walkAt } = this.#assembly
    const inMachine = () => new Uint8Array(memory.buffer, walkAt.value, this.#bytes.length)
    inMachine().set(this.#bytes)
    const result = goOn()
    this.#bytes.set(inMachine())
    return result
  }
}

/** The pairs of IPv4, found with WebAssembly many at a time. It can stop anywhere and go on later. */
export class MachineWalk {
  readonly #assembly: Assembly
  readonly #choice: PairChoice
  readonly #state: WalkState
  readonly #numbers: Int32Array
  #next = 0
  #end = 0
  #isDone = false

  constructor(assembly: Assembly, choice: PairChoice) {
    this.#assembly = assembly
    this.#choice = choice
    this.#state = new WalkState(assembly)
    this.#numbers = new Int32Array(width * assembly.pairsAtOnce.value)
  }

  /** Calls `visit` with every pair that was not visited yet, until it returns false. Reports whether none is left. */
  run(visit: PairVisitor): boolean {
    const numbers = this.#numbers
    const left = { side: 0, row: 0 }
    const right = { side: 0, row: 0 }
    const pair: { -readonly [Key in keyof OverlapPair]: OverlapPair[Key] } = { left, right, relation: 'equal' }
    do {
      while (this.#next < this.#end) {
        const at = this.#next
        this.#next = at + width
        left.side = numbers[at] as number
        left.row = numbers[at + 1] as number
        right.side = numbers[at + 2] as number
        right.row = numbers[at + 3] as number
        pair.relation = relations[numbers[at + 4] as number] as OverlapPair['relation']
        if (!visit(pair)) return false
      }
    } while (this.#findMore())
    return true
  }

  #findMore(): boolean {
    if (this.#isDone) return false
    const assembly = this.#assembly
    const { between, within } = this.#choice
    const count = this.#state.during(() => assembly.walk(between, within))
    this.#numbers.set(new Int32Array(assembly.memory.buffer, assembly.pairsAt.value, width * count))
    this.#next = 0
    this.#end = width * count
    this.#isDone = count < assembly.pairsAtOnce.value
    return count > 0
  }
}
