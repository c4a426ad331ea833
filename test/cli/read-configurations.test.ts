import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readConfigurations } from '../../packages/cli/src/input/read-configurations.ts'
import { root } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const dump = (platform: string) => readFileSync(join(root, 'test', 'platforms', 'dumps', `${platform}.txt`), 'utf8')

const vague = 'set vpn ipsec ike-group I key-exchange ikev2\n'
/** The arguments with the names of files behind `=` turned into paths. */
function inFolder(files: readonly string[]): string[] {
  const folder = temporaryFolder({
    'cloud.txt': dump('vyos-1.4'),
    'old.boot': dump('vyos-1.3'),
    'vague.txt': vague,
    'none.txt': 'nothing of that kind\n',
  })
  return files.map((file) => file.replace(/=(?=.)/, `=${folder}/`))
}

describe('readConfigurations', () => {
  it('reads each text in the language that it is in', () => {
    const configs = readConfigurations({ files: inFolder(['cloud=cloud.txt', 'old=old.boot']) })
    expect(configs.map(({ site, platform, parsed }) => [site, platform, parsed.policy.tunnels.length])).toEqual([
      ['cloud', 'vyos-1.4', 1],
      ['old', 'vyos-1.3', 2],
    ])
    expect(configs[0]?.findings.map(({ code }) => code)).toEqual(['CONFIG_TUNNEL_INCOMPLETE', 'CONFIG_NOT_UNDERSTOOD'])
    expect(JSON.stringify(configs.map(({ findings }) => findings))).not.toMatch(/Horse|branch'|AnotherKey/)
  })

  it('says when the platform is only likely, unless it is told', () => {
    const codes = (files: readonly string[], platforms?: readonly string[]) =>
      readConfigurations({ files: inFolder(files), platforms }).flatMap(({ platform, findings }) => [
        platform,
        ...findings.map(({ code }) => code),
      ])
    expect(codes(['a=vague.txt'])).toEqual(['vyos-1.3', 'CONFIG_PLATFORM_LIKELY'])
    expect(codes(['a:edgeos=vague.txt'])).toEqual(['edgeos'])
    expect(codes(['a=vague.txt'], ['a=edgeos'])).toEqual(['edgeos'])
  })

  it.each<[string, string[], string[], string]>([
    ['no site', ['cloud.txt'], [], 'USAGE'],
    ['no file', ['cloud='], [], 'USAGE'],
    ['a site that is no name', ['1=x'], [], 'SITE_NAME_INVALID'],
    ['a platform that there is not', ['a:vyos=vague.txt'], [], 'USAGE'],
    ['a platform that cannot be read', ['a:generic=vague.txt'], [], 'USAGE'],
    ['one site twice', ['a=vague.txt', 'a=cloud.txt'], [], 'USAGE'],
    ['a platform of another site', ['a=vague.txt'], ['b=edgeos'], 'USAGE'],
    ['a text that is no configuration', ['a=none.txt'], [], 'USAGE'],
    ['a file that is not there', ['a=missing.txt'], [], 'FILE_NOT_FOUND'],
  ])('refuses %s', (_, files, platforms, code) => {
    expect(() => readConfigurations({ files: inFolder(files), platforms })).toThrow(expect.objectContaining({ code }))
  })
})
