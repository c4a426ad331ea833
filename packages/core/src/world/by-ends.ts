import type { PeerEnd } from './ends.ts'

/**
 * What was found for two ends of a tunnel, as long as they are there. By both sites and both tunnels: the same tunnel may stand in another world,
 * with other filters.
 */
export class ByEnds<Found> {
  readonly #known: WeakMap<object, WeakMap<object, WeakMap<object, WeakMap<object, { readonly found: Found }>>>> =
    new WeakMap()

  of(here: PeerEnd, there: PeerEnd, find: () => Found): Found {
    const known = below(below(below(this.#known, here.site), there.site), here.tunnel)
    const made = known.get(there.tunnel) ?? { found: find() }
    known.set(there.tunnel, made)
    return made.found
  }
}

function below<Found extends object>(
  map: WeakMap<object, WeakMap<object, Found>>,
  key: object,
): WeakMap<object, Found> {
  const known = map.get(key) ?? new WeakMap<object, Found>()
  map.set(key, known)
  return known
}
