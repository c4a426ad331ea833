import * as z from 'zod/mini'
import { mostInterface } from './lock.ts'

const peerList = z.union([z.literal('all'), z.array(z.string())])

const entry = z.strictObject({
  translated: z.optional(z.string()),
  hiddenBehind: z.optional(z.string()),
  translatedFor: z.optional(peerList),
  realFor: z.optional(peerList),
})

/** The lock file as it is written. */
export const writtenLock = z.strictObject({
  version: z.literal(1),
  sites: z.optional(z.record(z.string(), z.record(z.string(), entry))),
  released: z.optional(z.record(z.string(), z.record(z.string(), z.string()))),
  numbers: z.optional(
    z.record(z.string(), z.record(z.string(), z.record(z.string(), z.int().check(z.gte(1), z.lte(999_999))))),
  ),
  interfaces: z.optional(z.record(z.string(), z.record(z.string(), z.int().check(z.gte(0), z.lte(mostInterface))))),
})
