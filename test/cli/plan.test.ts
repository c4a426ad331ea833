import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { natplan, root } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const acceptance = readFileSync(join(root, 'examples', 'acceptance', 'natplan.yaml'), 'utf8')
const pair = ['--site', 'cloud=10.0.1.0/27', '--site', 'onpremise=10.0.1.0/24']

function schema(name: string): object {
  return JSON.parse(readFileSync(join(root, 'schema', name), 'utf8')) as object
}

/** The findings that standard error has, without what they say. */
function findingsIn(stderr: string): string[] {
  return [...stderr.matchAll(/^\S+:\d+:\d+ (?:error|risk|note) [A-Z0-9_]+/gm)].map(([text]) => text)
}

describe('natplan plan', () => {
  it('tells at once what is wrong with keys, values, rules, the lock and the translation', () => {
    const text = `version: 1
pools: [172.32.0.0/16]
sites:
  a:
    subnts: [10.0.1.5/27, { prefix: 10.0.2.0/24, translate: never }]
    reserved: [10.9.0.0/16]
    reserved: [10.8.0.0/16]
  b:
    subnets: [10.0.2.0/24]
    gateway: { platform: vyos-9, outside: { interface: eth0, address: 203.0.113.300 } }
tunnels:
  - { sites: [a, b], proposal: modrn }
`
    const lock = 'version: 1\nsites:\n  c:\n    10.0.0.0/33: {}\n'
    const cwd = temporaryFolder({ 'natplan.yaml': text, 'natplan.lock.yaml': lock })
    const { status, stderr } = natplan(['plan'], { cwd })
    expect(status).toBe(1)
    expect(findingsIn(stderr)).toEqual([
      'natplan.yaml:7:5 error KEY_DUPLICATE',
      'natplan.yaml:5:5 error KEY_UNKNOWN',
      'natplan.yaml:10:26 error VALUE_WRONG',
      'natplan.yaml:12:32 error VALUE_WRONG',
      'natplan.yaml:5:14 error PREFIX_HOST_BITS',
      'natplan.yaml:10:71 error ADDRESS_INVALID',
      'natplan.yaml:2:9 error POOL_NOT_PRIVATE',
      'natplan.lock.yaml:4:18 error PREFIX_LENGTH_INVALID',
      'natplan.yaml:5:27 error TRANSLATION_IMPOSSIBLE',
    ])
  })

  it('reads the file from standard input', () => {
    const { status, stdout } = natplan(['plan', '-'], { input: acceptance })
    expect(status).toBe(0)
    expect(stdout).toContain('10.0.1.0/27 ↔ 192.168.2.0/27')
  })

  it('plans without a file', () => {
    const { status, stdout } = natplan(['plan', ...pair])
    expect(status).toBe(0)
    expect(stdout).toContain('10.0.1.0/24 ↔ 192.168.1.0/24')
  })

  it('takes pools for a plan without a file', () => {
    const { stdout } = natplan(['plan', ...pair, '--pool', '172.16.0.0/16'])
    expect(stdout).toContain('10.0.1.0/24 ↔ 172.16.1.0/24')
  })

  it.each([
    ['without =', ['--site', 'cloud']],
    ['twice the same site', ['--site', 'a=10.0.0.0/24', '--site', 'a=10.0.1.0/24']],
    ['beside a file', ['natplan.yaml', ...pair]],
    ['a pool without sites', ['--pool', '10.0.0.0/8']],
    ['two files', ['one.yaml', '-f', 'two.yaml']],
  ])('refuses --site %s as wrong usage', (_, args) => {
    const { status, stdout, stderr } = natplan(['plan', ...args])
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain('error USAGE')
  })

  it('prints JSON and YAML that keep to the documented schema', () => {
    const validate = new Ajv2020().compile(schema('plan-output.schema.json'))
    for (const name of ['acceptance', 'partial-overlap', 'pins', 'must-not-translate']) {
      const file = join(root, 'examples', name, 'natplan.yaml')
      const fromJson: unknown = JSON.parse(natplan(['plan', file, '--output', 'json']).stdout)
      expect(validate(fromJson), JSON.stringify(validate.errors)).toBe(true)
      expect(parse(natplan(['plan', file, '--output', 'yaml']).stdout)).toEqual(fromJson)
    }
  })

  it('accepts every example by the JSON Schema of the plan file', () => {
    const validate = new Ajv2020().compile(schema('natplan.schema.json'))
    for (const name of ['acceptance', 'hub-and-spokes', 'pins', 'cluster-ranges']) {
      const text = readFileSync(join(root, 'examples', name, 'natplan.yaml'), 'utf8')
      expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true)
    }
    expect(validate({ version: 1, sites: { a: { subents: [] } } })).toBe(false)
  })

  it('writes nothing but the result to a pipe, without colours', () => {
    const { stdout, stderr } = natplan(['plan', ...pair])
    expect(stdout + stderr).not.toContain('\u001b')
  })

  it('colours when it must, and not when NO_COLOR is set', () => {
    expect(natplan(['plan', ...pair], { env: { FORCE_COLOR: '1' } }).stdout).toContain('\u001b[1m')
    expect(natplan(['plan', ...pair], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }).stdout).not.toContain('\u001b')
  })

  it('takes JSON with the keys of the plan file, and points into it', () => {
    const good = '{"version":1,"sites":{"a":{"subnets":["10.0.0.0/24"]},"b":{"subnets":["10.0.0.0/24"]}}}'
    expect(natplan(['plan', '-'], { input: good }).status).toBe(0)
    const bad = natplan(['plan', '-'], { input: good.replace('10.0.0.0/24', '10.0.0.1/24') })
    expect(bad.stderr).toContain('standard input:1:39 error PREFIX_HOST_BITS sites.a.subnets[0]')
    const twice = natplan(['plan', '-'], { input: good.replace('"b"', '"a"') })
    expect(twice.stderr).toContain('error KEY_DUPLICATE')
  })

  it('follows anchors and merge keys, also for positions', () => {
    const input = `version: 1
sites:
  a: &base
    subnets: [10.0.0.0/24]
    kubernetes: { podSubnets: [172.30.0.1/16] }
  b: { <<: *base, subnets: [10.0.1.0/24] }
  c: *base
`
    const { status, stderr } = natplan(['plan', '-'], { input })
    expect(status).toBe(1)
    expect(
      stderr.match(/standard input:5:32 error PREFIX_HOST_BITS sites\.[abc]\.kubernetes\.podSubnets\[0]/g),
    ).toHaveLength(3)
  })

  it.each([
    'version: 1\nsites: { __proto__: { subnets: [] } }\n',
    '{"version":1,"sites":{"__proto__":{"subnets":[]}}}',
  ])('refuses a site that would vanish: %j', (input) => {
    const { status, stderr } = natplan(['plan', '-'], { input })
    expect(status).toBe(1)
    expect(stderr).toContain('KEY_UNKNOWN the key "__proto__" cannot be used')
  })

  it('lets an honest file use an anchor a thousand times', () => {
    const sites = Array.from(
      { length: 1000 },
      (_, i) => `  s${i}: { subnets: [10.${i >> 8}.${i & 255}.0/24], kubernetes: *k }\n`,
    )
    const input = `version: 1\nsites:\n  first: { subnets: [], kubernetes: &k { podSubnets: [172.30.0.0/16], serviceSubnets: [172.21.0.0/16] } }\n${sites.join('')}`
    expect(natplan(['plan', '-'], { input }).status).toBe(0)
  })

  it('shows all findings of a file at once', () => {
    const input = 'version: 1\npool: []\nsites:\n  a: { subnets: [10.0.0.1/24, 10.0.0/24], x: 1 }\n  b: 5\n'
    const { stderr } = natplan(['plan', '-'], { input })
    for (const text of ['unknown key "pool"', 'unknown key "x"', 'expected a mapping, found 5'])
      expect(stderr).toContain(text)
  })

  it('says that a file of comments is empty', () => {
    const { status, stderr } = natplan(['plan', '-'], { input: '# version: 1\n# sites:\n---\n' })
    expect(status).toBe(2)
    expect(stderr).toContain('FILE_EMPTY standard input holds nothing but comments')
  })

  it('says where a second document begins', () => {
    const input = 'version: 1\nsites: { a: { subnets: [] } }\n---\nversion: 1\nsites: {}\n'
    const { status, stderr } = natplan(['plan', '-'], { input })
    expect(status).toBe(1)
    expect(stderr).toContain('standard input:3:1 error YAML_SYNTAX a second document begins here')
    expect(stderr).not.toContain('parseAllDocuments')
  })

  it('does not read a device without end', () => {
    const { status, stderr } = natplan(['plan', '/dev/zero'])
    expect(status).toBe(2)
    expect(stderr).toContain('FILE_TOO_LARGE /dev/zero')
  })

  it('ends well when the reader closes the pipe early', () => {
    const { status } = natplan(['plan', '-'], { input: acceptance })
    expect(status).toBe(0)
  })
})

