import { forPeople } from '../text/for-people.ts'
import type { Figure, FigureLine } from './figure.ts'

/** The same figure with every text for people: what strangers wrote moves and hides nothing, and is as long as it looks. */
export function readable({ title, description, boxes, links, ...rest }: Figure): Figure {
  return {
    ...rest,
    title: forPeople(title),
    description: description.split(' ').map(forPeople).join(' '),
    boxes: boxes.map((box) => ({ ...box, title: forPeople(box.title), lines: box.lines.map(readableLine) })),
    links: links.map((link) => ({ ...link, lines: link.lines.map(readableLine) })),
  }
}

function readableLine({ text, note, ...rest }: FigureLine): FigureLine {
  return { ...rest, text: forPeople(text), ...(note === undefined ? {} : { note: forPeople(note) }) }
}
