import { type Given, givenIn } from './answers/given.ts'
import { limits } from './limits.ts'
import { base64Of, bytesOf, packed, unpacked } from './packing.ts'

/** The fragment that carries what was given; a browser sends fragments to nobody. */
export async function linkOf(given: Given): Promise<string> {
  return `#plan=${base64Of(await packed(JSON.stringify(given)))}`
}

/** What a fragment carries; `undefined` for another one and one that was damaged on the way. */
export async function givenOfLink(hash: string): Promise<Given | undefined> {
  const [, carried] = /^#plan=([\w-]+)$/.exec(hash) ?? []
  if (carried === undefined) return undefined
  try {
    const text = await unpacked(bytesOf(carried))
    return text.length > limits.linkLetters.most ? undefined : givenIn(JSON.parse(text))
  } catch {
    return undefined
  }
}
