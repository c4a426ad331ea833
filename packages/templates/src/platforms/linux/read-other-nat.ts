import type { NotUnderstood } from '../../platform.ts'
import { partsOf, readBlocks } from './read-blocks.ts'

/** A chain that translates: nft lists it with such a line. */
const natChain = /^type nat hook /

/** The chains of iptables that packets come through at first, and their rules as iptables-save lists them. */
const ownChains = /^-A (PREROUTING|INPUT|OUTPUT|POSTROUTING) /

/** The rules of others that translate, in tables of nftables and in the nat table of iptables: natplan does not read them. */
export function readOtherNat(text: string, ownTable: string): NotUnderstood[] {
  const tables = readBlocks(text, (header) => header.startsWith('table ') && header !== ownTable)
  const chains = tables.flatMap((table) => partsOf(table).blocks).map((chain) => partsOf(chain).lines)
  const rules = chains
    .filter((lines) => lines.some((line) => natChain.test(line.text)))
    .flatMap((lines) => lines.filter((line) => !natChain.test(line.text)))
  return [...rules.map(({ line, text: rule }) => ({ line, text: rule })), ...iptablesRules(text)]
}

/** Between `*nat` and `COMMIT`. */
function iptablesRules(text: string): NotUnderstood[] {
  let isNat = false
  return text.split('\n').flatMap((raw, index) => {
    const line = raw.trim()
    if (line.startsWith('*') || line === 'COMMIT') isNat = line === '*nat'
    return isNat && ownChains.test(line) ? [{ line: index + 1, text: line }] : []
  })
}
