import { Address } from '@natplan/core'
import type { NamesFound } from './host-names.ts'
import { take } from './hosts-file.ts'

/** Settings of dnsmasq and Unbound that are about names. */
const settings = /^\s*(?:(?:host-record|address|local|alias|ptr-record|cname)\s*=|local-(?:data|data-ptr|zone):)/

/** Reports whether most lines that say something give names to addresses, as dnsmasq or Unbound write it. */
export function isServerLines(text: string): boolean {
  const lines = text.split('\n', 200).filter((line) => /^\s*[^#\s]/.test(line) && !/^\s*server:\s*$/.test(line))
  return 2 * lines.filter((line) => settings.test(line)).length > lines.length
}

export function namesInServerLines(text: string, found: NamesFound): void {
  for (const [index, written] of text.split('\n').entries()) {
    const line = written.trim()
    if (line === '' || line.startsWith('#') || line === 'server:') continue
    const pairs = pairsIn(line)
    if (!pairs) found.leftOut('lines that give no name to an address', index + 1)
    for (const [name, address] of pairs ?? [])
      take({ name, address, line: index + 1, why: 'the DNS server has it' }, found)
  }
}

function pairsIn(line: string): [string, Address][] | undefined {
  const [, record] = /^host-record\s*=\s*([^#\s]+)/.exec(line) ?? []
  if (record !== undefined) return eachOf(record.split(','))
  const [, whole, address] = /^address\s*=\s*\/([^#\s]+)\/([^/#\s]+)/.exec(line) ?? []
  if (whole !== undefined && address !== undefined) return eachOf([...whole.split('/'), address])
  const [, data] = /^local-data:\s*["'](.*?)["']/.exec(line) ?? []
  const words = data?.split(/\s+/) ?? []
  const type = words.findIndex((word) => /^(A|AAAA)$/i.test(word))
  return type > 0 ? eachOf([words[0] ?? '', words[type + 1] ?? '']) : undefined
}

/** Every name among them with every address. */
function eachOf(parts: readonly string[]): [string, Address][] {
  const addresses = parts.flatMap((part) => Address.tryParse(part) ?? [])
  const names = parts.filter((part) => /[a-z]/i.test(part) && !Address.tryParse(part))
  return names.flatMap((name) => addresses.map((address): [string, Address] => [name, address]))
}
