import * as z from 'zod/mini'
import { platforms } from './platforms.ts'
import { firewall } from './written-firewall.ts'
import { about, addressText, shaped } from './written-texts.ts'

const interfaceName = z
  .string()
  .check(
    shaped(/^[A-Za-z][A-Za-z0-9._-]{0,30}$/, 'a name of letters, digits, dots, dashes and underscores, a letter first'),
    about('An interface name as the device shows it, such as eth1 or dp0bond1.'),
  )

const hostName = z.strictObject({
  host: z
    .string()
    .check(
      shaped(
        /^(?=.{1,126}$)(?!.*\.\d+$)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/,
        'a host name such as branch.example.net (an address stands alone: address: 192.0.2.1)',
      ),
      about('A name that peers look up, for an address that changes.'),
    ),
})

const outsideAddress = z
  .union([z.literal('dynamic'), addressText, hostName])
  .check(
    about(
      'The address of the interface. dynamic: it changes, peers cannot initiate to this gateway, and identity must be a name; host: it changes, and peers look it up.',
    ),
  )

const publicAddress = z
  .union([z.literal('dynamic'), addressText, hostName])
  .check(
    about(
      'What peers send to, when the gateway is behind a NAT and address is its private one: an address, a host name, or dynamic if peers cannot initiate.',
    ),
  )

const mtu = z.int().check(z.gte(1000), z.lte(9216), about('The path MTU towards the peers, in bytes. Default 1500.'))

export const gateway = z.strictObject({
  platform: z.optional(z.enum(platforms).check(about("The gateway's configuration language. Default generic."))),
  outside: z
    .strictObject({
      interface: z.optional(
        interfaceName.check(
          about(
            'Its interface as the device shows it, such as eth1 or dp0bond1. The gateways of azure, aws and gcp have none; every other one needs it.',
          ),
        ),
      ),
      address: outsideAddress,
      publicAddress: z.optional(publicAddress),
      mtu: z.optional(mtu),
    })
    .check(about('Where the tunnel ends: the internet side.')),
  uplinks: z.optional(
    z
      .record(
        z.string(),
        z.strictObject({
          interface: z.optional(interfaceName),
          address: outsideAddress,
          publicAddress: z.optional(publicAddress),
          mtu: z.optional(mtu),
          nextHop: z.optional(
            addressText.check(
              about(
                'The next router: packets of the tunnel to the peer are routed there. Without it such a route must exist already.',
              ),
            ),
          ),
        }),
      )
      .check(
        about(
          'Further uplinks to the internet by name, for second tunnels to the same peer; for the gateway of a cloud its further addresses, which have no interface. A name is a letter, then up to 14 letters, digits, "-" or "_".',
        ),
      ),
  ),
  inside: z.optional(z.strictObject({ interface: interfaceName }).check(about('The side of the subnets.'))),
  identity: z.optional(
    z
      .string()
      .check(
        shaped(/^[A-Za-z0-9@][A-Za-z0-9@.:_-]{0,126}$/, 'an address or a name of letters, digits and @ . : _ -'),
        about('The IKE identity of the gateway. Default: the address that peers send to.'),
      ),
  ),
  virtualInterface: z.optional(
    z
      .strictObject({
        name: z.optional(
          z
            .string()
            .check(
              shaped(/^vfp(0|[1-9][0-9]{0,8})$/, 'vfp and a number, such as vfp0'),
              about('Its name. Default vfp0.'),
            ),
        ),
        address: z.optional(addressText.check(about('Its address, used for nothing else. Default 169.254.123.123.'))),
      })
      .check(about('The virtual feature point behind the tunnels; only vyatta-5600 has one.')),
  ),
  firewall: z.optional(
    firewall.check(
      about(
        "Sets of the gateway's own firewall that get rules for the tunnels; with zones, the sets of the zone pairs. Without this key the rules are comments.",
      ),
    ),
  ),
  interfaceBase: z.optional(
    z
      .int()
      .check(
        z.gte(0),
        z.lte(8000),
        about('The first number of the virtual interfaces of tunnels, such as 100 for vti100. Default 100.'),
      ),
  ),
  ruleBase: z.optional(
    z
      .int()
      .check(
        z.gte(1),
        z.lte(999_999),
        about(
          'The first rule and selector number that natplan uses on this gateway. Default 1000. On edgeos, source rules use numbers 4000 higher.',
        ),
      ),
  ),
})