describe('natplan plan --save', () => {
  const files = {
    'natplan.yaml': `version: 1\nsites:\n  a: { subnets: [10.0.0.0/24] }\n  b: { subnets: [10.0.0.0/24] }\n`,
  }

  it('keeps what was allocated when sites join, and says what must be touched', () => {
    const folder = temporaryFolder(files)
    natplan(['plan', '--save'], { cwd: folder })
    const before = readFileSync(join(folder, 'natplan.lock.yaml'), 'utf8')
    const grown = `${files['natplan.yaml']}  aa: { subnets: [10.0.0.0/24] }\n`
    const { stdout } = natplan(['plan', '-', '--lock', 'natplan.lock.yaml', '--save'], { cwd: folder, input: grown })
    expect(stdout).toContain('10.0.0.0/24 ↔ 192.168.0.0/24')
    expect(stdout).toMatch(/\+ {2}aa +10\.0\.0\.0\/24 +new, translated to 192\.168\.2\.0\/24/)
    const after = readFileSync(join(folder, 'natplan.lock.yaml'), 'utf8')
    for (const line of before.split('\n')) expect(after).toContain(line)
  })

  it('sets the prefix of a subnet that left aside until it is released', () => {
    const folder = temporaryFolder(files)
    natplan(['plan', '--save'], { cwd: folder })
    const other = 'version: 1\nsites:\n  a: { subnets: [10.0.0.0/24] }\n  c: { subnets: [10.0.0.0/24] }\n'
    const lock = ['--lock', 'natplan.lock.yaml']
    const left = natplan(['plan', '-', ...lock, '--save'], { cwd: folder, input: other })
    expect(left.stdout).toContain('leaves; 192.168.1.0/24 stays set aside until natplan release')
    expect(left.stdout).toContain('10.0.0.0/24 ↔ 192.168.2.0/24')
    expect(natplan(['release', 'b', '10.0.0.0/24'], { cwd: folder }).stdout).toContain(
      '192.168.1.0/24 of 10.0.0.0/24 at b is free',
    )
    const again = natplan(['plan', '-', ...lock], { cwd: folder, input: `${other}  d: { subnets: [10.0.0.0/24] }\n` })
    expect(again.stdout).toContain('10.0.0.0/24 ↔ 192.168.1.0/24')
  })

  it('refuses to renumber silently when a lock that was named is not there', () => {
    const { status, stderr } = natplan(['plan', '-', '--lock', 'missing.yaml'], {
      cwd: temporaryFolder(),
      input: files['natplan.yaml'],
    })
    expect(status).toBe(2)
    expect(stderr).toContain('FILE_NOT_FOUND missing.yaml')
  })
})

