import { type Address, type AddressMeaning, type AddressView, specialMeaningOf } from '@natplan/core'
import { hiddenText, hidingText, peersText, usedHereText } from './meaning-words.ts'
import type { Result } from './result.ts'

/** What an address is from each site's view. */
export function addressResult(address: Address, views: readonly AddressView[]): Result {
  const special = specialMeaningOf(address)
  const table = {
    title: String(address),
    columns: ['SEEN FROM', 'IT IS'],
    rows: views.flatMap(({ site, meanings }) => meanings.map((meaning) => [site, meaningText(meaning)])),
    empty: '',
    ...(special ? { footer: special } : {}),
  }
  const document = () => ({
    schemaVersion: 1,
    address: String(address),
    ...(special ? { special } : {}),
    views: views.map(({ site, meanings }) => ({ site, meanings: meanings.map(meaningDocument) })),
  })
  return { tables: () => [table], document }
}

function meaningText(meaning: AddressMeaning): string {
  switch (meaning.kind) {
    case 'own': {
      const { subnet, knownAs } = meaning
      const own = `a host here, in ${subnet.prefix}`
      if (knownAs && subnet.hideBehind) return `${own}; ${hiddenText(knownAs.mapping)}`
      return knownAs
        ? `${own}; ${peersText(knownAs.mapping.translatedFor)} call it ${knownAs.address}`
        : `${own}; peers use the same address`
    }
    case 'own-translated':
    case 'reserved':
    case 'endpoint':
      return usedHereText(meaning)
    case 'peer':
      if (meaning.isTranslated && meaning.subnet.hideBehind) return hidingText(meaning)
      return meaning.isTranslated
        ? `the translated address of ${meaning.real} at ${meaning.peer}`
        : `the real address of a host at ${meaning.peer}`
    case 'unknown':
      return 'nothing that the plan knows; it follows the default route'
  }
}

function meaningDocument(meaning: AddressMeaning) {
  switch (meaning.kind) {
    case 'own': {
      const { kind, subnet, knownAs } = meaning
      const peers = knownAs && { address: String(knownAs.address), peers: knownAs.mapping.translatedFor }
      return { kind, subnet: String(subnet.prefix), ...(peers ? { knownAs: peers } : {}) }
    }
    case 'own-translated':
      return { kind: meaning.kind, real: String(meaning.real), subnet: String(meaning.mapping.real) }
    case 'reserved':
      return { kind: meaning.kind, use: meaning.reserved.kind, prefix: String(meaning.reserved.prefix) }
    case 'endpoint':
      return { kind: meaning.kind, site: meaning.of }
    case 'peer': {
      const { kind, peer, subnet, real, isTranslated } = meaning
      return { kind, peer, subnet: String(subnet.prefix), real: String(real), translated: isTranslated }
    }
    case 'unknown':
      return { kind: meaning.kind }
  }
}
