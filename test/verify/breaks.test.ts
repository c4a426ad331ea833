import type { Verification } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { breaks } from './breaks.ts'
import { acceptanceTexts, brokenTexts, verifyTexts } from './configurations.ts'

function codesOf({ findings }: Verification): Set<string> {
  return new Set(findings.map(({ code }) => code))
}

describe('a configuration that is broken in one way', () => {
  it.each(breaks)('$platform: $why', (broken) => {
    // What a platform cannot do better is reported of the unbroken configuration as well.
    const before = codesOf(verifyTexts(acceptanceTexts(broken.platform)))
    const found = [...codesOf(verifyTexts(brokenTexts(broken)))].filter((code) => !before.has(code))
    expect(found.sort()).toEqual([...broken.codes].sort())
  })

  it('is shown in its file, and a rule on its own line', () => {
    for (const broken of breaks) {
      const texts = brokenTexts(broken)
      for (const { code, place } of verifyTexts(texts).findings) {
        expect(place.source).toBe('config')
        const text = texts.get(place.file?.replace('.txt', '') ?? '')?.text
        expect(text).toBeDefined()
        if (!code.startsWith('NAT_')) continue
        expect(text?.split('\n')[(place.line ?? 0) - 1]).toMatch(/ rule \d+ |[sd]nat ip prefix/)
      }
    }
  })
})
