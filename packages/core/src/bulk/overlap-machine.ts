import { type Assembly, newAssembly } from './assembly.ts'
import type { PairCounts } from './count-pairs.ts'
import { type MachineTexts, machineTexts, type WrittenPairs } from './machine-texts.ts'
import { MachineWalk } from './machine-walk.ts'
import { type Chunk, chunkSize, type PrefixTable } from './prefix-table.ts'
import type { SortedPrefixes } from './sorted-prefixes.ts'
import type { PairChoice, SweepScope } from './sweep.ts'

/** Fewer prefixes are sorted and compared before the machine is made. */
const fewest = 4096
/** So many prefixes at a time: what goes through them is compiled for speed after the first ones. */
const stretch = 16_384

/** Sorts and compares the IPv4 prefixes of tables with WebAssembly, in whose memory they are put. */
export class OverlapMachine {
  readonly #assembly: Assembly
  readonly #offsets: Uint32Array
  readonly #size: number

  constructor(assembly: Assembly, { size, offsets }: { readonly size: number; readonly offsets: Uint32Array }) {
    this.#assembly = assembly
    this.#size = size
    this.#offsets = offsets
  }

  /** Sets the flags of all rows, and adds the numbers of pairs where there are counts to add to. Returns how many are flagged of each side. */
  sweep({ between, within }: PairChoice, flags: Uint8Array, counts?: PairCounts): number[] {
    const assembly = this.#assembly
    assembly.beginSweep(flags.length, between, within, counts !== undefined)
    while (assembly.sweep(stretch));
    const { buffer } = assembly.memory
    const sides = this.#offsets.length - 1
    flags.set(new Uint8Array(buffer, assembly.spareAt.value, flags.length))
    const numbers = (at: number, side: number) => new Float64Array(buffer, at + 8 * side * sides, sides)
    for (let side = 0; counts && side < sides; side++) {
      counts.equal.rowOf(side).set(numbers(assembly.equalAt.value, side))
      counts.nested.rowOf(side).set(numbers(assembly.nestedAt.value, side))
    }
    return [...new Uint32Array(buffer, assembly.flaggedAt.value, sides)]
  }

  /** All pairs, sorted as `PairWalk` has them. */
  walk(choice: PairChoice): MachineWalk {
    return new MachineWalk(this.#assembly, choice)
  }

  /** The same pairs as texts; undefined where there is not enough memory. */
  texts(choice: PairChoice, written: WrittenPairs): MachineTexts | undefined {
    return machineTexts(this.#assembly, choice, written)
  }

  /** All prefixes in order; afterwards nothing can be swept any more, since they take the memory. */
  sorted(): SortedPrefixes {
    const assembly = this.#assembly
    while (assembly.nest(stretch));
    const { buffer } = assembly.memory
    const size = this.#size
    const at = assembly.spareAt.value
    return {
      ids: new Uint32Array(buffer, at, size),
      depths: new Uint8Array(buffer, at + 4 * size, size),
    }
  }
}

/** Undefined where there is no WebAssembly, or not enough memory, and for too few prefixes or too many. */
export function overlapMachine(
  sides: readonly PrefixTable[],
  { offsets }: Pick<SweepScope, 'offsets'>,
): OverlapMachine | undefined {
  const size = sides.reduce((sum, side) => sum + side.sizeOf(4), 0)
  if (size < fewest) return undefined
  const assembly = newAssembly()
  return assembly && hasRoom(assembly, sides) && fill(assembly, sides, offsets)
    ? new OverlapMachine(assembly, { size, offsets })
    : undefined
}

/** It tells prefixes apart by so many bits, some of which are the side, and the others the row. */
function hasRoom({ idBits, mostSides }: Assembly, sides: readonly PrefixTable[]): boolean {
  const mostRows = 2 ** (idBits.value - Math.ceil(Math.log2(sides.length)))
  return sides.length <= mostSides.value && sides.every((side) => side.size <= mostRows)
}

/** Puts all prefixes there, and sorts them. */
function fill(assembly: Assembly, sides: readonly PrefixTable[], offsets: Uint32Array): boolean {
  for (const side of sides) forEachChunk(assembly, side, (count) => assembly.count(count))
  if (!assembly.prepare(sides.length, offsets[sides.length] as number)) return false
  new Uint32Array(assembly.memory.buffer, assembly.offsetsAt.value, offsets.length).set(offsets)
  for (const [index, side] of sides.entries())
    forEachChunk(assembly, side, (count, first) => assembly.place(count, index, first))
  assembly.sort()
  return true
}

function forEachChunk(assembly: Assembly, table: PrefixTable, take: (count: number, first: number) => void): void {
  const { buffer } = assembly.memory
  const networks = new Int32Array(buffer, assembly.chunkNetworksAt.value, chunkSize)
  const lengths = new Uint8Array(buffer, assembly.chunkLengthsAt.value, chunkSize)
  for (const [index, chunk] of table.chunks.entries()) {
    const first = index * chunkSize
    const count = Math.min(table.size - first, chunkSize)
    copyRows(chunk, { networks, lengths, count })
    take(count, first)
  }
}

function copyRows(
  chunk: Chunk,
  { networks, lengths, count }: Pick<Chunk, 'networks' | 'lengths'> & { readonly count: number },
): void {
  networks.set(chunk.networks.subarray(0, count))
  lengths.set(chunk.lengths.subarray(0, count))
}
