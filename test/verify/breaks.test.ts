import { checks, flowFindingCodes, type Verification } from '@natplan/core'
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

  it('is reported under a code of some check, and every code is provoked', () => {
    const known = [...checks.flatMap(({ codes }) => codes), ...flowFindingCodes]
    const provoked = new Set(breaks.flatMap(({ codes }) => codes))
    expect([...provoked].filter((code) => !known.includes(code))).toEqual([])
    // Both ends at once, nodes beside the gateways, and devices that are made by hand, are broken in tests of their own.
    const elsewhere = [
      'START_NOBODY',
      'NODE_ROUTE_MISSING',
      'FLOW_UNANSWERED',
      'FLOW_DEFAULT_ROUTE',
      'FLOW_REVERSE_PATH',
      'FLOW_LOOPS',
      'FLOW_ANOTHER_HOST',
      'FLOW_PARTLY_FILTERED',
      'FLOW_IKE_BLOCKED',
      'FILTER_ADMITS_CLEAR',
      'FILTER_SHADOWED',
      'FILTER_WIDER_THAN_PLAN',
      'FILTER_DROPS_RELATED',
      'TUNNEL_ONE_SIDED',
      'FLOW_ESP_BLOCKED',
      'FILTER_NOT_FOLLOWED',
      'NAT_HIDES_PEERS',
      'NAT_ONE_WAY',
      'NAT_TARGET_MISSING',
      'SELECTOR_TAKES_LOCAL',
      'FAILOVER_UNSAFE',
      'PROOF_BOUNDED',
    ]
    expect(known.filter((code) => !provoked.has(code)).sort()).toEqual(elsewhere.sort())
  })

  it.each(['vyos-1.3', 'vyos-1.4', 'vyos-1.5'] as const)(
    'gets the word that %s has for a trap as a hint',
    (platform) => {
      const texts = acceptanceTexts(platform)
      const written = texts.get('cloud')?.text ?? ''
      const [line = '', word] = /connection-type '?([a-z]+)'?/.exec(written) ?? []
      texts.set('cloud', { platform, text: written.replace(line, "connection-type 'initiate'") })
      const leak = verifyTexts(texts).findings.find(({ code }) => code === 'TUNNEL_MAY_LEAK')
      expect(leak?.hint).toContain(`connection-type ${word}`)
    },
  )

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
