import type { PacketMatch } from '@natplan/core'
import { bracedAt, isSymbol, type Token } from './nft-tokens.ts'
import { bitsAt, type Condition, wordsAt } from './nft-words.ts'
import { everyFlag, flagBits, flagsDiffer, flagsEqual, someFlag } from './tcp-flags.ts'

/** What stands behind `tcp flags`: `syn`, `syn / syn,rst`, `& (syn | rst) == syn`, `! syn`, `{ syn, syn | ack }`. */
export function flagsAt(tokens: readonly Token[], start: number): Condition | undefined {
  if (isSymbol(tokens[start], '&')) return maskedAt(tokens, start + 1)
  const { operator, at } = bitsAt(tokens, start)
  if (isSymbol(tokens[at], '{')) return operator === '' || operator === '==' ? oneOfAt(tokens, at) : undefined
  const value = wordsAt(tokens, at)
  const bits = value.words.length === 0 ? undefined : flagBits(value.words)
  if (bits === undefined) return undefined
  if (tokens[value.next]?.text !== '/') return { oneOf: plain(operator, bits), next: value.next }
  const mask = wordsAt(tokens, value.next + 1)
  const under = mask.words.length === 0 ? undefined : flagBits(mask.words)
  if (under === undefined || operator === '!') return undefined
  return { oneOf: (operator === '!=' ? flagsDiffer : flagsEqual)(under, bits), next: mask.next }
}

function plain(operator: ReturnType<typeof bitsAt>['operator'], bits: number): PacketMatch[] {
  switch (operator) {
    case '':
      return someFlag(bits)
    case '!':
      return flagsEqual(bits, 0)
    case '==':
      return flagsEqual(everyFlag, bits)
    case '!=':
      return flagsDiffer(everyFlag, bits)
  }
}

function maskedAt(tokens: readonly Token[], start: number): Condition | undefined {
  const mask = wordsAt(tokens, start)
  const { operator, at } = bitsAt(tokens, mask.next)
  const value = wordsAt(tokens, at)
  const [under, bits] = [flagBits(mask.words), flagBits(value.words)]
  const isWhole = mask.words.length > 0 && value.words.length > 0
  if (!isWhole || under === undefined || bits === undefined || (operator !== '==' && operator !== '!='))
    return undefined
  return { oneOf: (operator === '!=' ? flagsDiffer : flagsEqual)(under, bits), next: value.next }
}

/** Each member is all flags of a packet. */
function oneOfAt(tokens: readonly Token[], open: number): Condition | undefined {
  const { inner, next } = bracedAt(tokens, open)
  const members: Token[][] = [[]]
  for (const token of inner) {
    if (isSymbol(token, ',')) members.push([])
    else members.at(-1)?.push(token)
  }
  const oneOf: PacketMatch[] = []
  for (const member of members) {
    const bits = flagBits(member.flatMap(({ text }) => (text === '|' ? [] : [text])))
    if (bits === undefined) return undefined
    oneOf.push(...flagsEqual(everyFlag, bits))
  }
  return { oneOf, next }
}