describe('natplan plan --check', () => {
  const plan = (subnets: string) =>
    `version: 1\nsites:\n  a: { subnets: [${subnets}] }\n  b: { subnets: [10.0.0.0/24] }\n`

  it('ends with status 0 for the lock of the plan, and with 1 for none', () => {
    const cwd = temporaryFolder({ 'natplan.yaml': plan('10.0.0.0/24') })
    const before = natplan(['plan', '--check'], { cwd })
    expect(before.status).toBe(1)
    expect(before.stderr).toContain('natplan.lock.yaml is not the lock of this plan: 2 of its subnets changed')
    natplan(['plan', '--save'], { cwd })
    expect(natplan(['plan', '--check'], { cwd })).toMatchObject({ status: 0, stderr: '' })
  })

  it('says what changed, and writes nothing', () => {
    const cwd = temporaryFolder({ 'natplan.yaml': plan('10.0.0.0/24') })
    natplan(['plan', '--save'], { cwd })
    const lock = readFileSync(join(cwd, 'natplan.lock.yaml'), 'utf8')
    writeFileSync(join(cwd, 'natplan.yaml'), plan('10.0.0.0/24, 10.7.0.0/24'))
    const { status, stdout, stderr } = natplan(['plan', '--check'], { cwd })
    expect(status).toBe(1)
    expect(stdout).toMatch(/\+ +a +10\.7\.0\.0\/24 +new/)
    expect(stderr).toContain('1 of its subnets changed')
    expect(stderr).not.toContain('so that nothing is renumbered later')
    expect(readFileSync(join(cwd, 'natplan.lock.yaml'), 'utf8')).toBe(lock)
  })

  it('asks about the numbers of rules as well', () => {
    const cwd = temporaryFolder({ 'natplan.yaml': acceptance })
    natplan(['plan', '--save'], { cwd })
    const path = join(cwd, 'natplan.lock.yaml')
    const lock = readFileSync(path, 'utf8')
    writeFileSync(path, lock.slice(0, lock.indexOf('numbers:')))
    const without = natplan(['plan', '--check'], { cwd })
    expect([without.status, without.stderr]).toEqual([1, expect.stringContaining('some rule numbers are not in it')])
    writeFileSync(path, `# mine\n${lock}`)
    const edited = natplan(['plan', '--check'], { cwd })
    expect([edited.status, edited.stderr]).toEqual([1, expect.stringContaining('it is written differently')])
  })

  it('needs a lock, and does not go with --save', () => {
    expect(natplan(['plan', ...pair, '--check']).status).toBe(2)
    expect(natplan(['plan', '--check', '--save'], { cwd: temporaryFolder() }).status).toBe(2)
  })
})

