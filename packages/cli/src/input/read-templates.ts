import { existsSync, statSync } from 'node:fs'
import { limits, type TemplatePack } from '@natplan/app'
import { NatplanError, nearest, type Platform, platforms } from '@natplan/core'
import { type OwnTemplate, type OwnTemplates, ownTemplate, platformModule } from '@natplan/templates'
import { HeldFolder } from '../files/held-folder.ts'
import { textOf } from './read-text.ts'

/**
 * Reads `DIR/<platform>/<template>.hbs`. A folder or file that replaces nothing is an error, since it was meant to. A pack may be a stranger's,
 * so no link in it is followed: it would print any file into the text of a gateway.
 * @throws NatplanError FILE_NOT_FOUND, FILE_IS_LINK, TEMPLATE_WRONG
 */
export function readTemplates(folder: string): TemplatePack {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new NatplanError('FILE_NOT_FOUND', `${folder} is not a folder`, { hint: 'it holds PLATFORM/TEMPLATE.hbs' })
  }
  return whileOpen(
    HeldFolder.open(folder),
    (pack) =>
      new Map(
        pack
          .names()
          .map((name) => platformOf(name, pack))
          .map((platform) => [platform, textsOf(platform, pack)]),
      ),
  )
}

function whileOpen<T>(folder: HeldFolder, work: (folder: HeldFolder) => T): T {
  try {
    return work(folder)
  } finally {
    folder.close()
  }
}

function platformOf(name: string, pack: HeldFolder): Platform {
  const platform = platforms.find((known) => known === name)
  if (platform) return platform
  const near = nearest(name, platforms)
  throw new NatplanError('TEMPLATE_WRONG', `${pack.shown(name)} is not named like a platform`, {
    hint: near ? `did you mean ${near}?` : `platforms: ${platforms.join(', ')}`,
  })
}

function textsOf(platform: Platform, pack: HeldFolder): OwnTemplates {
  const held = pack.folder(platform)
  if (!held) throw new NatplanError('TEMPLATE_WRONG', `${pack.shown(platform)} is not a folder`)
  const known = Object.keys(platformModule(platform)?.templates ?? {})
  return whileOpen(held, (folder) =>
    Object.fromEntries(
      folder.names().map((file) => {
        const name = file.replace(/\.hbs$/, '')
        if (file.endsWith('.hbs') && known.includes(name)) return [name, templateIn(folder, file)]
        const hint = `${platform} has ${known.map((one) => `${one}.hbs`).join(', ')}`
        throw new NatplanError('TEMPLATE_WRONG', `${folder.shown(file)} replaces no template`, { hint })
      }),
    ),
  )
}

function templateIn(folder: HeldFolder, file: string): OwnTemplate {
  const found = folder.file(file, limits.fileBytes.most)
  const bytes = found === 'other' ? undefined : found?.bytes
  if (bytes) return ownTemplate(textOf(bytes, folder.shown(file)))
  throw new NatplanError('TEMPLATE_WRONG', `${folder.shown(file)} is not a regular file, or too large for a template`)
}
