import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { natplan, root } from '../support/command.ts'
import { expectGolden } from '../support/golden.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const dump = (platform: string) => readFileSync(join(root, 'test', 'platforms', 'dumps', `${platform}.txt`), 'utf8')

const example = join(root, 'examples', 'acceptance', 'natplan.yaml')

/** What natplan writes for the gateways of the example, with what they show beside it. */
function runningTexts(): Record<string, string> {
  const around = {
    cloud: [
      "set interfaces ethernet eth1 address '203.0.113.10/24'",
      "set interfaces ethernet eth0 address '10.0.1.1/27'",
      "set protocols static route 0.0.0.0/0 next-hop '203.0.113.1'",
    ],
    onpremise: [
      "set interfaces bonding dp0bond1 address '192.0.2.20/24'",
      "set interfaces bonding dp0bond0 address '10.0.1.1/24'",
      "set protocols static route 0.0.0.0/0 next-hop '192.0.2.1'",
    ],
  }
  return Object.fromEntries(
    Object.entries(around).map(([site, lines]) => {
      const { stdout } = natplan(['vyatta', example, '--site', site])
      return [`${site}.txt`, `${lines.join('\n')}\n${stdout.replaceAll(/^#.*secret.*$/gm, '')}`]
    }),
  )
}

describe('natplan import of running gateways', () => {
  it('says of hand-written gateways what they do, and behind each value why', () => {
    const dumps = { 'vyos-1.4.txt': dump('vyos-1.4'), 'vyatta-5600.txt': dump('vyatta-5600') }
    const folder = temporaryFolder(dumps)
    const files = ['vyos-1.4', 'vyatta-5600'].flatMap((platform) => {
      const { status, stdout, stderr } = natplan(['import', `berlin=${platform}.txt`, '--explain'], { cwd: folder })
      expect(status).toBe(0)
      return [
        [`${platform}.yaml`, stdout],
        [`${platform}.txt`, stderr],
      ] as const
    })
    expectGolden(join(root, 'test', 'golden', 'import', 'gateways'), Object.fromEntries(files))
    expect(JSON.stringify(files)).not.toMatch(/Horse|Another-Key|KeyOfTheGreTunnel/)
  })

  it('writes a plan and a lock of what natplan wrote, of which nothing differs', () => {
    const folder = temporaryFolder(runningTexts())
    const sources = ['cloud=cloud.txt', 'onpremise=onpremise.txt']
    const made = natplan(['import', ...sources, '-o', 'natplan.yaml'], { cwd: folder })
    expect(made.status).toBe(0)
    expect(made.stderr).not.toMatch(/IMPORT_BY_HAND|IMPORT_INEXACT/)
    expect(natplan(['plan'], { cwd: folder }).stdout).toMatch(/Changes against natplan.lock.yaml\n {2}none/)
    const differing = natplan(['diff', ...sources], { cwd: folder })
    expect(differing.stdout.split('\n').filter((line) => /^(set|delete) /.test(line))).toEqual([])
    expect(natplan(['verify', ...sources], { cwd: folder }).stdout).toMatch(/cloud - onpremise\s+proven/)
  })

  it('keeps a second tunnel between two sites, also when the plan exists already', () => {
    const plan = join(root, 'examples', 'two-uplinks', 'natplan.yaml')
    const around = {
      cloud:
        'set interfaces ethernet eth1 address 203.0.113.10/24\nset interfaces ethernet eth2 address 198.51.100.10/24\nset interfaces ethernet eth0 address 10.0.1.1/27\nset protocols static route 0.0.0.0/0 next-hop 203.0.113.1\n',
      onpremise:
        '\n2: eth1    inet 192.0.2.20/24 scope global eth1\n3: eth2    inet 198.51.100.130/25 scope global eth2\n4: eth0    inet 10.0.1.1/24 scope global eth0\ndefault via 192.0.2.1 dev eth1\n',
    }
    const texts = Object.entries(around).map(([site, shown]) => [
      `${site}.txt`,
      `${natplan(['vyatta', plan, '--site', site]).stdout}${shown}`,
    ])
    const folder = temporaryFolder(Object.fromEntries(texts))
    const sources = ['cloud=cloud.txt', 'onpremise=onpremise.txt']
    expect(natplan(['import', ...sources, '-o', 'natplan.yaml'], { cwd: folder }).status).toBe(0)
    const made = readFileSync(join(folder, 'natplan.yaml'), 'utf8')
    expect(made.match(/- sites:/g)).toHaveLength(2)
    const differing = natplan(['diff', 'cloud=cloud.txt'], { cwd: folder }).stdout
    expect(differing.split('\n').filter((line) => /^(set|delete) /.test(line))).toEqual([])
    expect(natplan(['import', ...sources, '--into', 'natplan.yaml'], { cwd: folder }).stderr).toContain(
      'has all of it already',
    )
    expect(readFileSync(join(folder, 'natplan.yaml'), 'utf8')).toBe(made)
  })

  it('writes over no plan and beside no lock', () => {
    const folder = temporaryFolder({ ...runningTexts(), 'natplan.lock.yaml': 'version: 1\nsites: {}\n' })
    const { status, stderr } = natplan(['import', 'cloud=cloud.txt', '-o', 'natplan.yaml'], { cwd: folder })
    expect(status).toBe(2)
    expect(stderr).toMatch(/natplan.lock.yaml exists already/)
    expect(natplan(['plan'], { cwd: folder }).stderr).toMatch(/natplan.yaml/)
  })

  it.each([
    ['aes128-sha1', true],
    ['aes256-sha256-modp2048', false],
  ])('tells of children with other algorithms, which a plan has no words for: %s beside the first', (esp, isTold) => {
    const cwd = temporaryFolder({ 'gw.txt': twoChildren(esp) })
    const { status, stderr } = natplan(['import', 'gw=gw.txt', '-o', 'natplan.yaml'], { cwd })
    expect(status).toBe(0)
    if (isTold) expect(stderr).toMatch(/^gw\.txt:7:1 .*IMPORT_INEXACT the tunnel peer of gw offers algorithms/m)
    else expect(stderr).not.toContain('offers algorithms')
  })

  it('adopts hand-made tunnels and rules without other numbers', () => {
    const folder = temporaryFolder({ 'berlin.txt': handMade })
    const { stdout } = natplan(['import', 'berlin=berlin.txt', '-o', 'natplan.yaml', '--adopt'], { cwd: folder })
    expect(stdout.split('\n')).toEqual([
      '# berlin (vyos-1.4)',
      "set vpn ipsec site-to-site peer VIENNA description 'natplan: berlin to VIENNA'",
      "set nat destination rule 20 description 'natplan: berlin 10.20.0.0/24 from VIENNA 172.18.0.0/16'",
      "set nat source rule 20 description 'natplan: berlin 10.20.0.0/24 to VIENNA 172.18.0.0/16'",
      '',
    ])
    const before = natplan(['diff', 'berlin=berlin.txt'], { cwd: folder })
    expect(before.stderr).toMatch(/EXISTING_PEER/)
    const adopted = temporaryFolder({
      'berlin.txt': `${handMade}${stdout}`,
      'natplan.yaml': readFileSync(join(folder, 'natplan.yaml'), 'utf8'),
      'natplan.lock.yaml': readFileSync(join(folder, 'natplan.lock.yaml'), 'utf8'),
    })
    const after = natplan(['diff', 'berlin=berlin.txt'], { cwd: adopted })
    expect(after.stderr).not.toMatch(/ error /)
    expect(after.stdout).toMatch(/^delete vpn ipsec site-to-site peer VIENNA$/m)
    expect(after.stdout).not.toMatch(/nat (source|destination) rule (?!20 )/)
  })

  it('gives the two rules of a pair one number, or says which rule stays', () => {
    const apart = handMade.replaceAll('nat destination rule 20 ', 'nat destination rule 10 ')
    const folder = temporaryFolder({ 'berlin.txt': apart })
    const { stdout } = natplan(['import', 'berlin=berlin.txt', '-o', 'natplan.yaml', '--adopt'], { cwd: folder })
    expect(stdout).toContain('delete nat source rule 20\n')
    expect(stdout).toContain('set nat source rule 10 translation address 192.168.20.0/24\n')
    const adopted = temporaryFolder({
      'berlin.txt': `${apart}${stdout}`,
      'natplan.yaml': readFileSync(join(folder, 'natplan.yaml'), 'utf8'),
      'natplan.lock.yaml': readFileSync(join(folder, 'natplan.lock.yaml'), 'utf8'),
    })
    const after = natplan(['diff', 'berlin=berlin.txt'], { cwd: adopted })
    expect(after.stderr).not.toMatch(/ error /)
    expect(after.stdout).not.toMatch(/nat (source|destination) rule (?!10 )/)

    const taken = `${apart}set nat source rule 10 translation address masquerade\nset nat source rule 10 outbound-interface name eth5\n`
    const other = temporaryFolder({ 'berlin.txt': taken })
    const said = natplan(['import', 'berlin=berlin.txt', '-o', 'natplan.yaml', '--adopt'], { cwd: other }).stdout
    expect(said).not.toContain('delete nat')
    expect(said).toMatch(/# source rule 20 \(berlin\.txt:\d+\) does what natplan's rule 10 is for/)
  })
})

const handMade = `set interfaces ethernet eth0 address '203.0.113.1/28'
set interfaces ethernet eth1 address '10.20.0.1/24'
set nat destination rule 20 destination address '192.168.20.0/24'
set nat destination rule 20 inbound-interface name 'eth0'
set nat destination rule 20 source address '172.18.0.0/16'
set nat destination rule 20 translation address '10.20.0.0/24'
set nat source rule 20 destination address '172.18.0.0/16'
set nat source rule 20 outbound-interface name 'eth0'
set nat source rule 20 source address '10.20.0.0/24'
set nat source rule 20 translation address '192.168.20.0/24'
set protocols static route 0.0.0.0/0 next-hop '203.0.113.14'
set vpn ipsec authentication psk vienna id '203.0.113.1'
set vpn ipsec authentication psk vienna id '198.51.100.7'
set vpn ipsec authentication psk vienna secret 'EXAMPLE-ONLY-0123456789abcdef'
set vpn ipsec esp-group E pfs 'dh-group14'
set vpn ipsec esp-group E proposal 1 encryption 'aes256'
set vpn ipsec esp-group E proposal 1 hash 'sha256'
set vpn ipsec ike-group I key-exchange 'ikev2'
set vpn ipsec ike-group I proposal 1 dh-group '14'
set vpn ipsec ike-group I proposal 1 encryption 'aes256'
set vpn ipsec ike-group I proposal 1 hash 'sha256'
set vpn ipsec site-to-site peer VIENNA authentication mode 'pre-shared-secret'
set vpn ipsec site-to-site peer VIENNA authentication remote-id '198.51.100.7'
set vpn ipsec site-to-site peer VIENNA connection-type 'initiate'
set vpn ipsec site-to-site peer VIENNA default-esp-group 'E'
set vpn ipsec site-to-site peer VIENNA ike-group 'I'
set vpn ipsec site-to-site peer VIENNA local-address '203.0.113.1'
set vpn ipsec site-to-site peer VIENNA remote-address '198.51.100.7'
set vpn ipsec site-to-site peer VIENNA tunnel 0 local prefix '192.168.20.0/24'
set vpn ipsec site-to-site peer VIENNA tunnel 0 remote prefix '172.18.0.0/16'
`

/** A gateway of Linux with a connection of two children. */
function twoChildren(esp: string): string {
  const child = (name: string, remote: string, proposals: string) =>
    `      ${name} { local_ts = 10.0.1.0/24\n        remote_ts = ${remote}\n        esp_proposals = ${proposals}\n        start_action = trap }\n`
  return `# ip address
2: ens3    inet 203.0.113.10/24 scope global ens3
3: ens4    inet 10.0.1.1/24 scope global ens4
# ip route
default via 203.0.113.1 dev ens3
connections {
  peer {
    version = 2
    local_addrs = 203.0.113.10
    remote_addrs = 192.0.2.77
    proposals = aes256-sha256-modp2048
    local { auth = psk }
    remote { auth = psk }
    children {
${child('a', '10.6.0.0/24', 'aes256-sha256-modp2048')}${child('b', '10.7.0.0/24', esp)}    }
  }
}
`
}
