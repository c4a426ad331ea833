import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandFile, natplan, root } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const acceptance = join(root, 'examples', 'acceptance', 'natplan.yaml')

describe('natplan', () => {
  it('prints its version and its help', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'packages', 'cli', 'package.json'), 'utf8')) as {
      version: string
    }
    expect(natplan(['--version']).stdout).toBe(`${version}\n`)
    const help = natplan(['--help'])
    expect(help.status).toBe(0)
    for (const command of ['init', 'overlaps', 'plan', 'explain', 'release', 'completion']) {
      expect(help.stdout).toContain(`natplan ${command}`)
    }
  })

  it('names the nearest command', () => {
    expect(natplan(['paln'])).toMatchObject({ status: 2, stdout: '' })
    expect(natplan(['paln']).stderr).toContain('did you mean natplan plan?')
  })

  it('works from a folder that it cannot write to', () => {
    const folder = temporaryFolder()
    for (const name of ['natplan.cjs', 'lists.cjs', 'main.cjs', 'more.cjs', 'rest.cjs']) {
      writeFileSync(join(folder, name), readFileSync(join(root, 'packages', 'cli', 'dist', name)), { mode: 0o444 })
    }
    const command = `chmod 555 . && exec "${process.execPath}" natplan.cjs explain POOL_EXHAUSTED`
    const { status, stdout } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' })
    expect(status).toBe(0)
    expect(stdout).toContain('POOL_EXHAUSTED')
  })

  it('ends without complaint when the reader goes away', () => {
    const sites = Array.from({ length: 3000 }, (_, i) => `--site=s${i}=10.0.0.0/28`).join(' ')
    const pipe = `"${process.execPath}" "${commandFile}" plan ${sites} --output json | head -c 10`
    const { stdout, stderr } = spawnSync('sh', ['-c', pipe], { encoding: 'utf8' })
    expect(stdout).toHaveLength(10)
    expect(stderr).not.toContain('EPIPE')
    expect(stderr).not.toContain('bug')
  })
})

describe('natplan init', () => {
  it('writes a file that plans cleanly as it stands', () => {
    const folder = temporaryFolder()
    expect(natplan(['init'], { cwd: folder }).stdout).toBe('natplan.yaml written; edit it, then: natplan plan\n')
    const { status, stderr } = natplan(['plan', '--save'], { cwd: folder })
    expect(status).toBe(0)
    expect(stderr).toBe('natplan.lock.yaml written; commit it with the plan file\n')
  })

  it('never overwrites a file', () => {
    const folder = temporaryFolder({ 'natplan.yaml': 'mine' })
    expect(natplan(['init'], { cwd: folder }).status).toBe(2)
    expect(readFileSync(join(folder, 'natplan.yaml'), 'utf8')).toBe('mine')
  })
})

describe('natplan explain firewall', () => {
  it('says at each place of a gateway which addresses its filters see', () => {
    const { stdout, status } = natplan(['explain', 'firewall', '--site', 'cloud', '-f', acceptance])
    expect(status).toBe(0)
    const below = (title: string) => stdout.slice(stdout.indexOf(title)).split('\n').slice(0, 4).join('\n')
    expect(below('Peers call hosts here: forward filter')).toMatch(/192\.168\.1\.0\/24 +10\.0\.1\.0\/27/)
    expect(below('Hosts here call peers: forward filter')).toMatch(/10\.0\.1\.0\/27 +192\.168\.1\.0\/24/)
    expect(below('Peers call hosts here: policy route')).toMatch(/192\.168\.1\.0\/24 +192\.168\.2\.0\/27/)
    expect(below('From the peers')).toMatch(/192\.0\.2\.20 +203\.0\.113\.10 +UDP 500, 4500/)
    expect(stdout).not.toContain('vyatta-5600')
  })

  it('opens hosts that hide at their forwarded ports alone, and for answers', () => {
    const file = join(root, 'examples', 'hide-behind', 'natplan.yaml')
    const { stdout } = natplan(['explain', 'firewall', '--site', 'branch', '-f', file])
    const calls = stdout
      .split('\n')
      .filter((line) => / 10\.2[01]\.[0-9./]+ {2}/.test(line) && line.includes('192.168.0.0/16  10.2'))
    expect(calls.length).toBeGreaterThan(0)
    for (const line of calls) expect(line).toMatch(/everything +answers$|TCP [0-9]+ +first or answer$/)
    expect(stdout).toContain('TCP 443')
    expect(natplan(['explain', 'firewall', '--site', 'cloud', '-f', acceptance]).stdout).not.toMatch(/everything/)
  })

  it('has every gateway without a site, and the same in JSON', () => {
    const { stdout } = natplan(['explain', 'firewall', '-f', acceptance, '--output', 'json'])
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      sites: [
        { site: 'cloud', platform: 'vyos-1.4', inside: { interface: 'eth0' } },
        { site: 'onpremise', outside: { interface: 'dp0bond1', address: '192.0.2.20' } },
      ],
    })
    const [, dataplane] = (JSON.parse(stdout) as { sites: { places: { in?: string; passes: object[] }[] }[] }).sites
    expect(dataplane?.places.find((place) => place.in === 'vfp0')?.passes).toEqual([
      {
        ...{ peer: 'cloud', interface: 'vfp0', mayBeFirst: true },
        ...{ source: '192.168.2.0/27', destination: '192.168.1.0/24' },
      },
    ])
  })

  it('keeps to one peer, and refuses names that are none', () => {
    const file = join(temporaryFolder(), 'natplan.yaml')
    const sites = ['hub', 'east', 'west'].map((name, index) => {
      const gateway = `{ platform: linux, outside: { interface: eth1, address: 192.0.2.${index + 1} } }`
      return `  ${name}: { subnets: [10.${index}.0.0/24], gateway: ${gateway} }\n`
    })
    writeFileSync(file, `version: 1\nsites:\n${sites.join('')}`)
    const peersOf = (...args: string[]) => {
      const { stdout } = natplan(['explain', 'firewall', '-f', file, '--site', 'hub', '--output', 'json', ...args])
      return [...new Set([...stdout.matchAll(/"peer": "(\w+)"/g)].map(([, name]) => name))]
    }
    expect(peersOf()).toEqual(['east', 'west'])
    expect(peersOf('--peer', 'west')).toEqual(['west'])
    const wrong = natplan(['explain', 'firewall', '-f', acceptance, '--site', 'clod'])
    expect(wrong).toMatchObject({ status: 2, stdout: '' })
    expect(wrong.stderr).toContain('did you mean cloud?')
    expect(natplan(['explain', '10.0.1.5', '-f', acceptance, '--peer', 'cloud']).status).toBe(2)
  })
})

