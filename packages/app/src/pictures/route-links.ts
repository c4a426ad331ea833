import type { Area, Point } from './placed.ts'

/** A link as the layout gives it: through the middles of what it passes, by the ids of the boxes at its ends. */
export interface RoutedLink {
  readonly ends: readonly [string, string]
  readonly points: readonly Point[]
  readonly label: Area | undefined
}

/** Along the layers and across them, whichever way these lie. */
interface Turned {
  readonly along: number
  readonly across: number
}

/** What lies in one layer, boxes and labels, from its first pixel to its last. */
interface Layer {
  readonly first: number
  readonly last: number
}

/** Pixels: room beside corners, between two links at a box, and before and behind what a link passes. */
const room = { corner: 14, ports: 16, layer: 4 }

/**
 * Ways on which links pass every layer straight and move sideways between two layers only, so that no link lies below the label of another or
 * behind a box; at a box they are apart, in the order of where they lead.
 */
export function waysOf(
  boxes: ReadonlyMap<string, Area>,
  links: readonly RoutedLink[],
  direction: 'right' | 'down',
): readonly (readonly Point[])[] {
  const turn = turnOf(direction)
  const layers = layersOf([...boxes.values(), ...links.flatMap(({ label }) => label ?? [])].map(turn.area))
  const inner = links.map(({ points }) => points.slice(1, -1).map(turn.point))
  const ports = portsOf(links, inner, (id) => {
    const area = boxes.get(id)
    if (!area) throw new Error(`no box ${id}`)
    return turn.area(area)
  })
  return links.map((_, index) => {
    const [from, to] = [ports.get(`${index} 0`), ports.get(`${index} 1`)]
    if (!from || !to) throw new Error('a link without ends')
    const passed = (inner[index] ?? []).map(({ along, across }) => ({ across, ...layerAt(layers, along) }))
    const isForward = from.along <= to.along
    const middle = passed.flatMap(({ across, first, last }) => {
      const edges = [first - room.layer, last + room.layer].map((along) => ({ along, across }))
      return isForward ? edges : edges.reverse()
    })
    const [start, end] = [from, to].map(({ across, inside }) => {
      const { first, last } = layerAt(layers, inside)
      return { across, first: first - room.layer, last: last + room.layer }
    }) as [Layer & Pick<Turned, 'across'>, Layer & Pick<Turned, 'across'>]
    const way = [
      from,
      { across: start.across, along: isForward ? start.last : start.first },
      ...middle,
      { across: end.across, along: isForward ? end.first : end.last },
      to,
    ]
    return straightened(way).map(turn.back)
  })
}

function turnOf(direction: 'right' | 'down') {
  const isDown = direction === 'down'
  return {
    point: ({ x, y }: Point): Turned => (isDown ? { along: y, across: x } : { along: x, across: y }),
    back: ({ along, across }: Turned): Point => (isDown ? { x: across, y: along } : { x: along, y: across }),
    area: ({ x, y, width, height }: Area): Block =>
      isDown
        ? { first: y, last: y + height, low: x, high: x + width }
        : { first: x, last: x + width, low: y, high: y + height },
  }
}

/** An area from `first` to `last` along the layers, and from `low` to `high` across them. */
interface Block extends Layer {
  readonly low: number
  readonly high: number
}

/** What has a common middle is one layer. */
function layersOf(blocks: readonly Block[]): ReadonlyMap<number, Layer> {
  const layers = new Map<number, Layer>()
  for (const { first, last } of blocks) {
    const key = Math.round((first + last) / 2)
    const known = layers.get(key)
    layers.set(key, { first: Math.min(first, known?.first ?? first), last: Math.max(last, known?.last ?? last) })
  }
  return layers
}

/** A layer that links alone pass has no depth. */
function layerAt(layers: ReadonlyMap<number, Layer>, along: number): Layer {
  const key = Math.round(along)
  const found = layers.get(key) ?? layers.get(key - 1) ?? layers.get(key + 1)
  return found ?? { first: along, last: along }
}

/** Where a link meets a box, and the middle of that. */
interface Port extends Turned {
  readonly inside: number
}

interface Wanted {
  readonly key: string
  readonly across: number
}

/** By the number of the link and of its end. */
function portsOf(
  links: readonly RoutedLink[],
  inner: readonly (readonly Turned[])[],
  blockOf: (id: string) => Block,
): ReadonlyMap<string, Port> {
  const sides = new Map<string, { block: Block; along: number; wanted: Wanted[] }>()
  for (const [index, { ends }] of links.entries()) {
    for (const [end, id] of ends.entries()) {
      const [block, far] = [blockOf(id), blockOf(ends[1 - end] ?? id)]
      const next = inner[index]?.at(end === 0 ? 0 : -1) ?? { along: middleOf(far), across: (far.low + far.high) / 2 }
      const along = next.along < middleOf(block) ? block.first : block.last
      const side = sides.get(`${id} ${along}`) ?? { block, along, wanted: [] }
      side.wanted.push({ key: `${index} ${end}`, across: next.across })
      sides.set(`${id} ${along}`, side)
    }
  }
  return new Map(
    [...sides.values()].flatMap(({ block, along, wanted }) =>
      spread(wanted, block).map(({ key, across }) => [key, { along, across, inside: middleOf(block) }] as const),
    ),
  )
}

function middleOf({ first, last }: Layer): number {
  return (first + last) / 2
}

/** As near as can be to where each leads, in that order and apart. */
function spread(wanted: readonly Wanted[], { low, high }: Block): Wanted[] {
  const sorted = [...wanted].sort((a, b) => a.across - b.across)
  const corner = Math.min(room.corner, (high - low) / 2)
  const [least, most] = [low + corner, high - corner]
  const step = sorted.length > 1 ? Math.min(room.ports, (most - least) / (sorted.length - 1)) : 0
  let before = Number.NEGATIVE_INFINITY
  const placed = sorted.map(({ key, across }, index) => {
    const behind = (sorted.length - 1 - index) * step
    before = Math.max(before + step, Math.min(Math.max(across, least), most - behind))
    return { key, across: before }
  })
  return placed
}

/** Without the points between which a way goes on as before. */
function straightened(way: readonly Turned[]): Turned[] {
  return way.filter((point, index) => {
    const [before, next] = [way[index - 1], way[index + 1]]
    if (!before || !next) return true
    return before.across !== point.across || next.across !== point.across
  })
}
