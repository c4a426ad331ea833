import type { Device, Platform } from '@natplan/core'
import { platformModule } from './platforms/index.ts'
import type { ReadDevice } from './read-device.ts'
import { isLinux, refusalOf } from './refusal.ts'
import { evidence } from './vyatta/evidence.ts'
import { seenConfig } from './vyatta/read-config.ts'
import { releaseOf } from './vyatta/release.ts'

/** In which platform's language a text is written. */
export interface Detection {
  readonly platform: Platform
  /** What in the text says so, as the end of a sentence. */
  readonly why: string
  /** Only this platform, or one that is read alike, has such a thing. */
  readonly isSure: boolean
  /** What the platform's reader made of the text, where that was how it was found out. */
  readonly read?: ReadDevice
}

/**
 * Finds out of which platform a configuration is: by the release that it names, then by what only one language has; when nothing tells,
 * the platform that understands most of it. `undefined` for a text that `refusalOf` refuses.
 */
export function detectPlatform(text: string): Detection | undefined {
  if (refusalOf(text)) return undefined
  if (isLinux(text))
    return {
      platform: 'linux',
      why: 'it has tables of nftables or iptables, or connections of strongSwan',
      isSure: true,
    }
  const release = releaseOf(text)
  if (release) return { ...release, isSure: true }
  const { root } = seenConfig(text)
  const found = evidence.find(({ isThere }) => isThere(root, text))
  if (found) return { platform: found.platform, why: found.why, isSure: found.isSure }
  return { ...bestReading(text), why: 'it says nothing that only one platform has', isSure: false }
}

/** Where all else is equal, the one that more people have comes first. */
const candidates: readonly Platform[] = ['vyos-1.4', 'vyos-1.3', 'edgeos', 'vyatta-5600', 'vyatta-5400']

/** A reader that leaves nothing out has understood most. */
function bestReading(text: string): Required<Pick<Detection, 'platform' | 'read'>> {
  let best: { readonly platform: Platform; readonly read: ReadDevice; readonly score: number } | undefined
  for (const platform of candidates) {
    const read = platformModule(platform)?.readDevice?.(text)
    if (!read) continue
    const score = scoreOf(read.device)
    if (best === undefined || score > best.score) best = { platform, read, score }
    if (best.read === read && read.device.unread.length === 0) break
  }
  if (best === undefined) throw new Error('no candidate reads configurations')
  return { platform: best.platform, read: best.read }
}

/** What is read counts for a platform, what is not understood against it. */
function scoreOf({ lists, tunnels, unread }: Device): number {
  const rules = lists.flatMap((list) => list.rules)
  return [...tunnels, ...rules].filter(({ doubt }) => doubt === undefined).length - unread.length
}
