import type { Platform } from '@natplan/core'
import { platformModule } from './platforms/index.ts'
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
  return { platform: bestReader(text), why: 'it says nothing that only one platform has', isSure: false }
}

/** Where all else is equal, the one that more people have comes first. */
const candidates: readonly Platform[] = ['vyos-1.4', 'vyos-1.3', 'edgeos', 'vyatta-5600', 'vyatta-5400']

/** A reader that leaves nothing out has understood most. */
function bestReader(text: string): Platform {
  let best: { readonly platform: Platform; readonly score: number } | undefined
  for (const platform of candidates) {
    const { score, isWhole } = outcomeOf(platform, text)
    if (best === undefined || score > best.score) best = { platform, score }
    if (isWhole && best.platform === platform) break
  }
  if (best === undefined) throw new Error('there are no candidates')
  return best.platform
}

/** What is read counts for a platform, what is not understood against it. */
function outcomeOf(platform: Platform, text: string): { readonly score: number; readonly isWhole: boolean } {
  const { device } = platformModule(platform)?.readDevice?.(text) ?? {}
  if (!device) return { score: Number.NEGATIVE_INFINITY, isWhole: false }
  const rules = device.lists.flatMap((list) => list.rules)
  const understood = [...device.tunnels, ...rules].filter(({ doubt }) => doubt === undefined)
  return { score: understood.length - device.unread.length, isWhole: device.unread.length === 0 }
}
