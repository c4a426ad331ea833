import type { NotUnderstood } from '../../platform.ts'
import { type ListedKey, shownKey } from '../../shown-key.ts'
import { hiddenSetting } from '../../shown-line.ts'
import { type Block, partsOf } from './read-blocks.ts'
import { Settings } from './read-settings.ts'

/** The keys that a `secrets` section shows. */
export function readKeys(block: Block): ListedKey[] {
  const sections = partsOf(block).blocks.filter(({ header }) => /^ike/.test(header))
  return sections.flatMap((section) => {
    const settings = new Settings(section)
    const key = shownKey(settings.read('secret', (text) => text))
    return key ? [{ identities: settings.all(/^id/), key }] : []
  })
}

/** Reports the lines of the secrets that are not as natplan writes them, without showing what follows the name. */
export function readSecrets(block: Block): NotUnderstood[] {
  const known = /^(id(-[A-Za-z0-9_-]+)?|secret)$/
  const lines = [block, ...partsOf(block).blocks].flatMap((one) => partsOf(one).lines)
  return lines
    .filter(({ text }) => !known.test(nameOf(text)))
    .map(({ line, text }) => ({ line, text: hiddenSetting(text) }))
}

function nameOf(text: string): string {
  return text.split('=', 1)[0]?.trim() ?? ''
}
