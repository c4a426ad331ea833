import { type Finding, findingOf, inConfig, NatplanError, type Platform, type SiteName } from '@natplan/core'
import { detectPlatform, emptinessOf, platformModule } from '@natplan/templates'
import type { NamedText } from '../text/documents.ts'
import { type ReadConfig, readConfig, requireConfig } from './read-config.ts'

/** The text of the gateway of a site, and the language that it is said to be in. */
export interface GivenConfig {
  readonly site: SiteName
  readonly platform: Platform | undefined
  readonly text: NamedText
}

/** The configuration of the gateway of a site, which need not be in any plan. */
export interface SiteConfig extends ReadConfig {
  readonly site: SiteName
  readonly platform: Platform
}

/**
 * Reads the configuration of a gateway, in the language that is given or that its text shows. A platform that is only likely is a finding.
 * @throws NatplanError USAGE
 */
export function readConfiguration({ site, platform: told, text: given }: GivenConfig): SiteConfig {
  requireConfig(given, told)
  const detection = told === undefined ? detectPlatform(given.text) : undefined
  const platform = told ?? detection?.platform
  const read = platform && platformModule(platform)?.readDevice
  if (!read) throw new NatplanError('USAGE', `natplan cannot read configuration of ${platform} back (${site})`)
  const config = readConfig(given, (text) => detection?.read ?? read(text))
  const emptiness = emptinessOf(given.text, config.device)
  if (emptiness) throw new NatplanError('USAGE', `${given.name} ${emptiness.why}`, { hint: emptiness.hint })
  const guess: Finding[] =
    detection && !detection.isSure
      ? [
          findingOf('CONFIG_PLATFORM_LIKELY', inConfig(), {
            message: `the configuration of ${site} is read as ${platform}: ${detection.why}`,
            hint: `write ${site}:PLATFORM=FILE if it is another one`,
          }),
        ]
      : []
  return { ...config, site, platform, findings: [...guess, ...config.findings] }
}
