import type { Verification } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { root } from '../support/command.ts'
import { type Break, breaks } from './breaks.ts'
import { planOfExample, textsOf, verifyTexts } from './configurations.ts'

const example = `${root}/examples/acceptance/natplan.yaml`

function textsFor(platform: Break['platform']) {
  const { texts } = textsOf(planOfExample(example, platform).plan)
  return new Map([...texts].map(([site, text]) => [site, { platform, text }]))
}

function verifyBroken({ platform, at, replace, by }: Break): Verification {
  const texts = textsFor(platform)
  const text = texts.get(at)?.text ?? ''
  const broken = text.replace(replace, () => by)
  expect(broken).not.toBe(text)
  return verifyTexts(texts.set(at, { platform, text: broken }))
}

/** What a platform cannot do better is reported of the unbroken configuration as well. */
function codesOf({ findings }: Verification): Set<string> {
  return new Set(findings.map(({ code }) => code))
}

describe('a configuration that is broken in one way', () => {
  it.each(breaks)('$platform: $why', (broken) => {
    const before = codesOf(verifyTexts(textsFor(broken.platform)))
    const verification = verifyBroken(broken)
    const found = [...codesOf(verification)].filter((code) => !before.has(code))
    expect(found.sort()).toEqual([...broken.codes].sort())
  })
})
