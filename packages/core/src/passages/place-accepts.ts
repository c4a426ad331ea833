import type { Device, DeviceRule, RuleList, RuleSet } from '../device/device.ts'
import { type Finding, findingOf, inConfig } from '../finding.ts'
import { isOwn } from '../policy/own.ts'
import { type Accept, deviceWith } from '../verify/accepts.ts'

/** What a gateway does with the rules that sets which the plan names get, and what is wrong with these sets. */
export interface PlacedAccepts {
  readonly device: Device
  readonly findings: readonly Finding[]
}

/** Puts rules into the sets of a device, at their numbers or in front of all others. */
export function placeAccepts(device: Device, accepts: readonly Accept[]): PlacedAccepts {
  if (accepts.length === 0) return { device, findings: [] }
  const sets = writtenSets(device)
  const placed: Accept[] = []
  const missing = new Map<string, Accept>()
  const findings: Finding[] = []
  for (const accept of accepts) {
    const found = sets.get(accept.set.written?.path.join(' ') ?? '')
    if (!found) missing.set(accept.set.name, accept)
    else {
      placed.push({ ...accept, ...found, before: ruleBehind(found.set, accept) })
      findings.push(...taken(accept, found.set, device))
    }
  }
  return {
    device: deviceWith(device, placed),
    findings: [...findings, ...[...missing.values()].map((accept) => missingSet(accept, device))],
  }
}

type Place = Pick<Accept, 'list' | 'set'>

/** The sets that packets meet, by how they are written. */
function writtenSets({ lists }: Device): Map<string, Place> {
  const found = new Map<string, Place>()
  const visit = (list: RuleList, set: RuleSet): void => {
    const key = set.written?.path.join(' ')
    if (key !== undefined && found.has(key)) return
    if (key !== undefined) found.set(key, { list, set })
    for (const { action } of set.rules) if (action.kind === 'jump') visit(list, action.to)
  }
  for (const list of lists) if (list.kind === 'filter') visit(list, list)
  return found
}

/** Where rules have no numbers, new ones come first. */
function ruleBehind({ rules, written }: RuleSet, { number = 0 }: Accept): DeviceRule | undefined {
  if (written?.numbers.length === 0) return rules[0]
  return rules.find((rule) => rule.number !== undefined && rule.number > number)
}

function taken({ site, number }: Accept, set: RuleSet, { file }: Device): Finding[] {
  if (number === undefined || !set.written?.numbers.includes(number)) return []
  const rule = set.rules.find((one) => one.number === number)
  if (rule && isOwn(rule)) return []
  const message = `rule ${number} of ${set.name} at ${site} is somebody else's`
  const hint = `name a number for the first rule of natplan: { set: ${set.name}, first: NUMBER }`
  return [findingOf('FIREWALL_RULE_TAKEN', inConfig(rule?.line ?? set.line, file), { message, hint, about: { site } })]
}

function missingSet({ site, set: { name } }: Accept, { file }: Device): Finding {
  const message = `no packet meets a set ${name} at ${site}: the rules there let nothing pass`
  const hint = 'name the sets that drop what is not accepted'
  return findingOf('FIREWALL_SET_MISSING', inConfig(undefined, file), { message, hint, about: { site } })
}
