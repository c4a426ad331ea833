/** Writes a whole number from 0 as decimal digits; returns where they end. */
export function writeNumber(bytes: Uint8Array, at: number, value: number): number {
  let digits = 1
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits++
  let rest = value
  for (let place = at + digits - 1; place >= at; place--) {
    bytes[place] = 48 + (rest % 10)
    rest = Math.floor(rest / 10)
  }
  return at + digits
}

/** Writes an IPv4 prefix as `Prefix.toString` does, at most 18 bytes; returns where it ends. */
export function writeIpv4Prefix(
  bytes: Uint8Array,
  start: number,
  { network, length }: { readonly network: number; readonly length: number },
): number {
  let at = start
  for (let shift = 24; shift >= 0; shift -= 8) {
    at = writeSmall(bytes, at, (network >>> shift) & 255)
    bytes[at++] = shift === 0 ? 0x2f : 0x2e
  }
  return writeSmall(bytes, at, length)
}

/** A number below 1000: most of what is written, without division by a loop. */
function writeSmall(bytes: Uint8Array, start: number, value: number): number {
  let at = start
  if (value >= 100) bytes[at++] = 48 + ((value / 100) | 0)
  if (value >= 10) bytes[at++] = 48 + (((value / 10) | 0) % 10)
  bytes[at++] = 48 + (value % 10)
  return at
}
