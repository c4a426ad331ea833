import type { GivenConfig } from '@natplan/app'
import { NatplanError, nearest, type Platform, parseSiteName, platforms } from '@natplan/core'
import { standardInput } from '../files/standard-input.ts'
import { readNamed } from './read-text.ts'

export interface ConfigArguments {
  /** `SITE=FILE`, or `SITE:PLATFORM=FILE` for a text that does not tell its platform. */
  readonly files: readonly string[]
  /** `SITE=PLATFORM` for the same. */
  readonly platforms?: readonly string[] | undefined
}

/**
 * Reads the texts of several gateways.
 * @throws NatplanError USAGE, SITE_NAME_INVALID, and those of `readText`
 */
export function givenConfigs({ files, platforms: named = [] }: ConfigArguments): GivenConfig[] {
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
  return inputs.map(({ site, platform, path }) => ({
    site,
    platform: platform ?? wanted.get(site),
    text: readNamed(path),
  }))
}

interface FileArgument extends Omit<GivenConfig, 'text'> {
  readonly path: string
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

function platformOption(text: string): [GivenConfig['site'], Platform] {
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

/** Something to import: `FILE`, `SITE=FILE` or `SITE:PLATFORM=FILE`. */
export function givenSource(text: string): {
  readonly site: GivenConfig['site'] | undefined
  readonly platform: Platform | undefined
  readonly path: string
} {
  if (/^[A-Za-z][\w-]*(?::[^=]*)?=/.test(text)) return fileArgument(text)
  return { site: undefined, platform: undefined, path: text === '-' ? standardInput : text }
}
