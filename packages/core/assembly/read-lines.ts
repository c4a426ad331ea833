const newline: u32 = 10
const carriageReturn: u32 = 13
const slash: u32 = 47

/** How many rows the last reading filled. */
export let rows: i32 = 0

/**
 * Reads plain lines, an IPv4 prefix and nothing else on each, from memory: at least 20 bytes are readable from `stop` on, and four before `start`. Fills at
 * most so many rows and returns where the first line starts that was not read. No branch depends on how many digits an octet has.
 */
export function readLines(start: i32, stop: i32, networks: i32, lengths: i32, most: i32): i32 {
  let at = start
  let row = 0
  for (; at < stop && row < most; row++) {
    // Three dots and the slash are the first four bytes that are no digits, all of them among the first 16: else some octet is too long.
    const text = v128.load(at)
    const isDigit = i8x16.lt_u(i8x16.sub(text, i8x16.splat(48)), i8x16.splat(10))
    const others = ~i8x16.bitmask(isDigit) & 0xffff
    const dots = i8x16.bitmask(i8x16.eq(text, i8x16.splat(46)))
    const first = ctz(others)
    let rest = others & (others - 1)
    const second = ctz(rest)
    rest &= rest - 1
    const third = ctz(rest)
    rest &= rest - 1
    const end = ctz(rest)
    const before = (1 << end) - 1

    const a = octet(at + first, first)
    const b = octet(at + second, second - first - 1)
    const c = octet(at + third, third - second - 1)
    const d = octet(at + end, end - third - 1)
    const network = (a << 24) | (b << 16) | (c << 8) | d

    const tail = load<u32>(at + end)
    const tens = ((tail >> 8) & 255) - 48
    const ones = ((tail >> 16) & 255) - 48
    const hasTwo = i32(ones < 10)
    const length = hasTwo ? tens * 10 + ones : tens
    let lineEnd = at + end + 2 + hasTwo
    lineEnd += i32(load<u8>(lineEnd) === carriageReturn)

    // Everything that could be wrong is looked at, which is one branch and never guessed wrong.
    const wrong =
      u32((dots ^ others) & before) |
      ((tail & 255) ^ slash) |
      ((a | b | c | d) >> 8) |
      u32(tens > 9) |
      u32(hasTwo > i32(tens)) |
      u32(length > 32) |
      (network & u32(u64(0xffffffff) >> u64(length))) |
      (u32(load<u8>(lineEnd)) ^ newline)
    if (wrong !== 0) break
    store<u32>(networks + (row << 2), network)
    store<u8>(lengths + row, u8(length))
    at = lineEnd + 1
  }
  rows = row
  return at
}

/** The number that digits before a place say; more than 255 for anything else than one to three digits without a leading zero. */
function octet(end: i32, size: i32): u32 {
  const cut = (4 - size) << 3
  const digits = ((load<u32>(end - 4) >> cut) << cut) & 0x0f0f0f0f
  // Tens and ones meet in the highest byte.
  const value = ((digits * 0x0a01) >> 24) + ((digits >> 8) & 15) * 100
  const least: u32 = (0x640a0000 >> (size << 3)) & 255
  return value | ((u32(u32(size - 1) > 2) | u32(value < least)) << 8)
}
