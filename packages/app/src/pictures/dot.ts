import { type Figure, type FigureBox, type FigureLine, type FigureLink, plainLine } from './figure.ts'

/** The language of Graphviz. */
export function dotOf({ title, boxes, links }: Figure): string {
  return [
    'digraph natplan {',
    `  graph [rankdir=LR, label=${quoted(title)}, labelloc=t]`,
    '  node [shape=box, fontname="Helvetica"]',
    '  edge [fontname="Helvetica"]',
    ...boxes.map(
      (box) => `  ${quoted(box.id)} [label=${label([box.title, ...box.lines.map(plainLine)])}${boxStyle(box)}]`,
    ),
    ...links.map((link) => `  ${quoted(link.from)} -> ${quoted(link.to)} [${linkStyle(link)}${linkLabel(link.lines)}]`),
    '}',
    '',
  ].join('\n')
}

function boxStyle({ kind, mark }: FigureBox): string {
  if (mark === 'bad') return ', style=bold, color=red'
  return kind === 'gateway' || kind === 'group' ? ', style=bold' : ''
}

const arrows = { none: 'none', to: 'forward', from: 'back', both: 'both' } as const
const styles = { tunnel: 'bold', plain: 'solid', over: 'dashed', absent: 'invis' } as const

function linkStyle({ arrow, kind }: FigureLink): string {
  return `dir=${arrows[arrow]}, style=${styles[kind]}`
}

function linkLabel(lines: readonly FigureLine[]): string {
  return lines.length === 0 ? '' : `, label=${label(lines.map(plainLine))}`
}

/** `\l` ends a line that begins at the left. */
function label(lines: readonly string[]): string {
  return `"${lines.map((line) => `${inner(line)}\\l`).join('')}"`
}

function quoted(text: string): string {
  return `"${inner(text)}"`
}

/** In quotes only `"` ends the text, but `\` begins an escape, and `&` an entity. */
function inner(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('&', '&amp;')
}
