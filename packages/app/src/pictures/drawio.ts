import { markupText } from '../text/markup.ts'
import { type FigureLink, plainLine } from './figure.ts'
import type { PlacedBox, PlacedFigure, PlacedLine, PlacedLink } from './placed.ts'

/** A diagram of draw.io, not compressed (https://www.drawio.com/docs/reference/file-format/). Labels are plain text, never HTML. */
export function drawioOf({ title, width, height, headings, boxes, links }: PlacedFigure): string {
  return [
    '<mxfile host="natplan">',
    `  <diagram id="natplan" name="${markupText(title)}">`,
    `    <mxGraphModel grid="1" gridSize="10" page="0" pageWidth="${width}" pageHeight="${height}" math="0" shadow="0">`,
    '      <root>',
    '        <mxCell id="0"/>',
    '        <mxCell id="1" parent="0"/>',
    ...headings.map((line, index) => `        ${textCell(line, index)}`),
    ...boxes.map((box) => `        ${vertex(box)}`),
    ...links.filter(({ link }) => link.kind !== 'absent').map((link, index) => `        ${edge(link, index)}`),
    '      </root>',
    '    </mxGraphModel>',
    '  </diagram>',
    '</mxfile>',
    '',
  ].join('\n')
}

function textCell({ line, x, y }: PlacedLine, index: number): string {
  return `<mxCell id="heading-${index}" value="${markupText(line.text)}" style="text;html=0;fontStyle=1;fontSize=14;" vertex="1" parent="1"><mxGeometry x="${x}" y="${y - 18}" width="200" height="20" as="geometry"/></mxCell>`
}

function vertex({ box, x, y, width, height }: PlacedBox): string {
  const value = linesText([box.title, ...box.lines.map(plainLine)])
  const emphasis =
    box.mark === 'bad' ? 'strokeColor=#B3121D;strokeWidth=2;' : box.kind === 'group' ? 'strokeWidth=3;' : ''
  const style = `rounded=1;arcSize=6;html=0;whiteSpace=wrap;align=left;verticalAlign=top;spacing=6;${emphasis}`
  return `<mxCell id="${box.id}" value="${value}" style="${style}" vertex="1" parent="1"><mxGeometry x="${x}" y="${y}" width="${width}" height="${height}" as="geometry"/></mxCell>`
}

/** The points between the two boxes only; draw.io finds the ends at their edges. */
function edge({ link, way, lines }: PlacedLink, index: number): string {
  const points = way.slice(1, -1).map(({ x, y }) => `<mxPoint x="${x}" y="${y}"/>`)
  const bends = points.length > 0 ? `<Array as="points">${points.join('')}</Array>` : ''
  const value = linesText(lines.map(({ line }) => plainLine(line)))
  return `<mxCell id="link-${index}" value="${value}" style="${linkStyle(link)}" edge="1" parent="1" source="${link.from}" target="${link.to}"><mxGeometry relative="1" as="geometry">${bends}</mxGeometry></mxCell>`
}

const strokes = {
  tunnel: 'strokeWidth=3;strokeColor=#0550AE;',
  plain: '',
  over: 'dashed=1;strokeColor=#0550AE;',
  absent: '',
} as const

function linkStyle({ kind, arrow }: FigureLink): string {
  const end = (is: boolean) => (is ? 'block' : 'none')
  const [start, head] = [arrow === 'from' || arrow === 'both', arrow === 'to' || arrow === 'both']
  return `html=0;rounded=1;align=left;${strokes[kind]}startArrow=${end(start)};endArrow=${end(head)};`
}

/** Lines in a value of XML, which would join them. */
function linesText(lines: readonly string[]): string {
  return lines.map(markupText).join('&#10;')
}
