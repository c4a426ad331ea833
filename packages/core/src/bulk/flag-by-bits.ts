import { type Chunk, chunkSize, type PrefixTable } from './prefix-table.ts'

/*
 * One bit for each IPv4 prefix that could be: one tree for the lengths up to 16, and one for what is inside of each /16 that has any.
 * The root of a tree is node 1, the halves of node n are 2n and 2n + 1, so the node of a prefix is a 1 followed by its bits below the
 * root. Bits of a whole level lie side by side, so 32 of them are handled at once.
 */

const rootLength = 16
const treeBits = rootLength + 1
/** 32 nodes each. */
const wordsPerTree = 2 ** (treeBits - 5)
const roots = 2 ** rootLength

/** From so many prefixes for each tree and side on, trees take less time and less memory than sorting. */
const prefixesPerTree = 1500

/** By the first 16 bits of a prefix the number of its tree, 0 for none; the tree of short prefixes is number 0. */
interface Trees {
  readonly numbers: Int32Array
  readonly count: number
}

/**
 * Sets the flag of every IPv4 row that overlaps a row of another side, and reports whether it did: it does so only where prefixes lie
 * so close together that this is faster than sorting. O(n + sides · blocks of 65,536 addresses in use); two bits of each possible prefix
 * in them at a time.
 */
export function flagByBits(sides: readonly PrefixTable[], flags: Uint8Array): boolean {
  const count = sides.reduce((sum, side) => sum + side.sizeOf(4), 0)
  const most = count / prefixesPerTree / sides.length
  if (most < 1) return false
  const trees = plantTrees(sides)
  if (trees.count > most) return false
  const hitTwice = nodesHitTwice(sides, trees)
  let start = 0
  for (const side of sides) {
    forEachChunk(side, (chunk, first, size) => read(hitTwice, trees, { chunk, size, flags, start: start + first }))
    start += side.size
  }
  return true
}

/**
 * The nodes that prefixes of two sides or more overlap. A row's own side hits its node at least by the row itself, so a second side
 * is another one.
 */
function nodesHitTwice([first, ...others]: readonly PrefixTable[], trees: Trees): Int32Array {
  const words = trees.count * wordsPerTree
  const hitOnce = new Int32Array(words)
  const hitTwice = new Int32Array(words)
  if (first) hit(hitOnce, first, trees)
  const ofSide = new Int32Array(others.length > 0 ? words : 0)
  for (const [index, side] of others.entries()) {
    if (index > 0) ofSide.fill(0)
    hit(ofSide, side, trees)
    for (let base = 0; base < words; base += wordsPerTree) addHits(ofSide, { hitOnce, hitTwice }, base)
  }
  return hitTwice
}

/** Marks the nodes that prefixes of one side overlap. */
function hit(words: Int32Array, side: PrefixTable, trees: Trees): void {
  forEachChunk(side, (chunk, _, size) => mark(words, trees, { chunk, size }))
  spread(words, trees)
}

/** One tree at a time, so that the loop is compiled for speed after a few of them. */
function addHits(
  ofSide: Int32Array,
  { hitOnce, hitTwice }: { readonly hitOnce: Int32Array; readonly hitTwice: Int32Array },
  base: number,
): void {
  for (let word = base; word < base + wordsPerTree; word++) {
    const hits = ofSide[word] as number
    hitTwice[word] = (hitTwice[word] as number) | ((hitOnce[word] as number) & hits)
    hitOnce[word] = (hitOnce[word] as number) | hits
  }
}

function forEachChunk(table: PrefixTable, visit: (chunk: Chunk, first: number, size: number) => void): void {
  for (const [index, chunk] of table.chunks.entries()) {
    visit(chunk, index * chunkSize, Math.min(table.size - index * chunkSize, chunkSize))
  }
}

function plantTrees(sides: readonly PrefixTable[]): Trees {
  const numbers = new Int32Array(roots)
  for (const side of sides) forEachChunk(side, (chunk, _, size) => findRoots(numbers, chunk, size))
  let count = 1
  for (let root = 0; root < roots; root++) if (numbers[root] !== 0) numbers[root] = count++
  return { numbers, count }
}

function findRoots(numbers: Int32Array, { networks, lengths }: Chunk, size: number): void {
  for (let row = 0; row < size; row++) {
    const length = lengths[row] as number
    if (length > rootLength && length <= 32) numbers[(networks[row] as number) >>> rootLength] = 1
  }
}

/** The number of a prefix's bit among all trees. */
function bitOf(numbers: Int32Array, network: number, length: number): number {
  if (length > rootLength) {
    const below = (network & (roots - 1)) >>> (32 - length)
    return ((numbers[network >>> rootLength] as number) << treeBits) | (1 << (length - rootLength)) | below
  }
  return length === 0 ? 1 : (1 << length) | (network >>> (32 - length))
}

