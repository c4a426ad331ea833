import type { Table } from '@natplan/app'
import { useEffect, useRef, useState } from 'preact/hooks'
import { DataTable } from './data-table.tsx'
import { download } from './download.ts'

/** natplan's own picture; a site in it shows all that it calls and is called. */
export function PictureView({
  svg,
  sights,
  sites,
}: {
  readonly svg: string
  readonly sights: readonly Table[]
  readonly sites: readonly string[]
}) {
  const [site, setSite] = useState<string | undefined>(undefined)
  const known = site !== undefined && sites.includes(site) ? site : undefined
  return (
    <>
      <ZoomedPicture svg={svg} onSite={(title) => setSite(sites.find((name) => isTitleOf(title, name)))} />
      <p class="tools">
        <label>
          All faces of{' '}
          <select value={known ?? ''} onChange={(event) => setSite(event.currentTarget.value || undefined)}>
            <option value="">choose a site …</option>
            {sites.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <button type="button" onClick={() => download('natplan.svg', svg)}>
          Download the picture
        </button>
      </p>
      {known !== undefined &&
        sights.slice(0, 1).map((table) => <DataTable key={known} table={facesOf(table, known)} />)}
    </>
  )
}

function facesOf(table: Table, site: string): Table {
  const rows = table.rows.filter(
    ([one = '', other = '']) => one === site || other === site || other.startsWith(`${site} `),
  )
  return { ...table, title: `What ${site} calls and is called`, rows }
}

const steps = { '+': 1.25, '=': 1.25, '-': 0.8 } as const

/** Moved by dragging and scrolling, enlarged by two fingers, by the wheel with Ctrl, by buttons and by + and -. */
export function ZoomedPicture({ svg, onSite }: { readonly svg: string; readonly onSite?: (title: string) => void }) {
  const frame = useRef<HTMLDivElement>(null)
  const [chosen, setZoom] = useState<number | undefined>(undefined)
  const [fitting, setFitting] = useState(1)
  const zoom = chosen ?? fitting
  const shown = useRef<{ readonly svg: string; readonly zoom: number } | undefined>(undefined)
  const still = useRef<Point | undefined>(undefined)
  const pinch = useRef<{ readonly zoom: number; readonly distance: number } | undefined>(undefined)
  const set = (wanted: number | undefined, at?: Point) => {
    still.current = at
    setZoom(wanted)
  }
  const enlarge = (wanted: number, at?: Point) => set(Math.min(8, Math.max(0.1, wanted)), at)
  const by = (factor: number, at?: Point) => enlarge(zoom * factor, at)
  useEffect(() => {
    const picture = frame.current?.querySelector('svg')
    const [, , width = 0, height = 0] = (picture?.getAttribute('viewBox') ?? '').split(' ').map(Number)
    setFitting(fittingZoom(width, frame.current?.clientWidth ?? width))
    picture?.setAttribute('width', String(width * zoom))
    picture?.setAttribute('height', String(height * zoom))
    if (frame.current && shown.current?.svg === svg) keepStill(frame.current, zoom / shown.current.zoom, still.current)
    shown.current = { svg, zoom }
  }, [svg, zoom])
  const onKey = (event: KeyboardEvent) => {
    const factor = steps[event.key as keyof typeof steps]
    if (factor === undefined || event.ctrlKey) return
    event.preventDefault()
    by(factor)
  }
  return (
    <div class="picture">
      <div class="tools">
        <button type="button" onClick={() => by(1.25)}>
          Larger
        </button>
        <button type="button" onClick={() => by(0.8)}>
          Smaller
        </button>
        <button type="button" onClick={() => set(undefined)}>
          Fit
        </button>
      </div>
      <section
        class="scroll frame"
        ref={frame}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not move what is in it
        tabIndex={0}
        aria-label="Picture; plus and minus change its size"
        onKeyDown={onKey}
        onWheel={(event) => {
          if (!event.ctrlKey) return
          event.preventDefault()
          by(event.deltaY < 0 ? 1.1 : 0.9, event)
        }}
        onTouchStart={({ touches }) => {
          pinch.current = { zoom, distance: fingersOf(touches)?.distance ?? 0 }
        }}
        onTouchMove={(event) => {
          const fingers = fingersOf(event.touches)
          if (!fingers || !pinch.current?.distance) return
          event.preventDefault()
          enlarge((pinch.current.zoom * fingers.distance) / pinch.current.distance, fingers.middle)
        }}
        onPointerDown={(event) => drag(event)}
        onClick={(event) => {
          const title = titleAt(event.target)
          if (title !== undefined) onSite?.(title)
        }}
        dangerouslySetInnerHTML={{ __html: svg }}
      />
    </div>
  )
}

/** In the window. */
interface Point {
  readonly clientX: number
  readonly clientY: number
}

/** Scrolls so that what is at a point, or in the middle, stays there. */
function keepStill(frame: HTMLElement, factor: number, at: Point | undefined): void {
  const { left, top, width, height } = frame.getBoundingClientRect()
  const [x, y] = at ? [at.clientX - left, at.clientY - top] : [width / 2, height / 2]
  frame.scrollTo((frame.scrollLeft + x) * factor - x, (frame.scrollTop + y) * factor - y)
}

/** Two fingers, and no more. */
function fingersOf(touches: TouchList): { readonly distance: number; readonly middle: Point } | undefined {
  const [one, other, third] = touches
  if (!one || !other || third) return undefined
  const middle = { clientX: (one.clientX + other.clientX) / 2, clientY: (one.clientY + other.clientY) / 2 }
  return { distance: Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY), middle }
}

/** As wide as its place, but never too small to read. */
function fittingZoom(width: number, place: number): number {
  return Math.min(1, Math.max(0.6, place / width))
}

/** Reports whether a box is that of a site; behind the name may stand what else it is. */
export function isTitleOf(title: string, site: string): boolean {
  return title === site || title.startsWith(`${site} `)
}

/** The heading of the box that was clicked. */
function titleAt(target: EventTarget | null): string | undefined {
  const box = target instanceof Element ? target.closest('g') : null
  return box?.querySelector('text.name')?.textContent ?? undefined
}

function drag(down: PointerEvent): void {
  const frame = down.currentTarget
  if (!(frame instanceof HTMLElement) || down.pointerType !== 'mouse') return
  const from = { left: frame.scrollLeft + down.clientX, top: frame.scrollTop + down.clientY }
  const move = ({ clientX, clientY }: PointerEvent) => frame.scrollTo(from.left - clientX, from.top - clientY)
  const up = () => {
    removeEventListener('pointermove', move)
    removeEventListener('pointerup', up)
  }
  addEventListener('pointermove', move)
  addEventListener('pointerup', up)
}
