import {
  type Finding,
  findingOf,
  inConfig,
  NatplanError,
  nearest,
  type Platform,
  parseSiteName,
  platforms,
  type SiteName,
} from '@natplan/core'
import { detectPlatform, emptinessOf, platformModule } from '@natplan/templates'
import { type ReadConfig, readConfig, readConfigText } from './read-config.ts'
import { nameOf } from './read-text.ts'
import { standardInput } from './standard-input.ts'

/** The configuration of the gateway of a site, which need not be in any plan. */
export interface SiteConfig extends ReadConfig {
  readonly site: SiteName
  readonly platform: Platform
}

export interface ConfigArguments {
  /** `SITE=FILE`, or `SITE:PLATFORM=FILE` for a text that does not tell its platform. */
  readonly files: readonly string[]
  /** `SITE=PLATFORM` for the same. */
  readonly platforms?: readonly string[] | undefined
}

/**
 * Reads the configurations of several gateways, each in the language that its text or the arguments name. A platform that is only
 * likely is a finding.
 * @throws NatplanError USAGE, SITE_NAME_INVALID, and those of `readText`
 */
export function readConfigurations({ files, platforms: named = [] }: ConfigArguments): SiteConfig[] {
  const wanted = new Map(named.map((option) => platformOption(option)))
  const inputs = files.map(fileArgument)
  const repeated = inputs.find(({ site }, index) => inputs.findIndex((other) => other.site === site) !== index)
  if (repeated) {
    throw new NatplanError('USAGE', `there are two configurations of ${repeated.site}`, {
      hint: 'put the texts of one gateway into one file',
    })
  }
  const unknown = [...wanted.keys()].find((site) => !inputs.some((input) => input.site === site))
  if (unknown !== undefined) throw new NatplanError('USAGE', `there is no configuration of ${unknown}`)
  return inputs.map(({ site, platform, path }) => readOne({ site, platform: platform ?? wanted.get(site), path }))
}

interface FileArgument {
  readonly site: SiteName
  readonly platform: Platform | undefined
  readonly path: string
}

function readOne({ site, platform: told, path }: FileArgument): SiteConfig {
  const text = readConfigText(path, told)
  const detection = told === undefined ? detectPlatform(text) : undefined
  const platform = told ?? detection?.platform
  const read = platform && platformModule(platform)?.readDevice
  if (!read) throw new NatplanError('USAGE', `natplan cannot read configuration of ${platform} back (${site})`)
  const config = readConfig(text, path, read)
  const emptiness = emptinessOf(text, config.device)
  if (emptiness) throw new NatplanError('USAGE', `${nameOf(path)} ${emptiness.why}`, { hint: emptiness.hint })
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

function fileArgument(text: string): FileArgument {
  const [left, path] = halves(text, 'SITE=FILE')
  const [site = '', platform, ...rest] = left.split(':')
  if (rest.length > 0) throw wrongForm(text, 'SITE=FILE')
  return {
    site: parseSiteName(site),
    platform: platform === undefined ? undefined : parsePlatform(platform),
    path: path === '-' ? standardInput : path,
  }
}

function platformOption(text: string): [SiteName, Platform] {
  const [site, platform] = halves(text, 'SITE=PLATFORM')
  return [parseSiteName(site), parsePlatform(platform)]
}

function parsePlatform(text: string): Platform {
  const platform = platforms.find((known) => known === text)
  if (platform) return platform
  const near = nearest(text, platforms)
  throw new NatplanError('USAGE', `there is no platform ${JSON.stringify(text)}`, {
    hint: near === undefined ? `known: ${platforms.join(', ')}` : `did you mean ${near}?`,
  })
}

function halves(text: string, form: string): [string, string] {
  const at = text.indexOf('=')
  if (at <= 0 || at === text.length - 1) throw wrongForm(text, form)
  return [text.slice(0, at), text.slice(at + 1)]
}

function wrongForm(text: string, form: string): NatplanError {
  return new NatplanError('USAGE', `${text} is not of the form ${form}`, {
    hint: 'for example cloud=running.txt, or cloud:vyos-1.3=running.txt',
  })
}