describe('the changes of a plan', () => {
  const hub = (...peers: string[]) => {
    const sites = ['hub', ...peers].map((name, index) => `  ${name}: { subnets: [10.${index}.0.0/24] }\n`)
    const tunnels = peers.map((name) => `  - sites: [hub, ${name}]\n`)
    return `version: 1\nsites:\n${sites.join('')}tunnels:\n${tunnels.join('')}`
  }

  it('tell a peer that leaves from one that comes', () => {
    const cwd = temporaryFolder({ 'natplan.yaml': hub('north') })
    natplan(['plan', '--save'], { cwd })
    writeFileSync(join(cwd, 'natplan.yaml'), hub('north', 'south'))
    expect(natplan(['plan', '--save'], { cwd }).stdout).toMatch(/hub +10\.0\.0\.0\/24 +is now used towards south/)
    writeFileSync(join(cwd, 'natplan.yaml'), hub('north'))
    const { stdout } = natplan(['plan'], { cwd })
    expect(stdout).toMatch(/hub +10\.0\.0\.0\/24 +is no longer used towards south/)
    expect(stdout).not.toContain('now used')
    const { changes } = JSON.parse(natplan(['plan', '--output', 'json'], { cwd }).stdout) as { changes: object[] }
    expect(changes).toContainEqual({
      kind: 'retunnel',
      site: 'hub',
      real: '10.0.0.0/24',
      peers: ['south'],
      left: ['south'],
    })
  })
})