function mark(
  words: Int32Array,
  { numbers }: Trees,
  { chunk, size }: { readonly chunk: Chunk; readonly size: number },
): void {
  const { networks, lengths } = chunk
  for (let row = 0; row < size; row++) {
    const length = lengths[row] as number
    if (length > 32) continue
    const bit = bitOf(numbers, networks[row] as number, length)
    words[bit >>> 5] = (words[bit >>> 5] as number) | (1 << (bit & 31))
  }
}

function read(
  words: Int32Array,
  { numbers }: Trees,
  {
    chunk,
    size,
    flags,
    start,
  }: { readonly chunk: Chunk; readonly size: number; readonly flags: Uint8Array; readonly start: number },
): void {
  const { networks, lengths } = chunk
  for (let row = 0; row < size; row++) {
    const length = lengths[row] as number
    if (length > 32) continue
    const bit = bitOf(numbers, networks[row] as number, length)
    flags[start + row] = ((words[bit >>> 5] as number) >>> (bit & 31)) & 1
  }
}

/**
 * From the marked nodes to all that overlap one: first everything inside a marked node, then everything around one. A node that got its
 * mark from above can only pass it on to nodes that have it already.
 */
function spread(words: Int32Array, { numbers, count }: Trees): void {
  spreadDown(words, 0)
  for (let root = 0; root < roots; root++) {
    const number = numbers[root] as number
    if (number !== 0 && leafOf(words, root) === 1) setRoot(words, number * wordsPerTree)
  }
  for (let number = 1; number < count; number++) {
    spreadDown(words, number * wordsPerTree)
    spreadUp(words, number * wordsPerTree)
  }
  for (let root = 0; root < roots; root++) {
    const number = numbers[root] as number
    if (number !== 0 && ((words[number * wordsPerTree] as number) & 2) !== 0) setLeaf(words, root)
  }
  spreadUp(words, 0)
}

function leafOf(words: Int32Array, root: number): number {
  return ((words[(roots + root) >>> 5] as number) >>> (root & 31)) & 1
}

function setLeaf(words: Int32Array, root: number): void {
  const word = (roots + root) >>> 5
  words[word] = (words[word] as number) | (1 << (root & 31))
}

function setRoot(words: Int32Array, base: number): void {
  words[base] = (words[base] as number) | 2
}

function spreadDown(words: Int32Array, base: number): void {
  // The first word holds five levels, every other a part of one.
  let top = words[base] as number
  for (let node = 1; node < 16; node++) if ((top >>> node) & 1) top |= 3 << (2 * node)
  words[base] = top
  words[base + 1] = (words[base + 1] as number) | twice(top >>> 16)
  for (let word = 1; word < wordsPerTree / 2; word++) {
    const nodes = words[base + word] as number
    if (nodes === 0) continue
    const below = base + 2 * word
    words[below] = (words[below] as number) | twice(nodes & 0xffff)
    words[below + 1] = (words[below + 1] as number) | twice(nodes >>> 16)
  }
}

function spreadUp(words: Int32Array, base: number): void {
  for (let word = wordsPerTree / 2 - 1; word > 0; word--) {
    const low = words[base + 2 * word] as number
    const high = words[base + 2 * word + 1] as number
    if ((low | high) !== 0) words[base + word] = (words[base + word] as number) | half(low) | (half(high) << 16)
  }
  let top = (words[base] as number) | (half(words[base + 1] as number) << 16)
  for (let node = 15; node > 0; node--) if ((top >>> (2 * node)) & 3) top |= 1 << node
  words[base] = top
}

/** Every one of 16 bits two times, for the two halves of each node. */
function twice(bits: number): number {
  let spaced = (bits | (bits << 8)) & 0x00ff00ff
  spaced = (spaced | (spaced << 4)) & 0x0f0f0f0f
  spaced = (spaced | (spaced << 2)) & 0x33333333
  spaced = (spaced | (spaced << 1)) & 0x55555555
  return spaced | (spaced << 1)
}

/** One bit for each two of 32: set when one of the two is. */
function half(bits: number): number {
  let pairs = (bits | (bits >>> 1)) & 0x55555555
  pairs = (pairs | (pairs >>> 1)) & 0x33333333
  pairs = (pairs | (pairs >>> 2)) & 0x0f0f0f0f
  pairs = (pairs | (pairs >>> 4)) & 0x00ff00ff
  return (pairs | (pairs >>> 8)) & 0xffff
}
