import type { Page } from 'playwright-core'

/** What is wrong with a picture as a browser draws it, in words; empty for a good one. */
export async function faultsOf(page: Page, svg: string): Promise<string[]> {
  await page.setContent(`<!doctype html><meta charset="utf-8"><style>body{margin:0}</style>${svg}`)
  return page.evaluate(() => {
    type Named = { name: string; box: DOMRect; owner: Element | null }
    const faults: string[] = []
    const picture = document.querySelector('svg')
    if (!picture) return ['there is no picture']
    const frame = picture.getBoundingClientRect()
    const inside = (inner: DOMRect, outer: DOMRect) =>
      inner.left >= outer.left - 0.5 &&
      inner.right <= outer.right + 0.5 &&
      inner.top >= outer.top - 0.5 &&
      inner.bottom <= outer.bottom + 0.5
    const meet = (one: DOMRect, other: DOMRect) =>
      one.left < other.right - 0.5 &&
      other.left < one.right - 0.5 &&
      one.top < other.bottom - 0.5 &&
      other.top < one.bottom - 0.5
    const named = (selector: string): Named[] =>
      [...picture.querySelectorAll(selector)].map((element) => ({
        name: element.textContent || element.getAttribute('class') || '',
        box: element.getBoundingClientRect(),
        owner: element.parentElement,
      }))
    const texts = named('text')
    const areas = named('.box, .plate')
    for (const { name, box } of [...texts, ...areas]) if (!inside(box, frame)) faults.push(`${name} leaves the picture`)
    for (const { name, box, owner } of texts) {
      const home = areas.find((area) => area.owner === owner)
      if (home && !inside(box, home.box)) faults.push(`${name} leaves its frame`)
    }
    // Lines of a text touch where letters go below the base line: what is compared is what they take at least.
    const lines = texts.map(({ name, box }) => ({
      name,
      box: new DOMRect(box.x, box.y + 2, box.width, box.height - 4),
    }))
    for (const [kind, all] of [
      ['text', lines],
      ['frame', areas],
    ] as const) {
      for (const [index, one] of all.entries()) {
        for (const other of all.slice(index + 1)) {
          if (meet(one.box, other.box)) faults.push(`${kind} ${one.name} and ${other.name} overlap`)
        }
      }
    }
    // A link passes its own label in the middle; nothing else may lie on its way.
    const inner = ({ x, y, width, height }: DOMRect) => new DOMRect(x + 2, y + 2, width - 4, height - 4)
    for (const path of picture.querySelectorAll<SVGPathElement>('path.link')) {
      if (!inside(path.getBoundingClientRect(), frame)) faults.push('a link leaves the picture')
      const length = path.getTotalLength()
      const steps = Math.ceil(length / 4)
      const points = Array.from({ length: steps + 1 }, (_, step) => path.getPointAtLength((length * step) / steps))
      const passes = (box: DOMRect) =>
        points.some(
          ({ x, y }) =>
            x > box.left - frame.left &&
            x < box.right - frame.left &&
            y > box.top - frame.top &&
            y < box.bottom - frame.top,
        )
      const middle = ({ x, y, width, height }: DOMRect) => new DOMRect(x + width / 2 - 4, y + height / 2 - 4, 8, 8)
      for (const { name, box } of areas) {
        const isOwn = name.startsWith('plate') && passes(middle(box))
        if (!isOwn && passes(inner(box))) faults.push(`a link passes below ${name} at ${box.x}, ${box.y}`)
      }
    }
    return faults
  })
}

/** Texts that are hard to read: their contrast to what is behind them is below 4.5 (WCAG 2.2, 1.4.3). */
export async function paleTexts(page: Page, svg: string): Promise<string[]> {
  await page.setContent(`<!doctype html><meta charset="utf-8">${svg}`)
  return page.evaluate(() => {
    const light = (colour: string) => {
      const [red = 0, green = 0, blue = 0] = (colour.match(/\d+(\.\d+)?/g) ?? []).map((part) => {
        const share = Number(part) / 255
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
    const contrast = (one: string, other: string) => {
      const [dark = 0, bright = 0] = [light(one), light(other)].sort((a, b) => a - b)
      return (bright + 0.05) / (dark + 0.05)
    }
    return [...document.querySelectorAll('svg text, svg tspan')].flatMap((text) => {
      const area = text.closest('g')?.querySelector('.box, .plate') ?? document.querySelector('.paper')
      const [ink, paper] = [getComputedStyle(text).fill, area ? getComputedStyle(area).fill : 'rgb(255,255,255)']
      return contrast(ink, paper) < 4.5 ? [`${text.textContent}: ${ink} on ${paper}`] : []
    })
  })
}
