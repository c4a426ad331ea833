import { type GatewayTexts, replaceTexts, startTunnels } from './gateway.ts'
import type { Lab } from './lab.ts'
import { type LabPacket, type PacketFate, sendPackets } from './packets.ts'

/** Packets under configurations that may be wrong in any way. */
export interface Scenario {
  /** By site; a site that is not named keeps what it has. */
  readonly gateways: ReadonlyMap<string, GatewayTexts>
  readonly packets: readonly LabPacket[]
}

export interface ScenarioResult {
  /** What nft or swanctl said to texts that they refused, by site; what was in force before is in force still. */
  readonly refused: ReadonlyMap<string, string>
  /** By packet. */
  readonly fates: readonly PacketFate[]
}

export interface ScenarioOptions {
  /** Milliseconds to wait for an answer: every tunnel that can come up is up by then. */
  readonly timeout: number
}

/** Puts each scenario's texts into force, brings up every tunnel that comes up, and reports what happens to its packets. */
export async function runScenarios(
  lab: Lab,
  scenarios: readonly Scenario[],
  { timeout }: ScenarioOptions,
): Promise<ScenarioResult[]> {
  const inForce = new Map<string, GatewayTexts>()
  const results: ScenarioResult[] = []
  for (const { gateways, packets } of scenarios) {
    const changed = new Map([...gateways].filter(([site, texts]) => !isSame(texts, inForce.get(site))))
    for (const [site, texts] of changed) inForce.set(site, texts)
    const refused = await replaceAll(lab, changed)
    // Who initiates decides what a pair of unequal selectors becomes, so it is the same one each time.
    const sites = changed.size > 0 ? lab.topology.gateways : []
    for (const { site } of sites) await startTunnels(lab.gateway(site), tunnelTimeout)
    results.push({ refused, fates: await sendPackets(lab, packets, { timeout }) })
  }
  return results
}

/** Seconds. */
const tunnelTimeout = 5

async function replaceAll(lab: Lab, gateways: ReadonlyMap<string, GatewayTexts>): Promise<Map<string, string>> {
  const refused = new Map<string, string>()
  await Promise.all(
    [...gateways].map(async ([site, texts]) => {
      const { status, stdout, stderr } = await replaceTexts(lab.gateway(site), texts)
      if (status !== 0) refused.set(site, `${stdout}${stderr}`.trim())
    }),
  )
  return refused
}

function isSame(texts: GatewayTexts, other: GatewayTexts | undefined): boolean {
  return texts.ruleset === other?.ruleset && texts.connections === other.connections
}
