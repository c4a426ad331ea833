import { Graph, layout } from '@dagrejs/dagre'
import type { Figure, FigureBox, FigureLine, FigureLink } from './figure.ts'
import type { Area, PlacedBox, PlacedFigure, PlacedLine, PlacedLink, Point } from './placed.ts'
import { type RoutedLink, waysOf } from './route-links.ts'
import { type Lettering, textWidth } from './text-width.ts'

const lettering = {
  title: { family: 'sans', size: 14, isBold: true },
  address: { family: 'mono', size: 12 },
  words: { family: 'sans', size: 12 },
  quiet: { family: 'sans', size: 11 },
  note: { family: 'sans', size: 11 },
} as const satisfies Record<string, Lettering>

/** Pixels. */
const measures = { padding: 10, titleHeight: 22, lineHeight: 17, noteGap: 8, labelPadding: 5 }

/** Layers by dagre (docs/decisions); the same figure gets the same places. */
export function placeFigure(figure: Figure): PlacedFigure {
  if (figure.direction) return placeIn(figure, figure.direction)
  const [right, down] = [placeIn(figure, 'right'), placeIn(figure, 'down')]
  return roomFor(down) < roomFor(right) ? down : right
}

/** How large a page in landscape must be; none is narrower than this. */
function roomFor({ width, height }: PlacedFigure): number {
  return Math.max(narrowestPage / 4, width / 4, height / 3)
}

/** Pixels. */
const narrowestPage = 960

function placeIn({ title, description, boxes, links }: Figure, direction: 'right' | 'down'): PlacedFigure {
  const graph = new Graph({ multigraph: true })
  graph.setGraph({ rankdir: direction === 'right' ? 'LR' : 'TB', ...spaces })
  for (const box of boxes) graph.setNode(box.id, boxSize(box))
  for (const [index, link] of [...links.entries()].reverse()) {
    graph.setEdge(link.from, link.to, { ...labelSize(link.lines), labelpos: 'c' }, String(index))
  }
  layout(graph)
  const { width = 0, height = 0 } = graph.graph()
  const areas = new Map(boxes.map((box) => [box.id, cornerOf(graph.node(box.id))]))
  const edges = links.map((link, index) => ({
    link,
    place: graph.edge({ v: link.from, w: link.to, name: String(index) }) as EdgePlace,
  }))
  const routed = edges.map(
    ({ link, place }): RoutedLink => ({
      ends: [link.from, link.to],
      points: place.points,
      label: link.lines.length > 0 ? cornerOf(place) : undefined,
    }),
  )
  const ways = waysOf(areas, routed, direction)
  const frame = frameOf({ width, height }, ways.flat())
  const move = <T extends Point>(place: T): T => ({
    ...place,
    x: tenth(place.x + frame.x),
    y: tenth(place.y + frame.y),
  })
  return {
    title,
    description,
    width: pixels(frame.width),
    height: pixels(frame.height),
    headings: [],
    boxes: boxes.map((box) => placeBox(box, move(areas.get(box.id) as Area))),
    links: edges.map(({ link, place }, index) => placeLink(link, move(place), (ways[index] ?? []).map(move))),
  }
}

const margin = 16
const spaces = { nodesep: 22, ranksep: 48, edgesep: 12, marginx: margin, marginy: margin }

/** How far all must move so that links at its edges have their margin too, and how large it is then: dagre counts boxes and labels alone. */
function frameOf({ width, height }: Pick<Area, 'width' | 'height'>, points: readonly Point[]): Area {
  let [left, top, right, bottom] = [margin, margin, width - margin, height - margin]
  for (const { x, y } of points) {
    left = Math.min(left, x)
    top = Math.min(top, y)
    right = Math.max(right, x)
    bottom = Math.max(bottom, y)
  }
  return { x: margin - left, y: margin - top, width: right - left + 2 * margin, height: bottom - top + 2 * margin }
}

/** A figure without boxes has no size. */
function pixels(size: number): number {
  return Number.isFinite(size) ? Math.max(0, Math.ceil(size)) : 0
}

function boxSize({ title, lines }: FigureBox): { width: number; height: number } {
  const width = Math.max(textWidth(title, lettering.title), ...lines.map(lineWidth))
  const height = measures.titleHeight + lines.length * measures.lineHeight
  return { width: width + 2 * measures.padding, height: height + measures.padding }
}

function labelSize(lines: readonly FigureLine[]): { width: number; height: number } {
  if (lines.length === 0) return { width: 0, height: 0 }
  return {
    width: Math.max(...lines.map(lineWidth)) + 2 * measures.labelPadding,
    height: lines.length * measures.lineHeight + 2 * measures.labelPadding,
  }
}

function lineWidth({ text, style, note }: FigureLine): number {
  const own = textWidth(text, lettering[style])
  return note === undefined ? own : own + measures.noteGap + textWidth(note, lettering.note)
}

/** dagre places by centres. */
function cornerOf({ x, y, width, height }: Area): Area {
  return { x: tenth(x - width / 2), y: tenth(y - height / 2), width, height }
}

function placeBox(box: FigureBox, area: Area): PlacedBox {
  const left = tenth(area.x + measures.padding)
  const title = { x: left, y: tenth(area.y + measures.titleHeight - 5) }
  return { ...area, box, title, lines: placeLines(box.lines, { x: left, y: area.y + measures.titleHeight }) }
}

interface EdgePlace extends Area {
  readonly points: readonly Point[]
}

function placeLink(link: FigureLink, edge: EdgePlace, points: readonly Point[]): PlacedLink {
  const way = points.map(({ x, y }) => ({ x: tenth(x), y: tenth(y) }))
  if (link.lines.length === 0) return { link, way, label: undefined, lines: [] }
  const label = cornerOf(edge)
  const start = { x: tenth(label.x + measures.labelPadding), y: label.y + measures.labelPadding }
  return { link, way, label, lines: placeLines(link.lines, start) }
}

function placeLines(lines: readonly FigureLine[], { x, y }: Point): PlacedLine[] {
  return lines.map((line, index) => ({ line, x, y: tenth(y + index * measures.lineHeight + 13) }))
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10
}
