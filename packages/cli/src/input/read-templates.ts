import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { NatplanError, nearest, type Platform, platforms } from '@natplan/core'
import { platformModule, type TemplateTexts } from '@natplan/templates'
import { readText } from './read-text.ts'

/** A user's own templates by platform. */
export type TemplatePack = ReadonlyMap<Platform, TemplateTexts>

/**
 * Reads `DIR/<platform>/<template>.hbs`. A folder or file that replaces nothing is an error, since it was meant to.
 * @throws NatplanError FILE_NOT_FOUND, TEMPLATE_WRONG
 */
export function readTemplates(folder: string): TemplatePack {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new NatplanError('FILE_NOT_FOUND', `${folder} is not a folder`, { hint: 'it holds PLATFORM/TEMPLATE.hbs' })
  }
  return new Map(readdirSync(folder).map((name) => [platformOf(name, folder), textsOf(name, folder)]))
}

function platformOf(name: string, folder: string): Platform {
  const platform = platforms.find((known) => known === name)
  if (platform) return platform
  const near = nearest(name, platforms)
  throw new NatplanError('TEMPLATE_WRONG', `${join(folder, name)} is not named like a platform`, {
    hint: near ? `did you mean ${near}?` : `platforms: ${platforms.join(', ')}`,
  })
}

function textsOf(platform: string, folder: string): TemplateTexts {
  const known = Object.keys(platformModule(platform as Platform)?.templates ?? {})
  const texts = readdirSync(join(folder, platform)).map((file) => {
    const name = file.replace(/\.hbs$/, '')
    if (file.endsWith('.hbs') && known.includes(name)) return [name, readText(join(folder, platform, file))] as const
    const hint = `${platform} has ${known.map((one) => `${one}.hbs`).join(', ')}`
    throw new NatplanError('TEMPLATE_WRONG', `${join(folder, platform, file)} replaces no template`, { hint })
  })
  return Object.fromEntries(texts)
}
