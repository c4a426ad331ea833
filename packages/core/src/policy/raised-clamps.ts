import type { Device } from '../device/device.ts'
import { type Finding, findingOf, inConfig } from '../finding.ts'
import { abilities } from './abilities.ts'
import type { GatewayPolicy } from './gateway-policy.ts'

/** Segment sizes of a running gateway that become larger, on interfaces that carry more than the tunnels. */
export function raisedClamps({ clamps, site, platform }: GatewayPolicy, device: Device): Finding[] {
  const { clamp: where, filesReplacedWhole } = abilities[platform]
  if (filesReplacedWhole || where === 'virtual') return []
  return clamps.flatMap(({ interface: name, mss }) => {
    const found = device.clamps.find((one) => one.interface === name)
    if (!found || found.mss >= mss) return []
    return findingOf('MSS_RAISED', inConfig(found.line, device.file), {
      message: `the MSS clamp of ${name ?? 'the gateway'} is ${found.mss}, and would become ${mss}`,
      hint: 'leave that line out where something else needs the smaller one: tunnels work with it as well',
      about: { site },
    })
  })
}
