import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { natplan, root } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const acceptance = readFileSync(join(root, 'examples', 'acceptance', 'natplan.yaml'), 'utf8')
const key = 'Zk39exampleKEY7QzNotARealOneAtAll'
const env = { NATPLAN_PSK: key }

function folderWithPlan(text = acceptance): string {
  return temporaryFolder({ 'natplan.yaml': text })
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return entries.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort()
}

/** A hub with two spokes, or fewer. */
function hubWith(...spokes: readonly string[]): string {
  const gateway = (index: number) =>
    `{ platform: vyos-1.4, outside: { interface: eth0, address: 203.0.113.${index} }, inside: { interface: eth1 } }`
  const names = ['hub', ...spokes]
  const sites = names.map(
    (name) =>
      `  ${name}: { subnets: [10.0.1.0/24], gateway: ${gateway(name === 'south' ? 9 : names.indexOf(name) + 1)} }`,
  )
  const tunnels = spokes.map((name) => `  - { sites: [hub, ${name}], preSharedKey: { env: NATPLAN_PSK } }`)
  return `version: 1\npools: [100.64.0.0/16]\nsites:\n${sites.join('\n')}\ntunnels:\n${tunnels.join('\n')}\n`
}

describe('natplan psk', () => {
  it('makes another key of 32 letters and digits each time', () => {
    const keys = new Set(Array.from({ length: 5 }, () => natplan(['psk']).stdout))
    expect(keys.size).toBe(5)
    for (const one of keys) expect(one).toMatch(/^[A-Za-z][A-Za-z0-9]{31}\n$/)
  })
})

