import { describe, expect, it } from 'vitest'
import { natplan } from '../support/command.ts'
import { invisible } from '../support/invisible.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const trick = '\u001b[2K\u001b[1A\u001b[32mproven\u202e\u009b'

const tunnel = (peer: string) => `set interfaces ethernet eth0 address '203.0.113.1/24'
set interfaces ethernet eth1 address '10.1.0.1/24'
set vpn ipsec esp-group E proposal 1 encryption 'aes256'
set vpn ipsec esp-group E proposal 1 hash 'sha256'
set vpn ipsec ike-group I key-exchange 'ikev2'
set vpn ipsec ike-group I proposal 1 dh-group '14'
set vpn ipsec ike-group I proposal 1 encryption 'aes256'
set vpn ipsec ike-group I proposal 1 hash 'sha256'
set vpn ipsec site-to-site peer '${peer}' remote-address '198.51.100.1'
set vpn ipsec site-to-site peer '${peer}' authentication remote-id '${trick}'
set vpn ipsec site-to-site peer '${peer}' default-esp-group 'E'
set vpn ipsec site-to-site peer '${peer}' ike-group 'I'
set vpn ipsec site-to-site peer '${peer}' local-address '203.0.113.1'
set vpn ipsec site-to-site peer '${peer}' tunnel 1 local prefix '10.1.0.0/24'
set vpn ipsec site-to-site peer '${peer}' tunnel 1 remote prefix '10.2.0.0/24'
`

describe('a configuration that holds terminal escapes', () => {
  const files = {
    'a.txt': `${tunnel(`P${trick}`)}set nat source rule 9 description-${trick}x '${trick}'\n${trick} a stray line\n`,
    'b.txt': `set interfaces ethernet 'eth0${trick}' address '198.51.100.1/24'\nset nat source rule 1 outbound-interface name '${trick}'\n`,
  }

  it.each([
    ['verify', 'a=a.txt', 'b=b.txt'],
    ['verify', 'a=a.txt', 'b=b.txt', '--output', 'json'],
    ['verify', 'a=a.txt', 'b=b.txt', '--output', 'yaml'],
    ['verify', 'a=a.txt', 'b=b.txt', '--output', 'markdown'],
    ['trace', '--config', 'a=a.txt', '--config', 'b=b.txt', 'a:10.1.0.5', '10.2.0.7'],
  ])('shows none of them: %s %s %s %s %s', (...words) => {
    const { stdout, stderr } = natplan(words, { cwd: temporaryFolder(files) })
    expect(stdout + stderr).not.toMatch(invisible)
    expect(stdout + stderr).not.toBe('')
  })

  it('names its lines', () => {
    expect(natplan(['verify', 'a=a.txt', 'b=b.txt'], { cwd: temporaryFolder(files) }).stderr).toContain(
      'a.txt:17:1 \\u001b[2K',
    )
  })
})

describe('a text that is no configuration', () => {
  it.each<[string, string, string]>([
    ['of IOS', 'hostname x\ninterface GigabitEthernet0/0\n ip address 198.51.100.1 255.255.255.0\n', 'Cisco IOS'],
    ['a page', '<html><body>\n  set up the router as follows and\n</body></html>\n', 'a web page'],
    ['of nothing', 'hello\n', 'holds no configuration'],
  ])('is refused with status 2 and what it looks like: %s', (_, text, name) => {
    const cwd = temporaryFolder({ 'a.txt': text })
    const { status, stdout, stderr } = natplan(['verify', 'a=a.txt'], { cwd })
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(name)
    expect(stderr).not.toContain('read as')
  })

  it('is asked for by the files of the platform', () => {
    const cwd = temporaryFolder({ 'a.conf': 'left=203.0.113.1\nright=198.51.100.1\n' })
    const { status, stderr } = natplan(['verify', 'a:linux=a.conf'], { cwd })
    expect(status).toBe(2)
    expect(stderr).toContain('swanctl.conf')
    expect(stderr).not.toContain('config.boot')
  })
})
