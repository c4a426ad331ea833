import { Address, NatplanError } from '@natplan/core'
import type { NamedText } from '../../text/documents.ts'
import type { Given, NamedHost, Source } from '../imported.ts'
import { LeftOutCounts } from '../said.ts'
import { isHostsLine, namesInHosts, take } from './hosts-file.ts'
import { isServerLines, namesInServerLines } from './server-lines.ts'
import { wholeText } from './whole-text.ts'
import { isZone, namesInZone } from './zone-file.ts'

/** A name that a text gives to an address. */
export interface FoundName {
  readonly name: string
  readonly address: Address
  readonly line: number
  readonly why: string
}

/** Where readers put what they find. */
export interface NamesFound {
  name(found: FoundName): void
  /** The name that a PTR record gives back for an address; without this such records are left out. */
  pointer?(found: FoundName): void
  /** Something that names no host; `what` is in the plural. */
  leftOut(what: string, line: number): void
}

/** Names of hosts with their addresses: at which site they are, the plan as a whole says. */
export const hostNames: Source = {
  name: 'hosts',
  about: '/etc/hosts, zone files, names of dnsmasq and Unbound, and IP addresses with DNS names as NetBox answers them',
  recognises: ({ text }) => holdsNames(text),
  read: async (given) => {
    const leftOut = new LeftOutCounts()
    const hosts = await Promise.all(given.map((one) => namesOf(one, leftOut)))
    return { network: { sites: {} }, reasons: [], leftOut: leftOut.all, findings: [], hosts: hosts.flat() }
  },
}

/** Most of the whole lines that say something are an address and names, and no other one holds a network. */
function isHosts(text: string): boolean {
  const lines = text.split('\n', 50).filter((line) => /^\s*[^#\s]/.test(line))
  const whole = lines.slice(0, Math.max(1, lines.length - 1))
  const odd = whole.filter((line) => !isHostsLine(line))
  return 2 * odd.length < whole.length && !odd.some((line) => line.includes('/'))
}

/** What NetBox answers to `/api/ipam/ip-addresses/`. */
function isAddresses(text: string): boolean {
  return /^\s*[[{]/.test(text) && /"dns_name"\s*:/.test(text) && /"address"\s*:\s*"[0-9a-f.:]+\/\d+"/i.test(text)
}

async function namesOf({ site, text: pieces }: Given, leftOut: LeftOutCounts): Promise<NamedHost[]> {
  const text = await wholeText(pieces)
  const file = pieces.name
  const hosts: NamedHost[] = []
  const found: NamesFound = {
    name: ({ name, address, line, why }) => hosts.push({ site, name, address, said: { why, file, line } }),
    leftOut: (what, line) => leftOut.add(what, { file, line }),
  }
  namesIn({ name: file, text }, found)
  return hosts
}

/** Reports whether a text gives names to addresses. */
export function holdsNames(text: string): boolean {
  return isZone(text) || isAddresses(text) || isServerLines(text) || isHosts(text)
}

/** The names of a text that holds some. */
export function namesIn({ name: file, text }: NamedText, found: NamesFound): void {
  if (isAddresses(text)) namesInAddresses(file, text, found)
  else if (isZone(text)) namesInZone(text, found)
  else if (isServerLines(text)) namesInServerLines(text, found)
  else namesInHosts(text, found)
}

function namesInAddresses(file: string, text: string, found: NamesFound): void {
  let at = 0
  let line = 1
  for (const record of recordsOf(file, text)) {
    const written = textAt(record, 'address')
    const next = text.indexOf(JSON.stringify(written), at)
    for (; at < next; at++) if (text[at] === '\n') line++
    const address = Address.tryParse(written.replace(/\/.*/, ''))
    const name = textAt(record, 'dns_name')
    if (!address) found.leftOut('records without an address', line)
    else if (name === '') found.leftOut('addresses without a DNS name', line)
    else take({ name, address, line, why: 'dns_name has it' }, found)
  }
}

type Json = Readonly<Record<string, unknown>>

/** @throws NatplanError JSON_SYNTAX */
function recordsOf(file: string, text: string): Json[] {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (cause) {
    throw new NatplanError('JSON_SYNTAX', `${file} is not valid JSON`, { cause, hint: 'nothing of it is used' })
  }
  const list = isObject(document) && Array.isArray(document['results']) ? document['results'] : document
  return (Array.isArray(list) ? list : [list]).filter(isObject)
}

function textAt(record: Json, key: string): string {
  const value = record[key]
  return typeof value === 'string' ? value.trim() : ''
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
