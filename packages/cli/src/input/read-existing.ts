import { type GatewayPolicy, NatplanError } from '@natplan/core'
import { platformModule } from '@natplan/templates'
import { parseConfig, type RunningConfig, readConfigText } from './read-config.ts'

/**
 * Which file holds the running configuration of which site: `SITE=FILE`, or `FILE` alone when one site is meant anyway.
 * @throws NatplanError USAGE
 */
export function existingFiles(options: readonly string[], site: string | undefined): Map<string, string> {
  return new Map(
    options.map((option) => {
      const at = option.indexOf('=')
      if (at > 0) return [option.slice(0, at), option.slice(at + 1)] as const
      if (site !== undefined) return [site, option] as const
      throw new NatplanError('USAGE', `--existing ${option} does not say of which site`, {
        hint: 'write --existing SITE=FILE, or name one site with --site',
      })
    }),
  )
}

/** Reads the running configuration of a gateway in its platform's language. */
export function readExisting({ site, platform }: GatewayPolicy, path: string): RunningConfig {
  const parse = platformModule(platform)?.parse
  if (!parse) throw new NatplanError('USAGE', `natplan cannot read configuration of ${platform} back (${site})`)
  return parseConfig(readConfigText(path), path, parse)
}
