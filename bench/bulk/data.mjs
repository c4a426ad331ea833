// Prefixes from a fixed seed: private IPv4 space, host bits zero, one on each line.
import { writeFileSync } from 'node:fs'

/** Lengths 8 to 32, most of them 20 to 28: what exports of a company look like; many lie inside others. */
function usualLength(random) {
  return random() < 0.85 ? 20 + Math.floor(random() * 9) : 8 + Math.floor(random() * 25)
}

/** Lengths 28 to 32: so small that a prefix meets about one of the other list. */
export function smallLength(random) {
  return 28 + Math.floor(random() * 5)
}

/** Lengths 24 to 28. */
export function evenLength(random) {
  return 24 + Math.floor(random() * 5)
}

const pools = [
  { first: 0x0a000000, length: 8, share: 0.8 },
  { first: 0xac100000, length: 12, share: 0.15 },
  { first: 0xc0a80000, length: 16, share: 0.05 },
]

function prefixes(count, { seed, lengthOf = usualLength }) {
  const random = generator(seed)
  return Array.from({ length: count }, () => {
    const length = lengthOf(random)
    const usable = pools.filter((pool) => pool.length <= length)
    const pool = pick(usable, random() * usable.reduce((sum, { share }) => sum + share, 0))
    const block = Math.floor(random() * 2 ** (length - pool.length))
    const first = pool.first + block * 2 ** (32 - length)
    return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${length}`
  })
}

export function writePrefixes(file, count, options) {
  writeFileSync(file, `${prefixes(count, options).join('\n')}\n`)
}

function pick(choices, at) {
  let left = at
  for (const choice of choices) {
    left -= choice.share
    if (left < 0) return choice
  }
  return choices.at(-1)
}

/** mulberry32: the same numbers everywhere. */
function generator(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
