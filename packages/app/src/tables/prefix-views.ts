import { type Prefix, type PrefixMeaning, type PrefixView, specialMeaningIn } from '@natplan/core'
import { hiddenText, hidingText, peersText, usedHereText } from './meaning-words.ts'
import type { Result } from './result.ts'

/** What a prefix is from each site's view. */
export function prefixResult(prefix: Prefix, views: readonly PrefixView[]): Result {
  const special = specialMeaningIn(prefix)
  const table = {
    title: String(prefix),
    columns: ['SEEN FROM', 'PREFIX', 'IT IS'],
    rows: views.flatMap(({ site, meanings }) =>
      meanings.length > 0
        ? meanings.map((meaning) => [site, String(meaning.part), meaningText(meaning)])
        : [[site, String(prefix), 'nothing that the plan knows; it follows the default route']],
    ),
    empty: '',
    ...(special ? { footer: special } : {}),
  }
  const document = () => ({
    schemaVersion: 1,
    prefix: String(prefix),
    ...(special ? { special } : {}),
    views: views.map(({ site, meanings }) => ({ site, meanings: meanings.map(meaningDocument) })),
  })
  return { tables: () => [table], document }
}

function meaningText(meaning: PrefixMeaning): string {
  switch (meaning.kind) {
    case 'own': {
      const { part, subnet, knownAs } = meaning
      const own = part.equals(subnet.prefix) ? 'a subnet here' : `a part of the subnet ${subnet.prefix} here`
      if (knownAs && subnet.hideBehind) return `${own}; ${hiddenText(knownAs.mapping)}`
      return knownAs
        ? `${own}; ${peersText(knownAs.mapping.translatedFor)} call it ${knownAs.prefix}`
        : `${own}; peers use the same address`
    }
    case 'own-translated':
    case 'reserved':
    case 'endpoint':
      return usedHereText(meaning)
    case 'peer':
      if (meaning.isTranslated && meaning.subnet.hideBehind) return hidingText(meaning)
      return meaning.isTranslated
        ? `the translated addresses of ${meaning.real} at ${meaning.peer}`
        : `the real addresses of hosts at ${meaning.peer}`
  }
}

function meaningDocument(meaning: PrefixMeaning) {
  const { kind } = meaning
  const part = String(meaning.part)
  switch (kind) {
    case 'own': {
      const { subnet, knownAs } = meaning
      const peers = knownAs && { prefix: String(knownAs.prefix), peers: knownAs.mapping.translatedFor }
      return { kind, part, subnet: String(subnet.prefix), ...(peers ? { knownAs: peers } : {}) }
    }
    case 'own-translated':
      return { kind, part, real: String(meaning.real), subnet: String(meaning.mapping.real) }
    case 'reserved':
      return { kind, part, use: meaning.reserved.kind, prefix: String(meaning.reserved.prefix) }
    case 'endpoint':
      return { kind, part }
    case 'peer': {
      const { peer, subnet, real, isTranslated } = meaning
      return { kind, part, peer, subnet: String(subnet.prefix), real: String(real), translated: isTranslated }
    }
  }
}
