import type { Path } from '../finding.ts'
import { alternatives, inside, shapeOf } from './schema-types.ts'
import { planSchema } from './schemas.ts'

/** The keys that the mapping at a path of a plan file may have, in the order of the reference; none where they are names. */
export function keyOrder(path: Path): string[] {
  let types = alternatives(planSchema())
  for (const step of path) types = types.flatMap((type) => inside(type, step)).flatMap(alternatives)
  return [...new Set(types.flatMap((type) => Object.keys(shapeOf(type))))]
}
