import type { Hook, Stage } from '../device/stages.ts'

/** Hooks that see the same addresses, one behind the other. */
export interface FilterStop {
  readonly position: 'before' | 'amid' | 'after'
  readonly hooks: readonly Hook[]
}

/** Where the filters of a gateway ask, told apart by its translations: those of the destination come first on every platform. */
export function filterStops(order: readonly Stage[]): FilterStop[] {
  const stops = new Map<FilterStop['position'], Hook[]>()
  let position: FilterStop['position'] = 'before'
  for (const stage of order) {
    if (stage.kind === 'translate') position = stage.side === 'destination' ? 'amid' : 'after'
    if (stage.kind !== 'filters') continue
    const hooks = stops.get(position) ?? []
    stops.set(position, hooks)
    if (!hooks.includes(stage.hook)) hooks.push(stage.hook)
  }
  return [...stops].map(([at, hooks]) => ({ position: at, hooks }))
}
