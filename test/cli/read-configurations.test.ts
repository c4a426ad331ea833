import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readConfiguration } from '../../packages/app/src/configs/read-configuration.ts'
import { type ConfigArguments, givenConfigs } from '../../packages/cli/src/input/config-arguments.ts'
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
    'empty.boot': 'interfaces {\n    x\n}\n',
    'name.txt': 'set system host-name gw\n',
    'bare.boot': 'interfaces {\n    ethernet eth0 {\n    }\n}\n',
    'drops.txt': 'set policy teleport on\n',
    'rules.nft': 'table inet natplan {\n}\n',
  })
  return files.map((file) => file.replace(/=(?=.)/, `=${folder}/`))
}

const readConfigurations = (given: ConfigArguments) => givenConfigs(given).map(readConfiguration)

describe('readConfiguration', () => {
  it('reads each text in the language that it is in', () => {
    const configs = readConfigurations({ files: inFolder(['cloud=cloud.txt', 'old=old.boot']) })
    expect(configs.map(({ site, platform, device }) => [site, platform, device.tunnels.length])).toEqual([
      ['cloud', 'vyos-1.4', 2],
      ['old', 'vyos-1.3', 3],
    ])
    expect(configs.map(({ findings }) => findings)).toEqual([[], []])
    expect(configs[0]?.device.unread.map(({ line, isPlaced }) => [line, isPlaced])).toEqual([[30, true]])
    expect(JSON.stringify(configs.map(({ device, document }) => [device, document]))).not.toMatch(
      /Horse|Another-Key|AnotherKey/,
    )
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
    ['a text that says nothing of a gateway', ['a=empty.boot'], [], 'USAGE'],
    ['a text that says nothing but a name', ['a:vyos-1.4=name.txt'], [], 'USAGE'],
    ['a file that is not there', ['a=missing.txt'], [], 'FILE_NOT_FOUND'],
  ])('refuses %s', (_, files, platforms, code) => {
    expect(() => readConfigurations({ files: inFolder(files), platforms })).toThrow(expect.objectContaining({ code }))
  })

  it('takes a gateway that does little, or of which nothing is understood, for one', () => {
    const files = inFolder(['a=bare.boot', 'b=drops.txt', 'c=rules.nft', 'd=vague.txt'])
    expect(readConfigurations({ files }).map(({ site }) => site)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('says what a file that tells nothing should hold', () => {
    const refusal = expect.objectContaining({
      message: expect.stringContaining('empty.boot says nothing of a gateway'),
      hint: expect.stringContaining('config.boot'),
    })
    expect(() => readConfigurations({ files: inFolder(['a=empty.boot']) })).toThrow(refusal)
  })
})
