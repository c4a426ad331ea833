import type { Figure } from './figure.ts'
import { placeFigure } from './place-figure.ts'
import type { PlacedBox, PlacedFigure, PlacedLine, PlacedLink, Point } from './placed.ts'
import { textWidth } from './text-width.ts'

/** Pixels. */
const gap = 48
const heading = 34
const margin = 16

/** Several figures as one, in which no two boxes have the same id. */
export function joined(figures: readonly Figure[]): Figure {
  const [first, ...others] = figures
  if (first && others.length === 0) return first
  return {
    title: figures.map(({ title }) => title).join(', '),
    description: figures.map(({ description }) => description).join(' '),
    boxes: figures.flatMap((figure, index) =>
      figure.boxes.map((box) => ({ ...box, id: `${index}-${box.id}`, title: `${figure.title}: ${box.title}` })),
    ),
    links: figures.flatMap(({ links }, index) =>
      links.map((link) => ({ ...link, from: `${index}-${link.from}`, to: `${index}-${link.to}` })),
    ),
  }
}

/** So many figures stand beside each other; what is compared comes in twos. */
const columns = 2

/** Several figures, two in a row, each with its title above it; one alone without. */
export function placeSideBySide(figures: readonly Figure[]): PlacedFigure {
  const placed = figures.map(placeFigure)
  const [first, ...others] = placed
  if (first && others.length === 0) return first
  const second = Math.max(0, ...placed.filter((_, index) => index % columns === 0).map(leastWidth)) + gap
  let y = 0
  const shifted: PlacedFigure[] = []
  for (let index = 0; index < placed.length; index += columns) {
    const row = placed.slice(index, index + columns)
    shifted.push(...row.map((figure, column) => shift(figure, { x: column * second, y: y + heading })))
    y += Math.max(...row.map(({ height }) => height)) + heading
  }
  const { title, description } = joined(figures)
  return {
    title,
    description,
    width: Math.max(0, ...placed.map((figure, index) => leastWidth(figure) + (index % columns) * second)),
    height: y,
    headings: shifted.flatMap(({ headings }) => headings),
    boxes: shifted.flatMap(({ boxes }) => boxes),
    links: shifted.flatMap(({ links }) => links),
  }
}

/** Room for the figure and for its heading. */
function leastWidth({ title, width }: PlacedFigure): number {
  return Math.max(width, textWidth(title, { family: 'sans', size: 14, isBold: true }) + 2 * margin)
}

function shift({ title, boxes, links, ...rest }: PlacedFigure, by: Point): PlacedFigure {
  return {
    ...rest,
    title,
    headings: [{ x: by.x + margin, y: by.y - 10, line: { text: title, style: 'words' } }],
    boxes: boxes.map((box) => shiftBox(box, by)),
    links: links.map((link) => shiftLink(link, by)),
  }
}

function shiftBox(box: PlacedBox, by: Point): PlacedBox {
  return { ...moved(box, by), title: moved(box.title, by), lines: shiftLines(box.lines, by) }
}

function shiftLink({ link, way, label, lines }: PlacedLink, by: Point): PlacedLink {
  return {
    link,
    way: way.map((point) => moved(point, by)),
    label: label && moved(label, by),
    lines: shiftLines(lines, by),
  }
}

function shiftLines(lines: readonly PlacedLine[], by: Point): PlacedLine[] {
  return lines.map((line) => moved(line, by))
}

function moved<T extends Point>(place: T, by: Point): T {
  const tenth = (value: number) => Math.round(value * 10) / 10
  return { ...place, x: tenth(place.x + by.x), y: tenth(place.y + by.y) }
}
