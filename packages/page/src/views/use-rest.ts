import { useEffect, useRef, useState } from 'preact/hooks'

/** Where the pointer rests in a text field. */
export interface Rest {
  /** Letters of the text before it. */
  readonly at: number
  /** Where the letter begins and its line ends, from the corner of the field, in pixels. */
  readonly left: number
  readonly top: number
}

/** So long it rests before that counts, in ms: what only passes shows nothing. */
const delay = 300

/** Follows the pointer over a text field; each key that is pressed ends it, and so do buttons and fingers. */
export function useRest(
  area: { readonly current: HTMLTextAreaElement | null },
  onRest: ((text: string, at: number) => void) | undefined,
): { readonly rest: Rest | undefined; readonly move: (event: PointerEvent) => void; readonly leave: () => void } {
  const [rest, setRest] = useState<Rest | undefined>(undefined)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const leave = () => {
    clearTimeout(timer.current)
    setRest(undefined)
  }
  const move = (event: PointerEvent) => {
    const field = area.current
    if (!onRest || !field) return
    clearTimeout(timer.current)
    if (event.target !== field) return
    if (event.pointerType === 'touch' || event.buttons !== 0) {
      setRest(undefined)
      return
    }
    timer.current = setTimeout(() => {
      const place = placeUnder(field, event)
      setRest(place)
      if (place) onRest(field.value, place.at)
    }, delay)
  }
  useEffect(() => {
    addEventListener('keydown', leave)
    return () => {
      removeEventListener('keydown', leave)
      clearTimeout(timer.current)
    }
  }, [])
  return { rest, move, leave }
}

/** In a text whose letters are all as wide and whose lines do not wrap; `undefined` beside them. */
function placeUnder(area: HTMLTextAreaElement, { clientX, clientY }: PointerEvent): Rest | undefined {
  const style = getComputedStyle(area)
  const box = area.getBoundingClientRect()
  const height = Number.parseFloat(style.lineHeight)
  const width = widthOf(style.font)
  const edge = {
    left: area.clientLeft + Number.parseFloat(style.paddingLeft) - area.scrollLeft,
    top: area.clientTop + Number.parseFloat(style.paddingTop) - area.scrollTop,
  }
  const row = Math.floor((clientY - box.top - edge.top) / height)
  const column = Math.floor((clientX - box.left - edge.left) / width)
  const lines = area.value.split('\n')
  const line = lines[row]
  if (line === undefined || column < 0 || column >= line.length) return undefined
  const before = lines.slice(0, row).reduce((sum, { length }) => sum + length + 1, 0)
  return { at: before + column, left: edge.left + column * width, top: edge.top + (row + 1) * height }
}

function widthOf(font: string): number {
  const context = document.createElement('canvas').getContext('2d')
  if (!context) return Number.NaN
  context.font = font
  return context.measureText('0'.repeat(100)).width / 100
}
