/** Digits in groups of three by hand: the first use of a locale costs ten milliseconds. */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** A number of addresses: of IPv6 as a power of two, since nobody reads thirty digits. */
export function addressCount(number: bigint): string {
  if (number <= BigInt(Number.MAX_SAFE_INTEGER)) return grouped(Number(number))
  const bits = number.toString(2)
  const isPower = !bits.includes('1', 1)
  // The first 53 bits say as much as is shown.
  const fraction = Math.log2(Number(BigInt(`0b${bits.slice(0, 53)}`)) / 2 ** 52)
  const power = (bits.length - 1 + fraction).toFixed(2)
  return isPower ? `2^${bits.length - 1}` : `about 2^${power.replace(/\.?0+$/, '')}`
}

/** Names for a sentence: the first of them, and how many more there are. */
export function namesText(names: readonly string[], most = 10): string {
  const left = names.length - most
  return left > 0 ? `${names.slice(0, most).join(', ')} and ${left} more` : names.join(', ')
}

export function count(number: number, noun: string, many = `${noun}${/[sx]$/.test(noun) ? 'es' : 's'}`): string {
  return `${grouped(number)} ${number === 1 ? noun : many}`
}
