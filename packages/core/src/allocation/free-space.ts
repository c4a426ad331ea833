/** No free block of any length: longer than every prefix length. */
const full = 33

/**
 * Which IPv4 space is taken, as a binary tree of aligned blocks in flat arrays. A node knows the length of the largest free
 * block below it, so both taking a block and finding a free one cost at most 32 steps.
 */
export class FreeSpace {
  /** Child `2n` and `2n + 1` of node n: 0 for none (all free), -1 for all taken, else a node. */
  #children = new Int32Array(2 * 1024)
  /** The prefix length of the largest free block below a node. */
  #largest = new Uint8Array(1024)
  #count = 1
  /** The nodes above a block that is being taken, from the root on. */
  readonly #path = new Int32Array(32)

  constructor() {
    this.#largest[0] = 0
  }

  /** Reports whether no address of the block is taken. */
  isFree(first: number, length: number): boolean {
    let node = 0
    for (let depth = 0; depth < length; depth++) {
      const child = this.#children[2 * node + bitAt(first, depth)] as number
      if (child === 0) return true
      if (child === -1) return false
      node = child
    }
    // A node below the root is made only when something inside it is taken.
    return node === 0 && this.#children[0] === 0 && this.#children[1] === 0
  }

  /** Takes a block; what is taken already stays so. */
  take(first: number, length: number): void {
    let node = 0
    for (let depth = 0; depth < length; depth++) {
      this.#path[depth] = node
      const slot = 2 * node + bitAt(first, depth)
      const child = this.#children[slot] as number
      if (child === -1) return
      if (depth === length - 1) this.#children[slot] = -1
      else if (child === 0) this.#hangNewNode(slot, depth + 1)
      node = this.#children[slot] as number
    }
    if (length === 0) this.#children.fill(-1, 0, 2)
    let depth = Math.max(length - 1, 0)
    while (depth >= 0 && this.#update(this.#path[depth] as number, depth)) depth--
  }

  /** The lowest free aligned block of a length inside a pool, by its first address; `undefined` when there is none. */
  lowestFree(pool: { readonly first: number; readonly length: number }, length: number): number | undefined {
    if (pool.length === length) return this.isFree(pool.first, length) ? pool.first : undefined
    let node = 0
    for (let depth = 0; depth < pool.length; depth++) {
      const child = this.#children[2 * node + bitAt(pool.first, depth)] as number
      if (child === 0) return pool.first
      if (child === -1) return undefined
      node = child
    }
    return this.#descend(node, { first: pool.first, depth: pool.length, length })
  }

  #descend(
    start: number,
    { first, depth, length }: { first: number; depth: number; length: number },
  ): number | undefined {
    let node = start
    let at = first
    for (let level = depth; level < length; level++) {
      const low = this.#largestOf(2 * node, level)
      const high = this.#largestOf(2 * node + 1, level)
      if (low > length && high > length) return undefined
      const side = low <= length ? 0 : 1
      at += side * 2 ** (31 - level)
      const child = this.#children[2 * node + side] as number
      if (child === 0) return at
      node = child
    }
    return undefined
  }

  #largestOf(slot: number, depth: number): number {
    const child = this.#children[slot] as number
    if (child === -1) return full
    return child === 0 ? depth + 1 : (this.#largest[child] as number)
  }

  /** Reports whether the largest free block below a node is another one than before; else none is above it. */
  #update(node: number, depth: number): boolean {
    const before = this.#largest[node]
    this.#largest[node] = Math.min(this.#largestOf(2 * node, depth), this.#largestOf(2 * node + 1, depth))
    return this.#largest[node] !== before
  }

  #hangNewNode(slot: number, depth: number): void {
    const node = this.#count++
    // Growing replaces the arrays, so it comes before the slot is looked up.
    if (node >= this.#largest.length) this.#grow()
    this.#largest[node] = depth
    this.#children[slot] = node
  }

  #grow(): void {
    const children = new Int32Array(2 * this.#children.length)
    children.set(this.#children)
    this.#children = children
    const largest = new Uint8Array(2 * this.#largest.length)
    largest.set(this.#largest)
    this.#largest = largest
  }
}

function bitAt(address: number, depth: number): 0 | 1 {
  return ((address >>> (31 - depth)) & 1) as 0 | 1
}
