/** What stands in a text of XML, one after the other. */
export interface XmlEvents {
  /** An element begins; its name is without prefix. */
  open(name: string, attributes: XmlAttributes): void
  close(name: string): void
  text(text: string): void
}

/** Looked up by name without prefix; parsed when asked for, since most are not. */
export type XmlAttributes = (name: string) => string | undefined

/**
 * Goes through a text of XML as far as it can be followed: no entities but those of XML itself, nothing that is declared in the text, no schema. Time
 * and memory are those of the text, whatever stands in it.
 */
export function readXml(text: string, events: XmlEvents): void {
  let at = 0
  while (at < text.length) {
    const tag = text.indexOf('<', at)
    if (tag !== at) events.text(unescaped(text.slice(at, tag < 0 ? text.length : tag)))
    if (tag < 0) return
    const skipped = skippedFrom(text, tag)
    if (skipped) {
      if (skipped.text !== undefined) events.text(skipped.text)
      at = skipped.end
      continue
    }
    const end = tagEnd(text, tag)
    readTag(text.slice(tag + 1, end), events)
    at = end + 1
  }
}

function readTag(tag: string, events: XmlEvents): void {
  if (tag.startsWith('/')) {
    events.close(nameOf(tag.slice(1)))
    return
  }
  const name = nameOf(tag)
  events.open(name, (wanted) => attributeOf(tag, wanted))
  if (tag.endsWith('/')) events.close(name)
}

/** Comments, instructions and declarations say nothing; what a CDATA section holds is text as it is. */
function skippedFrom(text: string, at: number): { readonly end: number; readonly text?: string } | undefined {
  const next = text[at + 1]
  if (next !== '!' && next !== '?') return undefined
  const closing = next === '?' ? '?>' : text.startsWith('<!--', at) ? '-->' : text.startsWith(cdata, at) ? ']]>' : '>'
  const close = text.indexOf(closing, at + 2)
  const end = close < 0 ? text.length : close + closing.length
  return closing === ']]>' ? { end, text: text.slice(at + cdata.length, close < 0 ? end : close) } : { end }
}

const cdata = '<![CDATA['

/** The `>` of a tag, which may stand in quotes before. */
function tagEnd(text: string, start: number): number {
  let quote = ''
  for (let at = start + 1; at < text.length; at++) {
    const letter = text[at] as string
    if (quote !== '') {
      if (letter === quote) quote = ''
    } else if (letter === '>') return at
    else if (letter === '"' || letter === "'") quote = letter
  }
  return text.length
}

function nameOf(tag: string): string {
  const name = /^[^\s/>]*/.exec(tag)?.[0] ?? ''
  return name.slice(name.indexOf(':') + 1)
}

/** So much of a tag is looked at for attributes; those of workbooks have some dozens of letters. */
const mostLooked = 4096

function attributeOf(tag: string, wanted: string): string | undefined {
  for (const [, name = '', double, single] of tag
    .slice(0, mostLooked)
    .matchAll(/([^\s=/"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g))
    if (name.slice(name.indexOf(':') + 1) === wanted) return unescaped(double ?? single ?? '')
  return undefined
}

const entities: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
])

function unescaped(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]{2,4}));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return entities.get(name) ?? whole
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}