describe('natplan explain', () => {
  it.each([
    ['10.0.1.5', 'cloud', 'all peers call it 192.168.2.5'],
    ['10.0.1.5', 'onpremise', 'all peers call it 192.168.1.5'],
    ['192.168.1.77', 'cloud', 'the translated address of 10.0.1.77 at onpremise'],
    ['192.168.1.77', 'onpremise', 'what all peers call 10.0.1.77 here'],
    ['203.0.113.10', 'cloud', "this site's own gateway"],
    ['172.30.0.1', 'cloud', 'reached by no tunnel: 172.30.0.0/16 (pods)'],
    ['8.8.8.8', 'cloud', 'nothing that the plan knows'],
  ])('says what %s is at %s', (address, site, text) => {
    const { stdout } = natplan(['explain', address, '-f', acceptance])
    const line = stdout.split('\n').find((candidate) => candidate.includes(` ${site} `) && candidate.includes(text))
    expect(line, stdout).toBeDefined()
  })

  it('has the same in JSON', () => {
    const { stdout } = natplan(['explain', '192.168.1.77', '-f', acceptance, '--output', 'json'])
    expect(JSON.parse(stdout)).toMatchObject({
      address: '192.168.1.77',
      views: [
        { site: 'cloud', meanings: [{ kind: 'peer', peer: 'onpremise', real: '10.0.1.77', translated: true }] },
        { site: 'onpremise', meanings: [{ kind: 'own-translated', real: '10.0.1.77' }] },
      ],
    })
  })

  it.each([
    ['10.0.1.0/24', 'onpremise', '10.0.1.0/24', 'a subnet here; all peers call it 192.168.1.0/24'],
    ['10.0.1.0/24', 'cloud', '10.0.1.0/27', 'a subnet here; all peers call it 192.168.2.0/27'],
    [
      '10.0.1.64/26',
      'onpremise',
      '10.0.1.64/26',
      'a part of the subnet 10.0.1.0/24 here; all peers call it 192.168.1.64/26',
    ],
    ['10.0.1.64/26', 'cloud', '10.0.1.64/26', 'nothing that the plan knows'],
    ['192.168.0.0/16', 'cloud', '192.168.1.0/24', 'the translated addresses of 10.0.1.0/24 at onpremise'],
    ['192.168.0.0/16', 'cloud', '192.168.2.0/27', 'what all peers call 10.0.1.0/27 here'],
    ['172.30.4.0/24', 'cloud', '172.30.4.0/24', 'reached by no tunnel: 172.30.0.0/16 (pods)'],
    ['203.0.113.0/24', 'cloud', '203.0.113.10/32', "this site's own gateway"],
  ])('says what %s is at %s', (prefix, site, part, text) => {
    const { stdout, status } = natplan(['explain', prefix, '-f', acceptance])
    expect(status).toBe(0)
    const row = stdout
      .split('\n')
      .find((line) => line.startsWith(`  ${site} `) && line.includes(` ${part} `) && line.includes(text))
    expect(row, stdout).toBeDefined()
  })

  it('has the same of a prefix in JSON', () => {
    const { stdout } = natplan(['explain', '192.168.1.64/26', '-f', acceptance, '--output', 'json'])
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      prefix: '192.168.1.64/26',
      views: [
        {
          site: 'cloud',
          meanings: [
            {
              kind: 'peer',
              part: '192.168.1.64/26',
              peer: 'onpremise',
              subnet: '10.0.1.0/24',
              real: '10.0.1.64/26',
              translated: true,
            },
          ],
        },
        {
          site: 'onpremise',
          meanings: [{ kind: 'own-translated', part: '192.168.1.64/26', real: '10.0.1.64/26', subnet: '10.0.1.0/24' }],
        },
      ],
    })
  })

  it('refuses a prefix with a slip', () => {
    const { status, stderr } = natplan(['explain', '10.0.1.5/24', '-f', acceptance])
    expect(status).toBe(1)
    expect(stderr).toContain('hint: write 10.0.1.0/24')
  })

  it('names special-purpose space', () => {
    expect(natplan(['explain', '127.0.0.1', '-f', acceptance]).stdout).toContain(
      '127.0.0.0/8 is loopback space (RFC 1122)',
    )
  })
})

