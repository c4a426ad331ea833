import { Address, isHostName } from '@natplan/core'
import type { FoundName, NamesFound } from './host-names.ts'

/** A line of /etc/hosts: an address, then the names of the host. */
export function isHostsLine(line: string): boolean {
  const [address = '', ...names] = wordsOf(line)
  return (
    addressOf(address) !== undefined &&
    names.length > 0 &&
    names.every((name) => /[a-z]/i.test(name) && /^[\w.-]+$/.test(name))
  )
}

/** The names of a hosts file, each alias too. */
export function namesInHosts(text: string, found: NamesFound): void {
  for (const [index, line] of text.split('\n').entries()) {
    const [first, ...names] = wordsOf(line)
    if (first === undefined) continue
    const address = addressOf(first)
    if (!address || names.length === 0) {
      found.leftOut('lines that are not an address with names', index + 1)
      continue
    }
    for (const name of names) take({ name, address, line: index + 1, why: 'the hosts file has it' }, found)
  }
}

/** Files the name as DNS has it, if it can. */
export function take({ name, ...rest }: FoundName, found: NamesFound): void {
  const plain = name.toLowerCase().replace(/\.$/, '')
  if (isHostName(plain)) found.name({ name: plain, ...rest })
  else found.leftOut('names that DNS cannot have', rest.line)
}

function wordsOf(line: string): string[] {
  return line
    .replace(/#.*/, '')
    .split(/\s+/)
    .filter((word) => word !== '')
}

/** Link-local addresses name the interface too. */
function addressOf(text: string): Address | undefined {
  return Address.tryParse(text.replace(/%[\w.-]+$/, ''))
}
