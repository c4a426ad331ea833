import { markupText } from '../text/markup.ts'
import type { PlacedBox, PlacedFigure, PlacedLine, PlacedLink, Point } from './placed.ts'

export interface SvgOptions {
  /** Begins the ids in the text, so that several pictures may stand in one document. */
  readonly id?: string
  /** The style sheet stands in the text; a document with several pictures has it once (`pictureStyle`). */
  readonly style?: boolean
}

/** A text in SVG 1.1: no script, no font or file from elsewhere, light or dark as the reader's screen, black on white in print. */
export function svgOf(
  { title, description, width, height, headings, boxes, links }: PlacedFigure,
  { id = 'natplan', style = true }: SvgOptions = {},
): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="natplan" role="img" aria-labelledby="${id}-title ${id}-desc" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title id="${id}-title">${markupText(title)}</title>`,
    `<desc id="${id}-desc">${markupText(description)}</desc>`,
    ...(style ? [`<style>${pictureStyle}</style>`] : []),
    arrowHeads(id),
    `<rect class="paper" width="${width}" height="${height}"/>`,
    ...headings.map(({ line, x, y }) => `<text class="name" x="${x}" y="${y}">${markupText(line.text)}</text>`),
    ...links.filter(({ link }) => link.kind !== 'absent').map((link) => linkSvg(link, id)),
    ...links.flatMap(labelSvg),
    ...boxes.map(boxSvg),
    '</svg>',
    '',
  ].join('\n')
}

/** The style sheet of every picture. Colours are variables on `.natplan`, which a document may set anew. */
export const pictureStyle = `
.natplan{--paper:#fff;--ink:#1b1f24;--quiet:#57606a;--edge:#8c959f;--box:#f6f8fa;--tunnel:#0550ae;--bad:#b3121d;--good:#116329;--changed:#7d4e00}
@media (prefers-color-scheme:dark){.natplan{--paper:#0d1117;--ink:#e6edf3;--quiet:#9aa4af;--edge:#6e7681;--box:#161b22;--tunnel:#79c0ff;--bad:#ff8e88;--good:#6fdd8b;--changed:#e3b341}}
@media print{.natplan{--paper:#fff;--ink:#000;--quiet:#333;--edge:#000;--box:#fff;--tunnel:#000;--bad:#000;--good:#000;--changed:#000}}
.natplan text{fill:var(--ink);font:12px system-ui,"DejaVu Sans",Verdana,sans-serif;white-space:pre}
.natplan .address{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace}
.natplan .name{font-size:14px;font-weight:700}
.natplan .quiet{font-size:11px;fill:var(--quiet)}
.natplan .note{font:11px system-ui,"DejaVu Sans",Verdana,sans-serif;fill:var(--quiet)}
.natplan .paper{fill:var(--paper)}
.natplan .box{fill:var(--box);stroke:var(--edge)}
.natplan .gateway .box{stroke:var(--ink);stroke-width:2}
.natplan .group .box{stroke-width:3}
.natplan .link{fill:none;stroke:var(--edge);stroke-width:1.5}
.natplan .tunnel .link{stroke:var(--tunnel);stroke-width:3}
.natplan .over .link{stroke:var(--tunnel);stroke-dasharray:6 4}
.natplan .plate{fill:var(--paper);stroke:var(--edge)}
.natplan .tunnel .plate,.natplan .over .plate{stroke:var(--tunnel)}
.natplan .head{fill:var(--ink)}
.natplan .collides,.natplan .collides .note,.natplan .bad text{fill:var(--bad)}
.natplan .bad .box{stroke:var(--bad);stroke-width:2.5;fill:var(--box)}
.natplan .changed .box{stroke:var(--changed);stroke-width:2.5;fill:var(--box)}
.natplan .good .box{stroke:var(--good);stroke-width:2.5;fill:var(--box)}
.natplan .bad .link{stroke:var(--bad);stroke-dasharray:2 4}
.natplan text.translated{font-weight:700}
.natplan text.added{fill:var(--good);font-weight:700}
.natplan text.changed{fill:var(--changed);font-weight:700}
.natplan text.bad{font-weight:700}
.natplan .removed{fill:var(--bad);text-decoration:line-through}
.natplan .removed .note{text-decoration:none}
`.replace(/\n/g, '')

function arrowHeads(id: string): string {
  const head = (name: string, path: string, at: number) =>
    `<marker id="${id}-${name}" class="head" viewBox="0 0 10 10" refX="${at}" refY="5" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path d="${path}"/></marker>`
  return `<defs>${head('to', 'M0 0L10 5L0 10z', 9)}${head('from', 'M10 0L0 5L10 10z', 1)}</defs>`
}

function linkSvg({ link, way }: PlacedLink, id: string): string {
  const at = (end: 'to' | 'from') => link.arrow === end || link.arrow === 'both'
  const heads = `${at('from') ? ` marker-start="url(#${id}-from)"` : ''}${at('to') ? ` marker-end="url(#${id}-to)"` : ''}`
  return `<g class="${classes(link.kind, link.mark)}"><path class="link" d="${curve(way)}"${heads}/></g>`
}

/** Above all links, since those of others may pass below it. */
function labelSvg({ link, label, lines }: PlacedLink): string[] {
  if (!label) return []
  const { x, y, width, height } = label
  const plate = `<rect class="plate" x="${x}" y="${y}" width="${width}" height="${height}" rx="4"/>`
  return [`<g class="${classes(link.kind, link.mark)}">${plate}${lines.map(lineSvg).join('')}</g>`]
}

/** Pixels. */
const cornerRadius = 10

/** Straight, with round corners at the points between. */
function curve(way: readonly Point[]): string {
  const [first, ...rest] = way
  const last = rest.at(-1)
  if (!first || !last) return ''
  const bends = rest.slice(0, -1).map((corner, index) => {
    const [before, next] = [way[index] ?? first, rest[index + 1] ?? last]
    const [start, end] = [towards(corner, before), towards(corner, next)]
    return `L${start.x} ${start.y}Q${corner.x} ${corner.y} ${end.x} ${end.y}`
  })
  return `M${first.x} ${first.y}${bends.join('')}L${last.x} ${last.y}`
}

/** Where a corner begins: near it, and no further than half of the way to the next one. */
function towards(from: Point, to: Point): Point {
  const [x, y] = [to.x - from.x, to.y - from.y]
  const length = Math.hypot(x, y)
  const share = length === 0 ? 0 : Math.min(cornerRadius / length, 0.5)
  return { x: tenth(from.x + x * share), y: tenth(from.y + y * share) }
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10
}

function boxSvg({ box, x, y, width, height, title, lines }: PlacedBox): string {
  const frame = `<rect class="box" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`
  const name = `<text class="name" x="${title.x}" y="${title.y}">${markupText(box.title)}</text>`
  return `<g class="${classes(box.kind, box.mark)}">${frame}${name}${lines.map(lineSvg).join('')}</g>`
}

function lineSvg({ line, x, y }: PlacedLine): string {
  const note = line.note === undefined ? '' : `<tspan class="note" dx="8">${markupText(line.note)}</tspan>`
  return `<text class="${classes(line.style, line.mark)}" x="${x}" y="${y}">${markupText(line.text)}${note}</text>`
}

function classes(kind: string, mark: string | undefined): string {
  return mark === undefined ? kind : `${kind} ${mark}`
}