describe('a plan whose names and addresses change', () => {
  const spokes = `version: 1
pools: [100.64.0.0/16]
sites:
  hub: { subnets: [10.9.0.0/24] }
  north:
    subnets:
      - 10.0.1.0/24
  south:
    subnets:
      - 10.0.1.0/24
tunnels:
  - { sites: [hub, north] }
  - { sites: [hub, south] }
`
  const planned = (cwd: string) =>
    JSON.parse(natplan(['plan', '--output', 'json'], { cwd }).stdout) as {
      readonly mappings: readonly { readonly site: string; readonly real: string; readonly translated: string }[]
      readonly changes: readonly { readonly kind: string; readonly site: string }[]
      readonly touched: { readonly gateways: readonly string[] }
    }
  const translatedOf = (cwd: string, site: string) =>
    planned(cwd)
      .mappings.filter((one) => one.site === site)
      .map(({ translated }) => translated)
  const saved = (text: string) => {
    const cwd = temporaryFolder({ 'natplan.yaml': text })
    natplan(['plan', '--save'], { cwd })
    return cwd
  }
  const hintIn = (cwd: string, code: string, pattern: RegExp) => {
    const { stderr } = natplan(['plan'], { cwd })
    expect(stderr).toContain(` risk ${code} `)
    return pattern.exec(stderr)?.[1] ?? ''
  }

  it('keeps the translated prefixes of a site with another name when the hint is followed', () => {
    const cwd = saved(spokes)
    const before = translatedOf(cwd, 'south')
    const renamed = spokes.replaceAll('south', 'coast')
    writeFileSync(join(cwd, 'natplan.yaml'), renamed)
    expect(translatedOf(cwd, 'coast')).not.toEqual(before)
    const line = hintIn(cwd, 'SITE_MOVED', /write (moved: \[\{.*?\}\])/)
    writeFileSync(join(cwd, 'natplan.yaml'), `${line}\n${renamed}`)
    expect(translatedOf(cwd, 'coast')).toEqual(before)
    expect(planned(cwd).changes.map(({ kind, site }) => `${kind} ${site}`)).toEqual(['rename coast'])
    expect(planned(cwd).touched.gateways).toEqual(['coast', 'hub'])
    const numbers = (text: string) => [...text.matchAll(/: (\d{4})$/gm)].map(([, number]) => number)
    const lock = readFileSync(join(cwd, 'natplan.lock.yaml'), 'utf8')
    natplan(['plan', '--save'], { cwd })
    const after = readFileSync(join(cwd, 'natplan.lock.yaml'), 'utf8')
    expect(after).not.toContain('south')
    expect(numbers(after)).toEqual(numbers(lock))
    for (const text of [`${line}\n${renamed}`, renamed]) {
      writeFileSync(join(cwd, 'natplan.yaml'), text)
      expect(planned(cwd).changes).toEqual([])
      expect(translatedOf(cwd, 'coast')).toEqual(before)
    }
  })

  it('keeps what peers call a network with other addresses when the hint is followed', () => {
    const cwd = saved(spokes)
    const before = translatedOf(cwd, 'south')
    const write = (subnet: string) =>
      writeFileSync(join(cwd, 'natplan.yaml'), spokes.replace('10.0.1.0/24\ntunnels', `${subnet}\ntunnels`))
    write('10.0.7.0/24')
    const subnet = hintIn(cwd, 'SUBNET_MOVED', /write (\{ prefix.*?\})/)
    write(subnet)
    expect(translatedOf(cwd, 'south')).toEqual(before)
    natplan(['plan', '--save'], { cwd })
    expect(readFileSync(join(cwd, 'natplan.lock.yaml'), 'utf8')).not.toContain('released')
    expect(natplan(['plan'], { cwd }).stderr).not.toContain('_MOVED')
    expect(planned(cwd).changes).toEqual([])
  })

  it.each([
    [
      'a site with other subnets',
      spokes.replaceAll('south', 'coast').replace('10.0.1.0/24\ntunnels', '10.0.2.0/24\ntunnels'),
    ],
    ['a subnet of another length', spokes.replace('10.0.1.0/24\ntunnels', '10.0.1.0/25\ntunnels')],
    [
      'a subnet beside the former one',
      spokes.replace('10.0.1.0/24\ntunnels', '10.0.1.0/24\n      - 10.0.2.0/24\ntunnels'),
    ],
    [
      'a subnet that keeps its addresses',
      spokes.replace('10.0.1.0/24\ntunnels', '{ prefix: 10.0.7.0/24, translate: never }\ntunnels'),
    ],
  ])('takes %s for something new', (_, text) => {
    const cwd = saved(spokes)
    writeFileSync(join(cwd, 'natplan.yaml'), text)
    expect(natplan(['plan'], { cwd }).stderr).not.toContain('_MOVED')
  })

  it('lets a subnet take over what another one of its site was called as a whole only', () => {
    const cwd = saved(spokes)
    const [of = ''] = translatedOf(cwd, 'south')
    const half = `{ prefix: 10.0.7.0/25, translateTo: ${of.replace('/24', '/25')} }`
    writeFileSync(join(cwd, 'natplan.yaml'), spokes.replace('10.0.1.0/24\ntunnels', `${half}\ntunnels`))
    expect(natplan(['plan'], { cwd }).stderr).toContain('error LOCK_COLLIDES')
  })

  it('lets nobody else take what a subnet that left is called', () => {
    const cwd = saved(spokes)
    const [of] = translatedOf(cwd, 'south')
    const text = spokes.replace('10.0.1.0/24\n  south', `{ prefix: 10.0.7.0/24, translateTo: ${of} }\n  south`)
    writeFileSync(join(cwd, 'natplan.yaml'), text.replace('10.0.1.0/24\ntunnels', '10.0.2.0/24\ntunnels'))
    expect(natplan(['plan'], { cwd }).stderr).toContain('error LOCK_COLLIDES')
  })
})
