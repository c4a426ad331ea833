/** Digits in groups of three by hand: the first use of a locale costs ten milliseconds. */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** Names for a sentence: the first of them, and how many more there are. */
export function namesText(names: readonly string[], most = 10): string {
  const left = names.length - most
  return left > 0 ? `${names.slice(0, most).join(', ')} and ${left} more` : names.join(', ')
}

export function count(number: number, noun: string, many = `${noun}${/[sx]$/.test(noun) ? 'es' : 's'}`): string {
  return `${grouped(number)} ${number === 1 ? noun : many}`
}