describe('natplan vyatta', () => {
  it('prints the gateways of all sites under headings, and one alone without', () => {
    const cwd = folderWithPlan()
    const all = natplan(['vyatta'], { cwd })
    expect(all.status).toBe(0)
    expect(all.stdout).toContain('# ---- cloud (vyos-1.4): configure ----')
    expect(all.stdout).toContain('# ---- onpremise (vyatta-5600): configure ----')
    const one = natplan(['gateway', '--site', 'cloud'], { cwd })
    expect(one.stdout).not.toContain('----')
    expect(one.stdout).toContain("set nat source rule 1000 translation address '192.168.2.0/27'\n")
  })

  it.each([
    ['', 'What segment size eth1 had before natplan is not known:\n# delete interfaces ethernet eth1 ip adjust-mss\n'],
    [
      "set interfaces ethernet eth1 ip adjust-mss '1400'\n",
      "The segment size of eth1 before natplan was 1400:\n# set interfaces ethernet eth1 ip adjust-mss '1400'\n",
    ],
    [
      "set interfaces ethernet eth1 address '203.0.113.10/24'\n",
      'Before natplan eth1 had no segment size:\n# delete interfaces ethernet eth1 ip adjust-mss\n',
    ],
  ])('says what removal leaves, and what stood there before with %j', (running, said) => {
    const cwd = folderWithPlan()
    writeFileSync(join(cwd, 'running.txt'), running)
    const existing = running === '' ? [] : ['--existing', 'running.txt']
    const { stdout } = natplan(['vyatta', '--site', 'cloud', '--remove', ...existing], { cwd })
    expect(stdout).toContain(`# ${said}`)
  })

  it.each([
    ['1300', true, 'smaller'],
    ['1398', false, 'as it would be'],
    ['1400', false, 'larger'],
  ])('tells of a segment size of %s that becomes larger: %s (%s)', (size, isTold) => {
    const cwd = folderWithPlan()
    writeFileSync(join(cwd, 'running.txt'), `\nset interfaces ethernet eth1 ip adjust-mss '${size}'\n`)
    const { stderr } = natplan(['vyatta', '--site', 'cloud', '--existing', 'running.txt'], { cwd })
    expect(stderr.includes(`running.txt:2:1 note MSS_RAISED the MSS clamp of eth1 is ${size}, and`)).toBe(isTold)
  })

  it('does not take its own segment size for a former one', () => {
    const cwd = folderWithPlan()
    writeFileSync(join(cwd, 'running.txt'), natplan(['vyatta', '--site', 'cloud'], { cwd }).stdout)
    const { stdout } = natplan(['vyatta', '--site', 'cloud', '--remove', '--existing', 'running.txt'], { cwd })
    expect(stdout).toContain('# What segment size eth1 had before natplan is not known:\n')
  })

  it('prints what removes and what checks, and scripts', () => {
    const cwd = folderWithPlan()
    expect(natplan(['vyatta', '--site', 'cloud', '--remove'], { cwd }).stdout).toContain(
      'delete nat source rule 1000\n',
    )
    expect(natplan(['vyatta', '--site', 'cloud', '--check'], { cwd }).stdout).toContain('show vpn ipsec sa\n')
    expect(natplan(['vyatta', '--site', 'cloud', '--script'], { cwd }).stdout).toMatch(/^#!\/bin\/vbash\n/)
    expect(natplan(['vyatta', '--remove', '--check'], { cwd }).status).toBe(2)
  })

  it('shows the key only when asked, and never in a message', () => {
    const cwd = folderWithPlan()
    natplan(['plan', '--save'], { cwd })
    expect(natplan(['vyatta'], { cwd, env }).stdout).not.toContain(key)
    const shown = natplan(['vyatta', '--show-secrets'], { cwd, env })
    expect(shown.stdout.split(key)).toHaveLength(3)
    expect(shown.stderr).toBe('')
    const bad = natplan(['vyatta', '--show-secrets'], { cwd, env: { NATPLAN_PSK: `${key}'; reboot` } })
    expect(bad.status).toBe(1)
    expect(bad.stderr).toContain('error KEY_CHARACTERS tunnels[0].preSharedKey')
    expect(bad.stdout + bad.stderr).not.toContain(key)
  })

  it('reads the key from a file beside the plan file, without its line break', () => {
    const text = acceptance.replace('{ env: NATPLAN_PSK }', '{ file: secrets/psk }')
    const cwd = temporaryFolder({ 'here/natplan.yaml': text, 'here/secrets/psk': `${key}\n` })
    const { stdout } = natplan(['vyatta', 'here/natplan.yaml', '--show-secrets'], { cwd })
    expect(stdout).toContain(`secret '${key}'\n`)
  })

  it('names the nearest site', () => {
    const { status, stderr } = natplan(['vyatta', '--site', 'clod'], { cwd: folderWithPlan() })
    expect(status).toBe(2)
    expect(stderr).toContain('did you mean cloud?')
  })

  it('places its rules before a masquerade that is there', () => {
    const cwd = folderWithPlan()
    const running =
      'set nat source rule 100 outbound-interface name eth1\nset nat source rule 100 translation address masquerade\n'
    writeFileSync(join(cwd, 'running.txt'), running)
    const { stdout, status } = natplan(['vyatta', '--site', 'cloud', '--existing', 'running.txt'], { cwd })
    expect(status).toBe(0)
    const numbers = [...stdout.matchAll(/set nat source rule (\d+) /g)].map(([, number]) => Number(number))
    expect(Math.max(...numbers)).toBeLessThan(100)
  })

  it('keeps the numbers that plan --save wrote when a subnet joins in front', () => {
    const cwd = folderWithPlan()
    natplan(['plan', '--save'], { cwd })
    const before = natplan(['vyatta', '--site', 'cloud'], { cwd }).stdout
    writeFileSync(join(cwd, 'natplan.yaml'), acceptance.replace('[10.0.1.0/27]', '[10.0.0.0/28, 10.0.1.0/27]'))
    const { stdout, stderr } = natplan(['vyatta', '--site', 'cloud'], { cwd })
    for (const line of before.split('\n').filter((text) => text.includes('1000'))) expect(stdout).toContain(line)
    expect(stderr).toContain('these rule numbers are not in the lock yet; the same command with --save records them')
    expect(natplan(['vyatta', '--save'], { cwd }).stderr).toContain('natplan.lock.yaml written')
    expect(natplan(['vyatta'], { cwd }).stderr).not.toContain('rule numbers')
  })

  it('names the rules that left the plan', () => {
    const cwd = folderWithPlan(acceptance.replace('[10.0.1.0/27]', '[10.0.0.0/28, 10.0.1.0/27]'))
    natplan(['plan', '--save'], { cwd })
    writeFileSync(join(cwd, 'natplan.yaml'), acceptance)
    const message =
      '10.0.0.0/28 of cloud to 10.0.1.0/24 of onpremise left the plan: "natplan diff cloud=RUNNING" prints what takes rule and tunnel 1000 off'
    expect(natplan(['generate', '-o', 'out'], { cwd, env }).stderr).toContain(message)
    expect(natplan(['generate', '-o', 'out'], { cwd, env }).stderr).not.toContain('left the plan')
  })

  it.each([
    ['no configuration', 'hello world\n', 'holds no configuration'],
    ['half a configuration', 'nat {\n    source {\n', 'ends in the middle'],
  ])('refuses a running configuration that is %s', (_, text, message) => {
    const cwd = folderWithPlan()
    writeFileSync(join(cwd, 'running.txt'), text)
    const { status, stderr, stdout } = natplan(['vyatta', '--site', 'cloud', '--existing', 'running.txt'], { cwd })
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(message)
  })

  it('refuses a peer that is there, also one that is not complete', () => {
    const cwd = folderWithPlan()
    writeFileSync(join(cwd, 'running.txt'), 'set security vpn ipsec site-to-site peer 203.0.113.10 local-address any\n')
    const { status, stderr } = natplan(['vyatta', '--site', 'onpremise', '--existing', 'running.txt'], { cwd })
    expect(status).toBe(1)
    expect(stderr).toContain('error EXISTING_PEER')
  })

  it('names a network of a running gateway where its peers see the site, and none beside it', () => {
    const cwd = folderWithPlan()
    const found = ['192.168.2.33/24', '192.168.9.33/24'].map((address) => {
      writeFileSync(join(cwd, 'running.txt'), `\nset interfaces ethernet eth2 address ${address}\n`)
      return natplan(['vyatta', '--site', 'cloud', '--existing', 'running.txt'], { cwd }).stderr
    })
    expect(found[0]).toContain('running.txt:2:1 risk TRANSLATED_OCCUPIED')
    expect(found[1]).not.toContain('TRANSLATED_OCCUPIED')
  })

  it('shows nothing of what stands under authentication', () => {
    const cwd = folderWithPlan()
    writeFileSync(join(cwd, 'running.txt'), 'set vpn ipsec site-to-site peer old authentication rsa TopSecretZ9\n')
    const { stderr } = natplan(['vyatta', '--site', 'cloud', '--existing', 'running.txt'], { cwd })
    expect(stderr).toContain('running.txt:1:1 risk CONFIG_TUNNEL_INCOMPLETE')
    expect(stderr).not.toContain('TopSecretZ9')
  })

  it('uses templates of the user, under the same checks', () => {
    const cwd = folderWithPlan()
    const own = temporaryFolder({ 'vyos-1.4/check.hbs': '# {{v site}} looks like this\nshow vpn ike sa\n' })
    const { stdout } = natplan(['vyatta', '--site', 'cloud', '--check', '--templates', own], { cwd })
    expect(stdout).toBe('# cloud looks like this\nshow vpn ike sa\n')
    const misplaced = temporaryFolder({ 'vyos-1.4/chek.hbs': 'x' })
    expect(natplan(['vyatta', '--templates', misplaced], { cwd }).stderr).toContain('replaces no template')
  })

  it.each([
    ['file', 'pack/vyos-1.4/check.hbs', 'FILE_IS_LINK'],
    ['folder', 'pack/vyos-1.4', 'FILE_IS_LINK'],
    ['pipe', 'pack/vyos-1.4/check.hbs', 'is not a regular file'],
    ['pack that is named', 'pack', undefined],
  ])('takes no template by a link or a pipe: %s', (kind, path, problem) => {
    const cwd = folderWithPlan()
    const away = temporaryFolder({ 'vyos-1.4/check.hbs': 'somebody’s file\n' })
    mkdirSync(join(cwd, dirname(path)), { recursive: true })
    if (kind === 'pipe') spawnSync('mkfifo', [join(cwd, path)])
    else symlinkSync(join(away, path.slice('pack'.length)), join(cwd, path))
    const { stdout, stderr } = natplan(['vyatta', '--site', 'cloud', '--check', '--templates', 'pack'], { cwd })
    if (problem) expect(stderr).toContain(problem)
    expect(stdout).toBe(problem ? '' : 'somebody’s file\n')
  })
})

describe('a plan without gateways', () => {
  const site = (more = '') => `{ subnets: [10.0.1.0/24]${more} }`
  const planOf = (one: string) => folderWithPlan(`version: 1\nsites:\n  a: ${one}\n  b: ${site()}\n`)

  it.each([[['vyatta']], [['generate', '-o', 'out']]])('is told by %j', (args) => {
    const cwd = planOf(site())
    const { status, stdout, stderr } = natplan(args, { cwd })
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain('the plan has no gateway')
    expect(existsSync(join(cwd, 'out'))).toBe(false)
  })

  it('gives the manifests of its clusters all the same', () => {
    const cwd = planOf(site(', kubernetes: { podSubnets: [172.30.0.0/16], serviceSubnets: [172.21.0.0/16] }'))
    const { status, stderr } = natplan(['generate', '-o', 'out'], { cwd })
    expect(status).toBe(0)
    expect(stderr).toContain('natplan: the plan has no gateway, so')
    expect(filesBelow(join(cwd, 'out'))).toContain('a/kubernetes.yaml')
  })
})

describe('natplan generate', () => {
  it('writes everything once, and nothing the second time', () => {
    const cwd = folderWithPlan()
    const first = natplan(['generate', '-o', 'out'], { cwd, env })
    expect(first.status).toBe(0)
    const before = filesBelow(join(cwd, 'out'))
    expect(before).toEqual(
      expect.arrayContaining(['README.md', 'cloud/configure.txt', 'cloud/remove.txt', 'onpremise/check.txt']),
    )
    expect(readFileSync(join(cwd, 'natplan.lock.yaml'), 'utf8')).toContain('numbers:')
    const second = natplan(['generate', '-o', 'out'], { cwd, env })
    expect(second.stdout).toBe('out is up to date\n')
    expect(filesBelow(join(cwd, 'out'))).toEqual(before)
  })

  it.each([
    ['comes last where it tries once', 'vyatta-5600', 'vyos-1.4', '', 'first onpremise, then cloud.'],
    ['is one of them where both try once', 'vyatta-5600', 'vyatta-5600', '', 'cloud, onpremise.'],
    [
      'is where it is where it only waits',
      'vyatta-5600',
      'vyos-1.4',
      '    start: { cloud: respond }\n',
      'in any order',
    ],
    ['is where it is where it tries again', 'vyos-1.4', 'vyos-1.5', '', 'in any order: cloud, onpremise.'],
  ])('says in which order: a gateway %s', (_, cloud, onpremise, start, expected) => {
    const plan = acceptance
      .replace('platform: vyatta-5600', `platform: ${onpremise}`)
      .replace('platform: vyos-1.4', `platform: ${cloud}`)
    const cwd = folderWithPlan(`${plan}${start}`)
    natplan(['generate', '-o', 'out'], { cwd, env })
    const page = readFileSync(join(cwd, 'out', 'README.md'), 'utf8')
    expect(page).toContain(expected)
    const checks = readFileSync(join(cwd, 'out', 'cloud', 'check.txt'), 'utf8')
    const isLate = page.includes('reset vpn ipsec-peer')
    expect(isLate).toBe(!expected.startsWith('in any order'))
    expect(checks.includes('only once')).toBe(isLate)
  })

  it.each([
    [
      'only answer',
      'respond',
      'in this order: first onpremise, then cloud.\n   cloud calls gateways that only answer.',
    ],
    ['call as well', 'initiate', 'in any order: cloud, onpremise.'],
  ])('says that whom peers who %s refuse calls no more', (_, other, expected) => {
    const plan = acceptance.replace('platform: vyatta-5600', 'platform: linux')
    const cwd = folderWithPlan(`${plan}    start: { cloud: initiate, onpremise: ${other} }\n`)
    natplan(['generate', '-o', 'out'], { cwd, env })
    expect(readFileSync(join(cwd, 'out', 'README.md'), 'utf8')).toContain(expected)
  })

  it.each([
    ['calls again by its service', 'linux', 'calls again after half a minute', 'does not call again'],
    ['calls no more', 'vyos-1.4', 'does not call again', 'calls again after half a minute'],
  ])('says what becomes of a caller that is refused: %s', (_, platform, expected, other) => {
    const plan = acceptance.replace('platform: vyatta-5600', 'platform: linux').replace('vyos-1.4', platform)
    const cwd = folderWithPlan(`${plan}    start: { cloud: initiate, onpremise: respond }\n`)
    natplan(['generate', '-o', 'out'], { cwd, env })
    const page = readFileSync(join(cwd, 'out', 'README.md'), 'utf8')
    expect(page).toContain(expected)
    expect(page).not.toContain(other)
  })

  it('keeps files with a key to their owner', () => {
    const cwd = folderWithPlan()
    natplan(['generate', '-o', 'out'], { cwd, env })
    for (const file of filesBelow(join(cwd, 'out'))) {
      const path = join(cwd, 'out', file)
      const holdsKey = readFileSync(path, 'utf8').includes(key)
      expect(statSync(path).mode & 0o777, file).toBe(holdsKey ? 0o600 : 0o644)
    }
  })

  it('removes what it wrote and does not write any more, and leaves the files of others', () => {
    const cwd = folderWithPlan()
    natplan(['generate', '-o', 'out'], { cwd, env })
    writeFileSync(join(cwd, 'out', 'cloud', 'notes.txt'), 'mine')
    writeFileSync(join(cwd, 'natplan.yaml'), acceptance.replaceAll('onpremise', 'office'))
    const { stdout } = natplan(['generate', '-o', 'out'], { cwd, env })
    expect(stdout).toContain('removed  out/onpremise/configure.txt\n')
    expect(readdirSync(join(cwd, 'out', 'onpremise')).sort()).toEqual(['remove.sh', 'remove.txt'])
    expect(existsSync(join(cwd, 'out', 'office', 'configure.txt'))).toBe(true)
    expect(readFileSync(join(cwd, 'out', 'cloud', 'notes.txt'), 'utf8')).toBe('mine')
  })

  it('keeps what takes a site and its tunnel off the gateways until somebody deletes it', () => {
    const cwd = folderWithPlan(hubWith('north', 'south'))
    const run = () => natplan(['generate', '-o', 'out'], { cwd, env })
    const read = (file: string) => readFileSync(join(cwd, 'out', file), 'utf8')
    run()
    const both = read('hub/remove.txt')
    const ofSouth = read('south/remove.txt')
    expect(existsSync(join(cwd, 'out/hub/remove-left.txt'))).toBe(false)
    expect(read('README.md')).not.toContain('left the plan and still')
    writeFileSync(join(cwd, 'natplan.yaml'), hubWith('north'))
    const { stderr } = run()
    expect(read('south/remove.txt')).toBe(ofSouth)
    const left = read('hub/remove-left.txt')
    expect(left).toContain('delete vpn ipsec site-to-site peer natplan-south\n')
    const deletes = (text: string) => text.split('\n').filter((line) => line.startsWith('delete '))
    expect([...deletes(left), ...deletes(read('hub/remove.txt'))].sort()).toEqual(deletes(both).sort())
    expect(read('hub/remove-left.sh')).toContain('delete vpn ipsec site-to-site peer natplan-south')
    expect(read('README.md')).toContain('`hub/remove-left.txt`')
    expect(read('README.md')).toContain('- south has left: `south/`')
    expect(stderr).toContain('natplan: south left the plan: "natplan diff south=RUNNING" prints')
    expect(stderr).toContain('natplan: the tunnel of hub to south left the plan: "natplan diff hub=RUNNING" prints')
    expect(run().stdout).toBe('out is up to date\n')

    rmSync(join(cwd, 'out/hub/remove-left.txt'))
    rmSync(join(cwd, 'out/hub/remove-left.sh'))
    rmSync(join(cwd, 'out/south'), { recursive: true })
    run()
    expect(existsSync(join(cwd, 'out/hub/remove-left.txt'))).toBe(false)
    expect(read('README.md')).not.toContain('left the plan and still')
  })

  it('takes off nothing of a site that only has another name', () => {
    const cwd = folderWithPlan(hubWith('north', 'south'))
    natplan(['generate', '-o', 'out'], { cwd, env })
    const renamed = hubWith('north', 'south').replaceAll('south', 'coast')
    writeFileSync(join(cwd, 'natplan.yaml'), `moved: [{ from: south, to: coast }]\n${renamed}`)
    const { stderr } = natplan(['generate', '-o', 'out'], { cwd, env })
    expect(stderr).not.toContain('left the plan')
    expect(existsSync(join(cwd, 'out/south'))).toBe(false)
    expect(existsSync(join(cwd, 'out/coast/remove-left.txt'))).toBe(false)
    expect(readFileSync(join(cwd, 'out/hub/remove-left.txt'), 'utf8')).toContain(
      'delete vpn ipsec site-to-site peer natplan-south\n',
    )
  })

  it('takes off a gateway nothing that has come back', () => {
    const cwd = folderWithPlan(hubWith('north', 'south'))
    for (const spokes of [['north', 'south'], ['north'], ['north', 'south']]) {
      writeFileSync(join(cwd, 'natplan.yaml'), hubWith(...spokes))
      natplan(['generate', '-o', 'out'], { cwd, env })
    }
    const left = join(cwd, 'out/hub/remove-left.txt')
    const lines = existsSync(left) ? readFileSync(left, 'utf8') : ''
    expect(lines).not.toContain('natplan-south')
    expect(existsSync(join(cwd, 'out/south/configure.txt'))).toBe(true)
  })

  it.each([
    ['south', [], 'here'],
    ['hub', ['-f', 'plans/natplan.yaml'], 'elsewhere'],
  ])('prints for %s a command that works, with %j', (site, options) => {
    const path = options[1] ?? 'natplan.yaml'
    const cwd = temporaryFolder({ [path]: hubWith('north', 'south') })
    const generate = () => natplan(['generate', '-o', 'out', ...options], { cwd, env })
    generate()
    writeFileSync(join(cwd, 'RUNNING'), readFileSync(join(cwd, 'out', site, 'configure.txt')))
    writeFileSync(join(cwd, path), hubWith('north'))
    const [, command = ''] = new RegExp(`"natplan (diff ${site}=RUNNING[^"]*)"`).exec(generate().stderr) ?? []
    const { status, stdout } = natplan(command.split(' '), { cwd, env })
    expect(status).toBe(0)
    expect(stdout).toContain(`delete vpn ipsec site-to-site peer natplan-${site === 'hub' ? 'south' : 'hub'}\n`)
  })

  it('says of a site that left how to take natplan off its gateway', () => {
    const cwd = folderWithPlan(hubWith('north', 'south'))
    natplan(['generate', '-o', 'out'], { cwd, env })
    writeFileSync(join(cwd, 'natplan.yaml'), hubWith('north'))
    const left = natplan(['vyatta', '--site', 'south', '--remove'], { cwd })
    expect(left.status).toBe(2)
    expect(left.stderr).toContain('hint: natplan diff south=RUNNING prints')
    expect(natplan(['vyatta', '--site', 'soth'], { cwd }).stderr).not.toContain('left the plan')
  })

  it('keeps files with a key out of version control, and the list of somebody else', () => {
    const cwd = folderWithPlan()
    natplan(['generate', '-o', 'out'], { cwd, env })
    const ignored = readFileSync(join(cwd, 'out/.gitignore'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('/'))
    const withKey = filesBelow(join(cwd, 'out')).filter((file) =>
      readFileSync(join(cwd, 'out', file), 'utf8').includes(key),
    )
    expect(ignored.sort()).toEqual(withKey.map((file) => `/${file}`).sort())
    expect(readFileSync(join(cwd, 'out/.natplan-files.json'), 'utf8')).toContain('".gitignore"')

    const other = folderWithPlan()
    mkdirSync(join(other, 'out'))
    writeFileSync(join(other, 'out/.gitignore'), '*')
    expect(natplan(['generate', '-o', 'out'], { cwd: other, env }).status).toBe(0)
    expect(readFileSync(join(other, 'out/.gitignore'), 'utf8')).toBe('*')
  })

  it('says what to type on each platform, which routes hosts need and whom the segment size meets', () => {
    const cwd = folderWithPlan()
    natplan(['generate', '-o', 'out'], { cwd, env })
    const page = readFileSync(join(cwd, 'out/README.md'), 'utf8')
    expect(page).toContain(`### On vyos-1.4: cloud`)
    expect(page).toMatch(
      / {4}configure\n.*configure\.txt.*\n {4}compare\n {4}commit-confirm 10\n.*\n {4}confirm\n {4}save\n/,
    )
    expect(page).toMatch(/### On vyatta-5600: onpremise\n[\s\S]*? {4}validate\n {4}commit-confirm 10\n/)
    expect(page).toContain('- onpremise:\n\n      VIA=GATEWAY\n      ip route replace 192.168.2.0/27 via "$VIA"\n')
    expect(page).not.toContain('- cloud:\n\n      VIA')
    expect(page).toMatch(
      /\| cloud \(vyos-1\.4\) \| \d+ \| eth0, eth1 \| every TCP connection through these interfaces \|/,
    )
    expect(page).toMatch(/\| onpremise \(vyatta-5600\) \| \d+ \| vfp0 \| packets of the tunnels only \|/)
  })

  it('writes what takes the routes off the nodes, and keeps it when the cluster leaves', () => {
    const cwd = folderWithPlan()
    natplan(['generate', '-o', 'out'], { cwd, env })
    const removal = natplan(['kubernetes', '--site', 'cloud', '--remove'], { cwd }).stdout
    expect(readFileSync(join(cwd, 'out/cloud/kubernetes-remove.yaml'), 'utf8')).toBe(removal)
    writeFileSync(join(cwd, 'natplan.yaml'), acceptance.replace(/ {4}kubernetes:[\s\S]*? {4}gateway:/, '    gateway:'))
    natplan(['generate', '-o', 'out'], { cwd, env })
    expect(readFileSync(join(cwd, 'out/cloud/kubernetes-remove.yaml'), 'utf8')).toBe(removal)
    expect(readFileSync(join(cwd, 'out/README.md'), 'utf8')).toContain('kubectl apply --server-side')
  })

  it('changes nothing when one file was edited', () => {
    const cwd = folderWithPlan()
    natplan(['generate', '-o', 'out'], { cwd, env })
    const edited = join(cwd, 'out', 'cloud', 'configure.txt')
    writeFileSync(edited, 'edited')
    rmSync(join(cwd, 'out', 'cloud', 'check.txt'))
    const { status, stderr } = natplan(['generate', '-o', 'out'], { cwd, env })
    expect(status).toBe(2)
    expect(stderr).toContain('FILE_FOREIGN')
    expect(readFileSync(edited, 'utf8')).toBe('edited')
    expect(existsSync(join(cwd, 'out', 'cloud', 'check.txt'))).toBe(false)
  })

  it('removes nothing outside its folder, whatever its list says', () => {
    const cwd = folderWithPlan()
    natplan(['generate', '-o', 'out'], { cwd, env })
    writeFileSync(join(cwd, 'victim.txt'), 'mine')
    const list = join(cwd, 'out', '.natplan-files.json')
    const digest = createHash('sha256').update('mine').digest('hex')
    writeFileSync(list, JSON.stringify({ ...JSON.parse(readFileSync(list, 'utf8')), '../victim.txt': digest }))
    natplan(['generate', '-o', 'out'], { cwd, env })
    expect(readFileSync(join(cwd, 'victim.txt'), 'utf8')).toBe('mine')
  })

  it('writes nothing at all when there is an error', () => {
    const cwd = folderWithPlan(acceptance.replace('address: 192.0.2.20', 'address: 192.0.2.256'))
    const { status, stderr } = natplan(['generate', '-o', 'out'], { cwd, env })
    expect(status).toBe(1)
    expect(stderr).toContain('nothing was written')
    expect(filesBelow(cwd)).toEqual(['natplan.yaml'])
  })

  it('fails as a whole where it may not write', () => {
    const cwd = folderWithPlan()
    writeFileSync(join(cwd, 'out'), 'a file')
    chmodSync(join(cwd, 'out'), 0o444)
    const { status, stderr } = natplan(['generate', '-o', 'out'], { cwd, env })
    expect(status).toBe(2)
    expect(stderr).toContain('FILE_UNWRITABLE')
    expect(existsSync(join(cwd, 'natplan.lock.yaml'))).toBe(false)
  })

  it('brings back what was there when a file in the middle cannot be written', () => {
    const cwd = folderWithPlan()
    natplan(['generate', '-o', 'out'], { cwd, env })
    const contents = () =>
      filesBelow(join(cwd, 'out')).map((file) => [file, readFileSync(join(cwd, 'out', file), 'utf8')])
    writeFileSync(join(cwd, 'out', 'office'), 'a file where a folder must be')
    const before = contents()
    writeFileSync(join(cwd, 'natplan.yaml'), acceptance.replaceAll('onpremise', 'office').replace('/27]', '/26]'))
    const { status, stderr } = natplan(['generate', '-o', 'out'], { cwd, env })
    expect(status).toBe(2)
    expect(stderr).toMatch(/error FILE_UNWRITABLE out cannot be written: \w+; nothing was changed/)
    expect(contents()).toEqual(before)
  })

  it('keeps rule numbers when subnets join', () => {
    const cwd = folderWithPlan()
    natplan(['generate', '-o', 'out'], { cwd, env })
    const before = readFileSync(join(cwd, 'natplan.lock.yaml'), 'utf8')
    writeFileSync(join(cwd, 'natplan.yaml'), acceptance.replace('[10.0.1.0/24]', '[10.0.0.0/24, 10.0.1.0/24]'))
    natplan(['generate', '-o', 'out'], { cwd, env })
    const after = readFileSync(join(cwd, 'natplan.lock.yaml'), 'utf8')
    for (const line of before.split('\n').filter((text) => text.includes(': 1000'))) expect(after).toContain(line)
  })
})
