import { NatplanError, parseSiteName } from '@natplan/core'
import { detectPlatform, platformModule } from '@natplan/templates'
import { readConfiguration, type SiteConfig } from '../../configs/read-configuration.ts'
import { utf8 } from '../../prefixes/bytes.ts'
import type { TextPieces } from '../../prefixes/text-pieces.ts'
import type { Given, Source } from '../imported.ts'
import { importedGateways } from './imported-gateways.ts'

/** What running gateways say of themselves and of each other. */
export const gateways: Source = {
  name: 'gateways',
  about: 'SITE=FILE with the configuration of a running gateway, in any form that verify reads',
  recognises: ({ text, platform }) => platform !== undefined || isConfiguration(text),
  read: async (given) => importedGateways(await Promise.all(given.map(configOf))),
}

/** A text that is cut may end in the middle, as a whole one must not. */
function isConfiguration(text: string): boolean {
  const platform = detectPlatform(text)?.platform
  const { device } = (platform && platformModule(platform)?.readDevice?.(text)) ?? {}
  return device !== undefined && device.interfaces.length + device.tunnels.length + device.lists.length > 0
}

async function configOf({ site, platform, text }: Given): Promise<SiteConfig> {
  if (site === undefined) {
    throw new NatplanError('USAGE', `${text.name} does not say of which site it is`, {
      hint: `it is the configuration of a gateway: write SITE=${text.name}`,
    })
  }
  return readConfiguration({
    site: parseSiteName(site),
    platform,
    text: { name: text.name, text: await wholeText(text) },
  })
}

async function wholeText({ chunks }: TextPieces): Promise<string> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const chunk of all) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return utf8(bytes)
}
