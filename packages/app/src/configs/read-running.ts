import {
  type Device,
  type DeviceShares,
  type Finding,
  type GatewayPolicy,
  NatplanError,
  type Platform,
  type SiteName,
} from '@natplan/core'
import { detectPlatform, platformModule } from '@natplan/templates'
import type { Document, NamedText } from '../text/documents.ts'
import { inFile, linesOf, requireConfig } from './read-config.ts'

/** The running configuration of one gateway. */
export interface RunningConfig {
  readonly site: SiteName
  readonly text: string
  readonly document: Document
  readonly shares: DeviceShares
  /** The device that the text shows in the language that it is in, which need not be that of the plan. */
  readonly shown: Device
  /** What is wrong with the text itself; lines that were not followed are told where they could matter. */
  readonly findings: readonly Finding[]
}

/** Reads the running configuration of a gateway in its platform's language; `interfaces` and `routes` are those of its policy. */
export function readRunning(
  policy: Pick<GatewayPolicy, 'site' | 'platform' | 'interfaces' | 'routes' | 'tunnels'>,
  given: NamedText,
): RunningConfig {
  const { site, platform } = policy
  const compare = platformModule(platform)?.compare
  if (!compare) throw new NatplanError('USAGE', `natplan cannot read configuration of ${platform} back (${site})`)
  requireConfig(given, platform)
  const { text } = given
  const document = linesOf(given.name)
  const { own, others } = compare.split(text, policy)
  return {
    site,
    text,
    document,
    shares: { own: inFile(own.device, document), others: inFile(others.device, document) },
    shown: inFile(asShown(text, platform), document),
    findings: others.findings,
  }
}

function asShown(text: string, platform: Platform): Device {
  const detected = detectPlatform(text)
  const language = detected?.isSure ? detected.platform : platform
  const read = platformModule(language)?.readDevice
  if (!read) throw new NatplanError('USAGE', `natplan cannot read configuration of ${language} back`)
  return read(text).device
}
