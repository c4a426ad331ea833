import * as z from 'zod/mini'
import { about, shaped } from './written-texts.ts'

const setName = z
  .string()
  .check(
    shaped(
      /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}( [A-Za-z0-9_][A-Za-z0-9_.-]{0,62}){0,2}$/,
      'a name of letters, digits, dots, dashes and underscores, or up to three such words',
    ),
    about('The name on the device: WAN_IN; "forward filter" on vyos-1.4 and 1.5; "inet filter forward" on linux.'),
  )

const filterSet = z.union([
  setName,
  z.strictObject({
    set: setName,
    first: z.optional(
      z
        .int()
        .check(
          z.gte(1),
          z.lte(999_999),
          about('The number of its first rule, which must come before rules that drop. Default ruleBase.'),
        ),
    ),
  }),
])

const filterSets = z.union([filterSet, z.array(filterSet).check(z.minLength(1))])

/** Which packets of the tunnels a set of filters is for: of hosts, or of the gateways themselves. */
export const firewall = z.strictObject({
  fromPeers: z.optional(filterSets.check(about('Sets that filter packets from the peers to hosts here.'))),
  toPeers: z.optional(filterSets.check(about('Sets that filter packets from hosts here to the peers.'))),
  gatewayIn: z.optional(filterSets.check(about('Sets that filter IKE and ESP from the peers to this gateway.'))),
  gatewayOut: z.optional(
    filterSets.check(about('Sets that filter IKE and ESP from this gateway, if it filters them.')),
  ),
})
