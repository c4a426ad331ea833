import * as z from 'zod/mini'
import { about, shaped } from './written-texts.ts'

const setName = z
  .string()
  .check(
    shaped(
      /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}( [A-Za-z0-9_][A-Za-z0-9_.-]{0,62}){0,2}$/,
      'a name of letters, digits, dots, dashes and underscores, or up to three such words',
    ),
    about('As the device names it: WAN_IN; "forward filter" on vyos-1.4 and 1.5; "inet filter forward" on linux.'),
  )

const filterSet = z.union([
  setName,
  z.strictObject({
    set: setName,
    first: z.optional(
      z
        .int()
        .check(z.gte(1), z.lte(999_999), about('The number of its first rule, before what drops. Default ruleBase.')),
    ),
  }),
])

const filterSets = z.union([filterSet, z.array(filterSet).check(z.minLength(1))])

/** Which packets of the tunnels a set of filters is for: of hosts, or of the gateways themselves. */
export const firewall = z.strictObject({
  fromPeers: z.optional(filterSets.check(about('Sets that packets of the peers for hosts here meet.'))),
  toPeers: z.optional(filterSets.check(about('Sets that packets of hosts here for the peers meet.'))),
  gatewayIn: z.optional(filterSets.check(about('Sets that IKE and ESP of the peers for this gateway meet.'))),
  gatewayOut: z.optional(
    filterSets.check(about('Sets that IKE and ESP of this gateway meet, where it filters those.')),
  ),
})
