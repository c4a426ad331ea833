import { type GivenRoutes, type LoadedWorld, worldOfTexts } from '@natplan/app'
import { optimizeLater } from '../optimize-later.ts'
import { givenConfigs } from './config-arguments.ts'
import { loadPlan } from './load-plan.ts'
import { readNamed } from './read-text.ts'

/** Where a world comes from: a plan file, configurations, or both. */
export interface WorldOptions {
  readonly file?: string | undefined
  readonly lock?: string | undefined
  /** `SITE=FILE` or `SITE:PLATFORM=FILE`. */
  readonly configs?: readonly string[] | undefined
  /** What gateways and nodes show of their routes: `SITE=FILE`, or `FILE` for nodes of the first site. */
  readonly routes?: readonly string[] | undefined
}

/** Configurations without a plan file stand for themselves; a plan file is read when it is named or when nothing else is. */
export function loadWorld(options: WorldOptions): LoadedWorld {
  const configs = givenConfigs({ files: options.configs ?? [] })
  optimizeLater(configs.length)
  const usesPlan = options.file !== undefined || configs.length === 0
  const loaded = usesPlan ? loadPlan(options) : undefined
  return worldOfTexts({ loaded, configs, routes: (options.routes ?? []).map(givenRoutes) })
}

function givenRoutes(option: string): GivenRoutes {
  const at = option.indexOf('=')
  const path = at > 0 ? option.slice(at + 1) : option
  return { site: at > 0 ? option.slice(0, at) : undefined, text: readNamed(path) }
}
