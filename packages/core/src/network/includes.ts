import { includeSchema } from './schemas.ts'
import type { WrittenInclude } from './written-include.ts'

/** What a plan includes; `undefined` where that is not as the schema wants it. */
export function includesOf(data: unknown): readonly WrittenInclude[] | undefined {
  const result = includeSchema().safeParse(data)
  return result.success ? result.data : undefined
}
