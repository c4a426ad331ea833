/** Digits in groups of three by hand: the first use of a locale costs ten milliseconds. */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',')
}

export function count(number: number, noun: string): string {
  const ending = /[sx]$/.test(noun) ? 'es' : 's'
  return `${grouped(number)} ${noun}${number === 1 ? '' : ending}`
}
