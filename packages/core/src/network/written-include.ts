import * as z from 'zod/mini'
import { about } from './written-texts.ts'

const pattern = z.string().check(z.minLength(1))
const columnName = z.string().check(z.minLength(1))

function columns(meaning: string) {
  return z.optional(z.union([columnName, z.array(columnName)]).check(about(meaning)))
}

const columnShape = {
  site: columns('The name of the site; rows of one site are joined.'),
  subnets: columns('Prefixes, one or more in a cell, or addresses with their masks in another column.'),
  mask: columns('The masks or lengths of these addresses.'),
  reserved: columns('Space in use at the site that no tunnel reaches.'),
  outside: columns('The address that peers call, a host name, or dynamic.'),
  interface: columns('The outside interface.'),
  inside: columns('The inside interface.'),
  identity: columns('The IKE identity.'),
  platform: columns('The platform; VyOS 1.4.2 is understood too.'),
  peer: columns('The sites to which there are tunnels.'),
  name: columns('The name of the subnet.'),
  status: columns('The status; rows with container, deleted, terminated or disassociated are left out.'),
}

const tableShape = {
  table: pattern.check(about('A table of sites (CSV, TSV); only the last part of the path may contain *.')),
  hub: z.optional(z.string().check(about('The site that has a tunnel to each site of the table.'))),
}

const aboutColumns = about(
  'Which columns to read, by name, or by number from 1 on, in quotes; a list for several. Default: guessed from their names.',
)
const table = z.strictObject({ ...tableShape, columns: z.optional(z.strictObject(columnShape).check(aboutColumns)) })

/** What the key `include` of a plan file may hold. */
export const writtenInclude = z
  .array(z.union([pattern, table]))
  .check(
    about(
      'Further files below the folder of the plan: of this form, whose sites and lists are added (sites/*.yaml), or tables of sites (branches.csv). Only the last part of a path may contain *.',
    ),
  )

/** The same with keys that are not known, of which the schema tells. */
export const readableInclude = z.array(
  z.union([pattern, z.object({ ...tableShape, columns: z.optional(z.object(columnShape)) })]),
)

/** A file that a plan includes, or a pattern for several. */
export type WrittenInclude = z.infer<typeof readableInclude>[number]
