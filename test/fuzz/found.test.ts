import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { platformModule } from '@natplan/templates'
import { expect, it } from 'vitest'
import { root } from '../support/command.ts'
import { braceForm } from '../support/set-lines.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { problemsOf } from './try.ts'

const secret = 'ZqEXAMPLE7'
const dumpOf = (platform: string) => readFileSync(join(root, 'test', 'platforms', 'dumps', `${platform}.txt`), 'utf8')
const firewall = (line: string) =>
  `${dumpOf('linux')}\ntable inet more {\n chain all {\n  type filter hook forward priority 0; policy accept;\n${line}\n }\n}\n`
const swanctl = (version: string) =>
  `connections {\n a {\n  version = ${version}\n  local_addrs = 203.0.113.1\n  remote_addrs = 198.51.100.1\n  children { a { local_ts = 10.1.0.0/24\n remote_ts = 10.2.0.0/24 } }\n }\n}\n`
const peer = braceForm(dumpOf('vyos-1.4')).replace(
  /^(\s*peer \{)$/m,
  `$1\n{"authentication":{"pre-shared-secret":"${secret}"}}`,
)

it.each<[string, readonly string[], string]>([
  ['JSON in place of the name of a peer', ['verify', 'a:vyos-1.4=a.txt'], peer],
  ['a version that every object has', ['verify', 'a:linux=a.txt'], swanctl('constructor')],
  ['a key among prefixes', ['overlaps', 'a.txt'], `10.0.0.0/24\nset x pre-shared-secret ${secret}\n`],
  ['a key in a heading', ['overlaps', 'a.txt'], `pre-shared-secret ${secret},a\nx,y\n`],
  [
    'a key of JSON that nobody sees',
    ['overlaps', 'a.txt', '--output', 'json'],
    '{"cidr\u202e\u200b": ["10.0.0.0/24"], "cidr": "10.0.1.0/24"}',
  ],
  [
    'a tab in a name',
    ['plan', 'a.txt', '--output', 'yaml'],
    '{"version":1,"sites":{"\\t":{"subnets":[]}},"tunnels":[{"sites":["a","b"]}]}',
  ],
])('nothing is wrong with the answer to %s', async (_, args, text) => {
  expect(await problemsOf({ args, files: { 'a.txt': text }, secret }, temporaryFolder())).toEqual([])
})

it.each([`authentication shared ${secret}`, `{"pre-shared-secret":"${secret}"}`, `passphrase ${secret}`])(
  'no rule of a firewall shows the key of a line in its chain: %s',
  (line) => {
    const device = platformModule('linux')?.readDevice?.(firewall(line)).device
    const shown = JSON.stringify(device, (_, value) => (typeof value === 'bigint' ? String(value) : value))
    expect(shown).toContain('[hidden]')
    expect(shown).not.toContain(secret)
  },
)
