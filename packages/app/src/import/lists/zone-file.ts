import { Address } from '@natplan/core'
import { tryParseReverseName } from '../../text/reverse-names.ts'
import type { NamesFound } from './host-names.ts'
import { take } from './hosts-file.ts'

/** A record or a directive of a zone file, parentheses and comments gone. */
interface Entry {
  readonly words: readonly string[]
  /** The line begins with a blank: the owner is that of the record before. */
  readonly isContinued: boolean
  readonly line: number
}

export function isZone(text: string): boolean {
  return /^\$(ORIGIN|TTL)\s/im.test(text) || /\sIN\s+SOA\s/i.test(text)
}

/** The hosts that a zone file of RFC 1035, section 5, has addresses of; other records are counted. */
export function namesInZone(text: string, found: NamesFound): void {
  let origin: string | undefined
  let owner = '@'
  for (const { words, isContinued, line } of entriesOf(text)) {
    const [first = '', ...rest] = words
    const directive = /^\$([A-Z]+)$/i.exec(first)?.[1]?.toUpperCase()
    if (directive === 'ORIGIN') origin = absolute(rest[0] ?? '', origin)
    else if (directive !== undefined) {
      if (directive !== 'TTL') found.leftOut(`$${directive} directives, which are not followed`, line)
    } else {
      if (!isContinued) owner = first
      const record = recordOf(isContinued ? words : rest)
      // The name of the zone itself is that of its first record, where nothing above says it.
      if (record.type === 'SOA' && origin === undefined && owner.endsWith('.')) origin = owner
      const whole = { ...record, owner: absolute(owner, origin), line }
      if (record.type === 'PTR' && found.pointer) takePointer({ ...whole, origin }, { ...found, name: found.pointer })
      else takeRecord(whole, found)
    }
  }
}

interface ZoneRecord {
  readonly type: string
  readonly data: string
}

interface OwnedRecord extends ZoneRecord {
  readonly owner: string | undefined
  readonly line: number
}

/** Class and time to live stand before the type, in any order. */
function recordOf(words: readonly string[]): ZoneRecord {
  const at = words.findIndex((word) => !/^(IN|CH|HS|CS|[0-9][0-9smhdw]*)$/i.test(word))
  return { type: (words[at] ?? '').toUpperCase(), data: words[at + 1] ?? '' }
}

function takeRecord({ type, data, owner, line }: OwnedRecord, found: NamesFound): void {
  const address = type === 'A' || type === 'AAAA' ? Address.tryParse(data) : undefined
  if (!address) found.leftOut(/^[A-Z0-9]{1,16}$/.test(type) ? `${type} records` : 'lines that are not records', line)
  else if (owner === undefined) found.leftOut(originMissing, line)
  else if (owner.startsWith('*')) found.leftOut('wildcards, which name no host', line)
  else take({ name: owner, address, line, why: 'the zone has it' }, found)
}

const originMissing = 'names of a zone that does not say its own: $ORIGIN is missing'

function takePointer(
  { owner, data, origin, line }: OwnedRecord & { readonly origin: string | undefined },
  found: NamesFound,
): void {
  const reverse = tryParseReverseName(owner ?? '')
  const name = absolute(data, origin)
  if (owner?.startsWith('*')) found.leftOut('wildcards, which name no host', line)
  else if (name === undefined || (!reverse && origin === undefined && !owner?.endsWith('.')))
    found.leftOut(originMissing, line)
  else if (!reverse) found.leftOut('PTR records of names outside in-addr.arpa and ip6.arpa', line)
  else if (reverse.kind === 'classless') found.leftOut('PTR records of classless delegations (RFC 2317)', line)
  else if (reverse.kind === 'malformed') found.leftOut('PTR records whose names are not complete addresses', line)
  else take({ name, address: reverse.address, line, why: 'the zone has it' }, found)
}

/** A name with a dot at its end is whole; `@` is the origin itself. Without an origin, relative names stay as they are. */
function absolute(name: string, origin: string | undefined): string | undefined {
  if (name === '@') return origin
  if (name.endsWith('.') || origin === undefined) return name
  return origin === '.' ? `${name}.` : `${name}.${origin}`
}

function* entriesOf(text: string): Generator<Entry> {
  let open: (Entry & { words: string[]; depth: number }) | undefined
  for (const [index, line] of text.split('\n').entries()) {
    const entry = open ?? { words: [], isContinued: /^[ \t]/.test(line), line: index + 1, depth: 0 }
    for (const [, sign, word] of line.matchAll(/("(?:[^"\\]|\\.)*"?|;.*|[()])|([^\s();"]+)/g)) {
      if (sign?.startsWith(';')) break
      if (sign === '(') entry.depth++
      else if (sign === ')') entry.depth--
      else entry.words.push(word ?? sign ?? '')
    }
    open = entry.depth > 0 ? entry : undefined
    if (!open && entry.words.length > 0) yield entry
  }
  if (open && open.words.length > 0) yield open
}
