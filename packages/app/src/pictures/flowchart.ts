import { type Figure, type FigureBox, type FigureLink, plainLine } from './figure.ts'
import { mermaidText } from './mermaid-text.ts'

/** A Mermaid flowchart. */
export function flowchartOf({ title, boxes, links }: Figure): string {
  return [
    '---',
    `title: ${JSON.stringify(mermaidText(title))}`,
    '---',
    'flowchart LR',
    ...boxes.map(boxLine),
    ...links.map(linkLine),
    '',
  ].join('\n')
}

function boxLine({ id, title, lines }: FigureBox): string {
  return `  ${identifier(id)}["${[title, ...lines.map(plainLine)].map(mermaidText).join('<br>')}"]`
}

function linkLine({ from, to, kind, arrow, lines }: FigureLink): string {
  const text = lines.length === 0 ? '' : `|"${lines.map(plainLine).map(mermaidText).join('<br>')}"|`
  const [start, end] = [arrow === 'from' || arrow === 'both' ? '<' : '', arrow === 'to' || arrow === 'both' ? '>' : '']
  return `  ${identifier(from)} ${start}${shafts[kind](end)}${text} ${identifier(to)}`
}

const shafts = {
  tunnel: (end: string) => (end === '' ? '===' : `==${end}`),
  plain: (end: string) => (end === '' ? '---' : `--${end}`),
  over: (end: string) => (end === '' ? '-.-' : `-.-${end}`),
  absent: () => '~~~',
} as const

/** Mermaid takes no hyphen in an identifier, and `end` for a word of its own. */
function identifier(id: string): string {
  return `b_${id.replace(/[^A-Za-z0-9]/g, (letter) => `_${letter.charCodeAt(0)}_`)}`
}
