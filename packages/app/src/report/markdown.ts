import { htmlCode } from './html.ts'

/**
 * The guide in HTML: headings one deeper than there, paragraphs, lists, tables and indented lines of code, with code and links inside of them. Only
 * what natplan writes itself is read, so that nothing else of Markdown is.
 */
export function markdownHtml(text: string): string {
  return blocksOf(text.split('\n')).map(blockHtml).join('\n')
}

interface Block {
  readonly kind: 'heading' | 'text' | 'code' | 'table' | 'ol' | 'ul'
  readonly lines: string[]
}

const marker = { ol: /^\d+\. +/, ul: /^- +/ } as const
const code = '    '

/** Lines that belong together; what an item of a list goes on with is indented. */
function blocksOf(lines: readonly string[]): Block[] {
  const blocks: Block[] = []
  let before = ''
  for (const line of lines) {
    const last = blocks.at(-1)
    if (last && goesOn(last.kind, { line, before })) last.lines.push(line)
    else if (line !== '') blocks.push({ kind: kindOf(line), lines: [line] })
    before = line
  }
  return blocks
}

function goesOn(kind: Block['kind'], { line, before }: { readonly line: string; readonly before: string }): boolean {
  if (kind === 'ol' || kind === 'ul') return line === '' || line.startsWith('  ') || kindOf(line) === kind
  if (kind === 'code') return line === '' || line.startsWith(code)
  return kind !== 'heading' && line !== '' && before !== '' && kindOf(line) === kind
}

function kindOf(line: string): Block['kind'] {
  if (line.startsWith('#')) return 'heading'
  if (line.startsWith('|')) return 'table'
  if (line.startsWith(code)) return 'code'
  if (marker.ol.test(line)) return 'ol'
  return marker.ul.test(line) ? 'ul' : 'text'
}

function blockHtml({ kind, lines }: Block): string {
  if (kind === 'heading') return headingHtml(lines.join(''))
  if (kind === 'table') return tableHtml(lines)
  if (kind === 'text') return `<p>${inlineHtml(lines.join('\n'))}</p>`
  if (kind === 'code') {
    const text = lines.map((line) => line.slice(code.length)).join('\n')
    return `<pre tabindex="0"><code>${htmlCode(text.trimEnd())}</code></pre>`
  }
  return `<${kind}>\n${itemsOf(lines, marker[kind]).map(itemHtml).join('\n')}\n</${kind}>`
}

function headingHtml(line: string): string {
  const depth = line.indexOf(' ')
  return `<h${depth + 1}>${inlineHtml(line.slice(depth + 1))}</h${depth + 1}>`
}

function tableHtml([head = '', , ...rows]: readonly string[]): string {
  const body = rows.length === 0 ? '' : `<tbody>${rows.map((line) => rowHtml(line, 'td')).join('\n')}</tbody>`
  return `<div class="scroll" tabindex="0"><table><thead>${rowHtml(head, 'th')}</thead>${body}</table></div>`
}

function rowHtml(line: string, tag: 'th' | 'td'): string {
  const cells = line.slice(1, -1).split('|')
  return `<tr>${cells.map((cell) => `<${tag}>${inlineHtml(cell.trim())}</${tag}>`).join('')}</tr>`
}

/** The lines of each item, without what they are indented by. */
function itemsOf(lines: readonly string[], start: RegExp): string[][] {
  const items: string[][] = []
  let indent = 0
  for (const line of lines) {
    const found = start.exec(line)?.[0]
    if (found === undefined) items.at(-1)?.push(line.slice(indent))
    else {
      indent = found.length
      items.push([line.slice(indent)])
    }
  }
  return items
}

/** An item of a single paragraph is that text, without more. */
function itemHtml(lines: readonly string[]): string {
  const blocks = blocksOf(lines)
  const [only] = blocks
  if (blocks.length === 1 && only?.kind === 'text') return `<li>${inlineHtml(only.lines.join('\n'))}</li>`
  return `<li>${blocks.map(blockHtml).join('\n')}</li>`
}

/** Code, and links; the rest is text. */
function inlineHtml(text: string): string {
  return text
    .split(/(`[^`]+`|\[[^\]]+\]\([^)\s]+\))/)
    .map((part) => {
      if (part.startsWith('`')) return `<code>${htmlCode(part.slice(1, -1))}</code>`
      const [, label, address] = /^\[([^\]]+)\]\(([^)]+)\)$/.exec(part) ?? []
      return label === undefined || address === undefined
        ? htmlCode(part)
        : `<a href="${htmlCode(address)}">${htmlCode(label)}</a>`
    })
    .join('')
}
