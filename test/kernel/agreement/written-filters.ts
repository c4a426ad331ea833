import { nftOfIptables } from './nft-of-iptables.ts'
import { nftOfVyos } from './nft-of-vyos.ts'

export const vyosLanguages = ['vyos-1.4', 'vyos-1.5'] as const

export type VyosLanguage = (typeof vyosLanguages)[number]

/** Filters in another language than that of nft: natplan reads the text, and the kernel gets what it means. */
export interface WrittenFilters {
  readonly language: 'iptables' | VyosLanguage
  /** As `iptables-save` shows it, or commands of VyOS. */
  readonly text: string
}

/** The table with what they mean. */
export const writtenTable = 'inet written'

export function nftOfWritten({ language, text }: WrittenFilters): string {
  const chains = language === 'iptables' ? nftOfIptables(text) : nftOfVyos(text)
  return `table ${writtenTable} {\n${chains}}\n`
}
