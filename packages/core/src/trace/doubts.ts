import type { Device, Doubt, Touch } from '../device/device.ts'
import type { WorldSite } from '../world/world.ts'
import type { DoubtAt } from './step.ts'

/** What a doubt is about: `filters` can only drop a packet, the others may send it any way. */
export type DoubtKind = 'filters' | 'other'

/** Gathers what makes the end of a walk uncertain. */
export class Doubts {
  readonly #lists = new Set<readonly DoubtAt[]>()
  readonly #single = new Map<string, DoubtAt>()
  #canChangeTheWay = false

  /** Lines of a device that no rule stands for. */
  addUnread(site: WorldSite, touch: Touch): void {
    const list = unplacedOf(site)[touch]
    if (list.length === 0) return
    this.#lists.add(list)
    if (touch !== 'filters') this.#canChangeTheWay = true
  }

  add(site: string, doubt: Doubt, kind: DoubtKind = 'other'): void {
    this.#single.set(`${site} ${doubt.line} ${doubt.what}`, { site, doubt })
    if (kind === 'other') this.#canChangeTheWay = true
  }

  get isEmpty(): boolean {
    return this.#lists.size === 0 && this.#single.size === 0
  }

  /** Whether something may let the packet go another way, and not only end it. */
  get canChangeTheWay(): boolean {
    return this.#canChangeTheWay
  }

  get all(): readonly DoubtAt[] {
    const lists = [...this.#lists]
    const [only] = lists
    if (only && lists.length === 1 && this.#single.size === 0) return only
    const known = new Map(this.#single)
    for (const one of lists.flat()) known.set(`${one.site} ${one.doubt.line} ${one.doubt.what}`, one)
    return [...known.values()]
  }
}

type Unplaced = Readonly<Record<Touch, readonly DoubtAt[]>>

const unplaced = new WeakMap<Device, Unplaced>()

function unplacedOf({ name, device }: WorldSite): Unplaced {
  const known = unplaced.get(device)
  if (known) return known
  const of = (touch: Touch): DoubtAt[] =>
    device.unread
      .filter((one) => one.touches === touch && !one.isPlaced)
      .map(({ line, text, file }) => ({
        site: name,
        doubt: { line, what: text, ...(file === undefined ? {} : { file }) },
      }))
  const made = {
    nat: of('nat'),
    filters: of('filters'),
    routes: of('routes'),
    tunnels: of('tunnels'),
    anything: of('anything'),
  }
  unplaced.set(device, made)
  return made
}
