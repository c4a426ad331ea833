/** Orders names as the devices list them: runs of digits by their value, where a text ends before digits first. */
export function compareNatural(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length)
  let at = 0
  while (at < shorter && a.charCodeAt(at) === b.charCodeAt(at)) at++
  if (at === shorter) return a.length - b.length
  const [one, other] = [isDigit(a, at), isDigit(b, at)]
  const isInNumber = at > 0 && isDigit(a, at - 1)
  if (isInNumber ? one || other : one && other) return compareNumbers(a, b, at)
  if (at > 0 && !isInNumber && one !== other) return one ? -1 : 1
  return a.charCodeAt(at) - b.charCodeAt(at)
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 0x30 && code <= 0x39
}

/** Two numbers that are the same up to a place. */
function compareNumbers(a: string, b: string, at: number): number {
  let start = at
  while (start > 0 && isDigit(a, start - 1)) start--
  const [one, other] = [behindZeros(a, start), behindZeros(b, start)]
  const size = digitsFrom(a, one)
  const difference = size - digitsFrom(b, other)
  if (difference !== 0) return difference
  for (let digit = 0; digit < size; digit++) {
    const order = a.charCodeAt(one + digit) - b.charCodeAt(other + digit)
    if (order !== 0) return order
  }
  // They differ in zeros: as texts then, of which one may end here.
  const ends = Number(isDigit(a, at)) - Number(isDigit(b, at))
  return ends === 0 ? a.charCodeAt(at) - b.charCodeAt(at) : ends
}

function behindZeros(text: string, start: number): number {
  let at = start
  while (text[at] === '0') at++
  return at
}

function digitsFrom(text: string, start: number): number {
  let at = start
  while (isDigit(text, at)) at++
  return at - start
}
