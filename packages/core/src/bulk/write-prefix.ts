/** For each number below 1000 its digits and then how many they are; made when something is written. */
let digits = new Uint8Array(0)

function makeDigits(): void {
  digits = new Uint8Array(4000)
  for (let value = 0; value < 1000; value++) {
    const text = String(value)
    for (let index = 0; index < text.length; index++) digits[4 * value + index] = text.charCodeAt(index)
    digits[4 * value + 3] = text.length
  }
}

/** Writes a number below 1000. Always three bytes, of which the next ones overwrite what is too much: no branch to guess wrong. */
function writeSmall(bytes: Uint8Array, at: number, value: number): number {
  const entry = 4 * value
  bytes[at] = digits[entry] as number
  bytes[at + 1] = digits[entry + 1] as number
  bytes[at + 2] = digits[entry + 2] as number
  return at + (digits[entry + 3] as number)
}

/** Writes a whole number from 0 to 2^32 - 1 as decimal digits; returns where they end. Up to two bytes behind are spoiled. */
export function writeNumber(bytes: Uint8Array, at: number, value: number): number {
  if (digits.length === 0) makeDigits()
  if (value < 1000) return writeSmall(bytes, at, value)
  const rest = value % 1000
  const end = writeNumber(bytes, at, (value - rest) / 1000)
  const tens = (rest / 10) | 0
  const hundreds = (rest / 100) | 0
  bytes[end] = 48 + hundreds
  bytes[end + 1] = 48 + tens - 10 * hundreds
  bytes[end + 2] = 48 + rest - 10 * tens
  return end + 3
}

/**
 * Writes an IPv4 prefix as `Prefix.toString` does, at most 18 bytes; returns where it ends. Up to two bytes behind are spoiled.
 */
export function writeIpv4Prefix(
  bytes: Uint8Array,
  start: number,
  { network, length }: { readonly network: number; readonly length: number },
): number {
  if (digits.length === 0) makeDigits()
  let at = writeSmall(bytes, start, network >>> 24)
  bytes[at] = 0x2e
  at = writeSmall(bytes, at + 1, (network >>> 16) & 255)
  bytes[at] = 0x2e
  at = writeSmall(bytes, at + 1, (network >>> 8) & 255)
  bytes[at] = 0x2e
  at = writeSmall(bytes, at + 1, network & 255)
  bytes[at] = 0x2f
  return writeSmall(bytes, at + 1, length)
}
