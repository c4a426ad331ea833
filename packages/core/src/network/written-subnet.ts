import * as z from 'zod/mini'
import { about, addressText, prefixText, shaped } from './written-texts.ts'

const portNumber = z.int().check(z.gte(1), z.lte(65_535))

const forward = z.strictObject({
  port: portNumber.check(about('The port that the peers call.')),
  to: addressText.check(about('The host of the subnet that it leads to.')),
  toPort: z.optional(portNumber.check(about('The port of the host. Default: the same.'))),
  protocol: z.optional(z.enum(['tcp', 'udp']).check(about('Default tcp.'))),
})

export const subnet = z.strictObject({
  prefix: prefixText,
  name: z.optional(
    z
      .string()
      .check(
        shaped(
          /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}$/,
          'at most 63 letters, digits, blanks, dots, dashes and underscores, a letter or digit first',
        ),
        about('A name for people, such as warehouse.'),
      ),
  ),
  translate: z.optional(
    z
      .enum(['auto', 'always', 'never'])
      .check(
        about(
          'auto: translated where it collides (default; with translateTo: always). always: translated on every tunnel. never: an error if it would have to be.',
        ),
      ),
  ),
  translateTo: z.optional(prefixText.check(about('A pin: the translated prefix to use, of the same length.'))),
  hideBehind: z.optional(
    z
      .string()
      .check(
        about(
          'Many to one: an address such as 203.0.113.5, or a small prefix (/24 to /31), that all hosts of the subnet share towards the peers. Then only they open connections, except to forwards. Several subnets of a site may share it.',
        ),
      ),
  ),
  forwards: z.optional(
    z.array(forward).check(about('Ports of the hideBehind address that lead from the peers to hosts of the subnet.')),
  ),
  free: z.optional(
    z
      .array(prefixText)
      .check(
        about(
          'Parts of the subnet without hosts, such as 10.0.1.240/28: single hosts of other sites may have addresses there (translateTo or hideBehind). docs/tunnels.md says what is needed.',
        ),
      ),
  ),
})