describe('natplan overlaps', () => {
  it('compares prefixes', () => {
    const { stdout, status } = natplan([
      'overlaps',
      '10.0.0.0/8',
      '10.0.1.0/24',
      '192.168.0.0/16',
      'fd00::/8',
      'fd00:1::/32',
    ])
    expect(status).toBe(0)
    expect(stdout).toContain('10.0.1.0/24  #2       lies inside 10.0.0.0/8 of #1')
    expect(stdout).toContain('fd00:1::/32  #5       lies inside fd00::/8 of #4')
    expect(stdout).not.toContain('192.168')
  })

  it('groups ten thousand sites with the same prefix', () => {
    const sites = Array.from({ length: 10_000 }, (_, i) => [`s${i}`, { subnets: ['10.0.0.0/24'] }])
    const input = JSON.stringify({ version: 1, sites: Object.fromEntries(sites) })
    const { stdout, status } = natplan(['overlaps', '-'], { input })
    expect(status).toBe(0)
    expect(stdout).toContain('Overlaps (49,995,000 pairs)')
    expect(stdout).toContain('s0, s1, s10 and 9997 more')
    expect(stdout.split('\n').length).toBeLessThan(6)
  })

  it('finds the same where Node.js has no WebAssembly, or no memory for it', () => {
    const lines = (step: number) =>
      Array.from({ length: 5000 }, (_, i) => `10.${i % 10}.${(i * step) % 256}.0/${24 + (i % 9)}`)
    const folder = temporaryFolder({ 'other.txt': lines(11).join('\n') })
    const args = ['overlaps', '-', 'other.txt', '--output', 'csv']
    const input = lines(7).join('\r\n')
    const { stdout, status } = natplan(args, { cwd: folder, input })
    expect([status, stdout.split('\n').length > 5000]).toEqual([0, true])
    // With 4 there is no module, with 20 no room for the prefixes, with 26 none for texts.
    for (const option of [
      '--jitless',
      '--wasm-max-mem-pages=4',
      '--wasm-max-mem-pages=20',
      '--wasm-max-mem-pages=26',
    ]) {
      const other = spawnSync(process.execPath, [option, commandFile, ...args], {
        cwd: folder,
        input,
        encoding: 'utf8',
        maxBuffer: 2 ** 26,
      })
      expect([option, other.stdout === stdout]).toEqual([option, true])
    }
  })

  it('refuses a prefix with a slip', () => {
    const { status, stderr } = natplan(['overlaps', '10.0.0.0/8', '10.0.1.5/24'])
    expect(status).toBe(1)
    expect(stderr).toContain('PREFIX_HOST_BITS 10.0.1.5/24 has host bits set')
  })
})

describe('natplan release', () => {
  it('takes the translated prefix as well as the real one, and --renumber for one in use', () => {
    const folder = temporaryFolder({
      'natplan.yaml': 'version: 1\nsites:\n  a: { subnets: [10.0.0.0/24] }\n  b: { subnets: [10.0.0.0/24] }\n',
    })
    natplan(['plan', '--save'], { cwd: folder })
    expect(natplan(['release', 'a', '192.168.0.0/24'], { cwd: folder }).status).toBe(1)
    expect(natplan(['release', 'a', '192.168.0.0/24', '--renumber'], { cwd: folder }).status).toBe(0)
    expect(readFileSync(join(folder, 'natplan.lock.yaml'), 'utf8')).not.toContain('192.168.0.0/24')
    expect(existsSync(join(folder, 'natplan.lock.yaml'))).toBe(true)
  })
})
