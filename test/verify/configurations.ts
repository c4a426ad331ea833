import { readFileSync } from 'node:fs'
import {
  type DeviceSource,
  derivePolicies,
  type Finding,
  flowsOfPlan,
  type GatewayPolicy,
  hasErrors,
  normalize,
  type Plan,
  type Platform,
  planNetwork,
  readNetwork,
  type Verification,
  verify,
  type WrittenNetwork,
  worldOfDevices,
  worldOfPlan,
} from '@natplan/core'
import { platformModule, Secret } from '@natplan/templates'
import { withIncluded } from '../../packages/app/src/plan/included.ts'
import { readDocument } from '../../packages/app/src/text/read-document.ts'
import { includedBeside } from '../../packages/cli/src/input/included-files.ts'
import { root } from '../support/command.ts'
import type { Written } from '../support/policies.ts'
import type { Break } from './breaks.ts'

/** A plan file of the examples, with all gateways of one platform where one is named. */
export function planOfExample(path: string, platform?: Platform): { plan: Plan; findings: readonly Finding[] } {
  const document = readDocument(path, readFileSync(path, 'utf8'), 'plan')
  const written = withIncluded(document, includedBeside(path)).data as WrittenNetwork
  const { value, findings: shape } = readNetwork(platform ? withPlatform(written, platform) : written)
  if (!value) throw new Error(shape.map(({ code, message }) => `${code} ${message}`).join('\n'))
  const { plan, findings } = planNetwork(value)
  if (!plan) throw new Error(findings.map(({ code, message }) => `${code} ${message}`).join('\n'))
  return { plan, findings }
}

/** Every site gets a gateway of the platform, at the address that it has or at one of its own. */
function withPlatform(network: WrittenNetwork, platform: Platform): WrittenNetwork {
  const sites = Object.entries(network.sites).map(([name, site], index) => {
    const other = { outside: { interface: 'eth1', address: `192.0.2.${index + 100}` }, inside: { interface: 'eth0' } }
    return [name, { ...site, gateway: { ...(site.gateway ?? other), platform } }]
  })
  return { ...network, sites: Object.fromEntries(sites) }
}

/** What the gateways of a plan get, by site: the text that a person would paste. */
export function textsOf(plan: Plan): {
  texts: Map<string, string>
  policies: readonly GatewayPolicy[]
  findings: readonly Finding[]
} {
  const { policies, findings } = derivePolicies(plan)
  if (hasErrors(findings)) throw new Error(findings.map(({ code, message }) => `${code} ${message}`).join('\n'))
  const texts = policies.map((policy) => {
    const secrets = new Map(policy.tunnels.map(({ peer }) => [peer, new Secret('abcdefghijklmnopqrstuvwxyz')]))
    const { texts } = moduleOf(policy.platform).render(policy, { secrets })
    if (!texts) throw new Error(`${policy.site} cannot be rendered`)
    const files = texts.files.map(({ text }) => text)
    return [policy.site, files.length > 0 ? files.join('\n') : texts.configure] as const
  })
  return { texts: new Map(texts), policies, findings }
}

function moduleOf(platform: Platform) {
  const module = platformModule(platform)
  if (!module) throw new Error(`no module for ${platform}`)
  return module
}

/** What a text makes of a site, as a gateway of a platform has it. The tests compare keys as they are: they are no secrets. */
export function sourceOf(site: string, { platform, text }: { platform: Platform; text: string }): DeviceSource {
  const { readDevice } = moduleOf(platform)
  if (!readDevice) throw new Error(`${platform} cannot be read back`)
  const { device, keys } = readDevice(text)
  const tunnels = device.tunnels.map((tunnel) => ({ ...tunnel, keyDigest: keys.get(tunnel.name)?.reveal() }))
  return { site, device: { ...device, file: `${site}.txt`, tunnels } }
}

/** Verifies texts against each other, as the command does without a plan file. */
export function verifyTexts(texts: ReadonlyMap<string, { platform: Platform; text: string }>): Verification {
  return verify(worldOfDevices([...texts].map(([site, text]) => sourceOf(site, text))).world)
}

/** The same against the plan that they are of. */
export function verifyAgainst(plan: Plan, texts: Parameters<typeof verifyTexts>[0]): Verification {
  const devices = [...texts].map(([site, text]) => [site, sourceOf(site, text).device] as const)
  const world = worldOfPlan(plan, new Map(devices))
  return verify(world, { flows: flowsOfPlan(plan, world) })
}

/** A plan, and what its gateways get, by site. */
export function planOf(written: Written): { plan: Plan; texts: Map<string, { platform: Platform; text: string }> } {
  const { value } = normalize({ version: 1, ...written })
  const plan = value && planNetwork(value).plan
  if (!plan) throw new Error('there is no plan')
  const { texts, policies } = textsOf(plan)
  return {
    plan,
    texts: new Map(policies.map(({ site, platform }) => [site, { platform, text: texts.get(site) ?? '' }])),
  }
}

/** The acceptance example with both gateways on one platform, by site. */
export function acceptanceTexts(platform: Platform): Map<string, { platform: Platform; text: string }> {
  const { texts } = textsOf(planOfExample(`${root}/examples/acceptance/natplan.yaml`, platform).plan)
  return new Map([...texts].map(([site, text]) => [site, { platform, text }]))
}

/** The same, broken in one way. */
export function brokenTexts({ platform, at, replace, by }: Break): Map<string, { platform: Platform; text: string }> {
  const texts = acceptanceTexts(platform)
  const text = texts.get(at)?.text ?? ''
  const broken = text.replace(replace, () => by)
  if (broken === text) throw new Error(`the configuration of ${at} has nothing to replace: ${replace}`)
  return texts.set(at, { platform, text: broken })
}
