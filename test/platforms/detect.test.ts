import type { Platform } from '@natplan/core'
import { detectPlatform, platformModules, refusalOf } from '@natplan/templates'
import { describe, expect, it } from 'vitest'
import { acceptance, behindNat, hub, partialOverlap } from '../golden/platforms/cases.ts'
import { derive } from '../support/policies.ts'
import { braceForm, doubleQuoted, fullyQuoted } from '../support/set-lines.ts'

const readable = platformModules.filter(({ readDevice }) => readDevice !== undefined)

function rendered(platform: Platform, written: Parameters<typeof derive>[0]): string {
  const policy = derive(written).policies.find((one) => one.platform === platform)
  const module = platformModules.find((one) => one.platform === platform)
  const text = policy && module?.render(policy, { secrets: new Map() }).texts?.configure
  if (text === undefined) throw new Error(`nothing rendered for ${platform}`)
  return text
}

describe('detectPlatform', () => {
  const cases = { acceptance: (one: Platform) => acceptance(one, 'generic'), hub, partialOverlap, behindNat }
  const rows = readable.flatMap(({ platform }) =>
    Object.entries(cases).map(([name, written]) => [platform, name, written] as const),
  )

  it.each(rows)('knows what natplan wrote for %s (%s), in every form', (platform, _, written) => {
    const text = rendered(platform, written(platform))
    const forms = platform === 'linux' ? [text] : [text, doubleQuoted(text), fullyQuoted(text), braceForm(text)]
    // Without a trap, 1.5 writes what 1.4 does, and both read it alike.
    const tells = platform !== 'vyos-1.5' || text.includes("connection-type 'trap'")
    const expected = { platform: tells ? platform : 'vyos-1.4', isSure: true }
    for (const form of forms) expect(detectPlatform(form)).toMatchObject(expected)
  })

  it.each(rows)('is never asked of a text that is refused: what natplan wrote for %s (%s)', (platform, _, written) => {
    const text = rendered(platform, written(platform))
    const module = platformModules.find((one) => one.platform === platform)
    for (const one of [text, module?.script(text, 'configure') ?? text]) {
      expect([refusalOf(one), refusalOf(one, platform)]).toEqual([undefined, undefined])
      expect(module?.readDevice?.(one).device.unread.length).toBe(module?.readDevice?.(text).device.unread.length)
    }
  })

  it.each([
    ['a page', '<html></html>'],
    ['nothing', ''],
    ['words', 'hello world'],
  ])('gives no answer about %s', (_, text) => {
    expect(detectPlatform(text)).toBeUndefined()
  })

  it.each<[string, string, Platform, boolean]>([
    ['the release', '/* Release version: VC6.3-2011.07.21 */', 'vyatta-5400', true],
    ['the syntax', '/* === vyatta-config-version: "firewall@5:ipsec@3:nat@3:system@4" === */', 'vyatta-5400', true],
    ['a newer syntax', '/* === vyatta-config-version: "firewall@5:ipsec@4:nat@4:system@4" === */', 'edgeos', false],
    ['versions of Ubiquiti', '/* === vyatta-config-version: "nat@3:ubnt-util@1" === */', 'edgeos', true],
    ['nothing', '', 'edgeos', false],
  ])('does not take NAT under service for EdgeOS against %s', (_, comment, platform, isSure) => {
    const text = `service {\n    nat {\n        rule 10 {\n            type masquerade\n        }\n    }\n}\n${comment}\n`
    expect(detectPlatform(text)).toMatchObject({ platform, isSure })
  })

  it.each<[string, Platform]>([
    ['// Release version: 1.4.0', 'vyos-1.4'],
    ['// Release version: 1.5-rolling-202407100021', 'vyos-1.5'],
    ['// Release version: 1.2.9-S1', 'vyos-1.3'],
    ['/* Release version: VyOS 1.1.8 */', 'vyatta-5400'],
    ['/* Release version: EdgeRouter.ER-e50.v2.0.9-hotfix.7.5622731.230615.0857 */', 'edgeos'],
    ['/* Release version: v1.10.11.5274269.200221.1028 */', 'edgeos'],
    ['/* Release version: VSE6.6R5S2 */', 'vyatta-5400'],
    ['/* Release version: 5.2R6S8 */', 'vyatta-5600'],
    ['/* Release version: 1801zf */', 'vyatta-5600'],
    ['/* Release version: 2012g */', 'vyatta-5600'],
    ['// vyos-config-version: "bgp@5:ipsec@13:nat@8"', 'vyos-1.4'],
    ['// vyos-config-version: "firewall@5:ipsec@5:nat@5"', 'vyos-1.3'],
  ])('believes what a saved configuration says: %s', (comment, platform) => {
    const text = `interfaces {\n    loopback lo {\n    }\n}\n${comment}\n`
    expect(detectPlatform(text)).toMatchObject({ platform, isSure: true })
  })

  it.each([
    ['blank lines', '\n'.repeat(500_000)],
    ['blanks in a comment', `// Release version: ${' '.repeat(500_000)}x`],
    ['versions without an end', 'vyos-config-version: "'.repeat(50_000)],
    ['braces', 'a {\n'.repeat(200_000)],
  ])('is done at once with very many %s', (_, text) => {
    expect(detectPlatform(text)?.isSure).toBeFalsy()
  })

  it.each<[string, string, Platform]>([
    ['a release that is not known', '// Release version: 999.202102\nset nat66 source rule 1 exclude\n', 'vyos-1.4'],
    ['key exchange alone', 'set vpn ipsec ike-group I key-exchange ikev2\n', 'vyos-1.3'],
    ['groups alone', 'set vpn ipsec ike-group I proposal 1 dh-group 2\n', 'vyatta-5400'],
    ['nothing at all', 'set system host-name x\n', 'vyos-1.4'],
    [
      'only what can be read',
      "set nat source rule 1 outbound-interface eth0\nset nat source rule 1 translation address 'masquerade'\n",
      'vyos-1.3',
    ],
    ['a ruleset', '# Generated by iptables-save v1.8.9\n*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n', 'linux'],
  ])('judges by %s', (_, text, platform) => {
    const detection = detectPlatform(text)
    expect(detection?.platform).toBe(platform)
    expect(detection?.isSure).toBe(platform === 'linux' || text.includes('nat66'))
    expect(detection?.why).toBeTruthy()
  })
})
