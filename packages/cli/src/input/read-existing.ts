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
import type { Document } from './documents.ts'
import { inFile, linesOf, readConfigText } from './read-config.ts'
import { nameOf } from './read-text.ts'
import { markStandardInput } from './standard-input.ts'

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

/**
 * Which file holds the running configuration of which site: `SITE=FILE`, or `FILE` alone when one site is meant anyway; `-` is standard
 * input. `option` is what the command line calls them.
 * @throws NatplanError USAGE
 */
export function existingFiles(
  texts: readonly string[],
  { site, option = '' }: { readonly site: string | undefined; readonly option?: string },
): Map<string, string> {
  const files = new Map<string, string>()
  for (const text of texts) {
    const at = text.indexOf('=')
    const of = at > 0 ? text.slice(0, at) : site
    if (of === undefined) {
      throw new NatplanError('USAGE', `${option}${nameOf(text)} does not say of which site`, {
        hint: `write ${option}SITE=FILE, or name one site with --site`,
      })
    }
    if (files.has(of)) throw new NatplanError('USAGE', `two running configurations of ${of} are named`)
    const [file = ''] = markStandardInput([at > 0 ? text.slice(at + 1) : text])
    files.set(of, file)
  }
  return files
}

/** Reads the running configuration of a gateway in its platform's language; `interfaces` and `routes` are those of its policy. */
export function readRunning(
  policy: Pick<GatewayPolicy, 'site' | 'platform' | 'interfaces' | 'routes' | 'tunnels'>,
  path: string,
): RunningConfig {
  const { site, platform } = policy
  const compare = platformModule(platform)?.compare
  if (!compare) throw new NatplanError('USAGE', `natplan cannot read configuration of ${platform} back (${site})`)
  const text = readConfigText(path, platform)
  const document = linesOf(path)
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
