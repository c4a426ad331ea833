import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codeCache, type KeptCode } from '../../packages/cli/src/code-cache.ts'
import { commandFile, natplan, root } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const acceptance = join(root, 'examples', 'acceptance', 'natplan.yaml')
const main = readFileSync(join(dirname(commandFile), 'main.cjs'))

interface Machine {
  readonly command: string
  readonly home: string
  /** Where the caches lie. */
  readonly folder: string
}

/** An installed command and a home, below folders that nobody else can write. */
function machine(text: Buffer = main): Machine {
  const place = temporaryFolder()
  for (const file of ['natplan.cjs', 'lists.cjs', 'main.cjs', 'more.cjs', 'rest.cjs'])
    cpSync(join(dirname(commandFile), file), join(place, file))
  writeFileSync(join(place, 'main.cjs'), text)
  const home = join(place, 'home')
  mkdirSync(home, 0o700)
  return { command: join(place, 'natplan.cjs'), home, folder: join(home, '.cache', 'natplan') }
}

function run({ command, home }: Machine, args: readonly string[], { umask = '022', env = {} } = {}) {
  const shell = `umask ${umask} && exec "$0" "$@"`
  const { status, stdout } = spawnSync('sh', ['-c', shell, process.execPath, command, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: home, ...env },
  })
  return { status, stdout }
}

function plan(at: Machine, options = {}): string {
  const { status, stdout } = run(at, ['plan', acceptance], options)
  expect(status).toBe(0)
  return stdout
}

function caches({ folder }: Machine): string[] {
  return readdirSync(folder).sort()
}

function onlyCache(at: Machine): string {
  const [name, ...others] = caches(at)
  if (name === undefined || others.length > 0) throw new Error('not one cache')
  return join(at.folder, name)
}

/** The command's file with another word in what `plan` prints, of the same length, which is all that V8 asks. */
const changed = Buffer.from(
  main.toString('latin1').replaceAll('NAT mapping (one to one', 'BAD mapping (one to one'),
  'latin1',
)
const truth = natplan(['plan', acceptance]).stdout

let foreignCode: KeptCode | undefined

function compiledElsewhere(): KeptCode {
  const author = machine(changed)
  plan(author)
  const kept = inCacheOf(author, () => codeCache(changed, 'plan').read())
  if (kept === undefined) throw new Error('nothing was kept')
  return kept
}

function inCacheOf<Result>({ folder }: Machine, work: () => Result): Result {
  const { XDG_CACHE_HOME: before = '' } = process.env
  process.env['XDG_CACHE_HOME'] = dirname(folder)
  const result = work()
  process.env['XDG_CACHE_HOME'] = before
  return result
}

/** A machine on which somebody has put code of his own into the cache, with a right digest. */
function poisoned(): Machine {
  const code = foreignCode ?? compiledElsewhere()
  foreignCode = code
  const victim = machine()
  inCacheOf(victim, () => codeCache(main, 'plan').keep(code))
  return victim
}

describe('the code cache', () => {
  it('stays good after a run over many gateways', () => {
    const at = machine()
    const file = join(at.home, 'natplan.json')
    const names = Array.from({ length: 60 }, (_, index) => `spoke${index}`)
    const subnets = ['10.0.0.0/24']
    const sites = { hub: { subnets: ['10.9.0.0/24'] }, ...Object.fromEntries(names.map((name) => [name, { subnets }])) }
    const tunnels = names.map((name) => ({ sites: ['hub', name] }))
    writeFileSync(file, JSON.stringify({ version: 1, sites, tunnels }))
    const kept = () => caches(at).map((name) => [name, lstatSync(join(at.folder, name)).mtimeMs])
    expect(run(at, ['explain', '10.9.0.5', '--file', file]).status).toBe(0)
    const before = kept()
    expect(run(at, ['explain', '10.9.0.5', '--file', file]).status).toBe(0)
    expect(kept()).toEqual(before)
  })

  it('lies in the cache folder of the user, for nobody else whatever the umask, one for each command that ended well', () => {
    const at = machine()
    for (const args of [['--help'], ['plan', '--help'], ['paln'], ['plan', 'missing.yaml'], ['plan', acceptance]]) {
      run(at, args, { umask: '000' })
    }
    expect(caches(at).map((name) => name.split('.')[0])).toEqual(['other', 'plan'])
    for (const folder of [dirname(at.folder), at.folder]) expect(lstatSync(folder).mode & 0o777).toBe(0o700)
    for (const name of caches(at)) expect(lstatSync(join(at.folder, name)).mode & 0o777).toBe(0o600)
    expect(readdirSync(dirname(at.command)).sort()).toEqual([
      'home',
      'lists.cjs',
      'main.cjs',
      'more.cjs',
      'natplan.cjs',
      'rest.cjs',
    ])
  })

  it('is used as it is by the next run', () => {
    const at = machine()
    plan(at)
    const { ino } = lstatSync(onlyCache(at))
    expect(plan(at)).toBe(truth)
    expect(lstatSync(onlyCache(at)).ino).toBe(ino)
  })

  it('grows for a command line of another shape, once', () => {
    const at = machine()
    const shapes = () => inCacheOf(at, () => codeCache(main, 'plan').read()?.shapes)
    const size = () => lstatSync(onlyCache(at)).size
    const ofSites = ['plan', '--site', 'a=10.0.1.0/24', '--site', 'b=10.0.1.0/24']
    expect(run(at, ofSites).status).toBe(0)
    const small = size()
    expect(shapes()).toEqual([' --site'])
    expect(plan(at)).toBe(truth)
    expect(shapes()).toEqual([' --site', '.yaml'])
    expect(size()).toBeGreaterThan(small)
    const { ino } = lstatSync(onlyCache(at))
    expect(run(at, ofSites)).toEqual({ status: 0, stdout: natplan(ofSites).stdout })
    expect(plan(at)).toBe(truth)
    expect(lstatSync(onlyCache(at)).ino).toBe(ino)
    for (let count = 0; count < 20; count++) expect(run(at, ['plan', acceptance, `file.x${count}`]).status).toBe(2)
    expect(shapes()).toHaveLength(2)
  })

  it('is one more for what the command has in its second file', () => {
    const at = machine()
    const kept = () => caches(at).map((name) => [name.split('.')[0], lstatSync(join(at.folder, name)).ino])
    const verified = () => run(at, ['verify', '--file', acceptance])
    expect(verified().status).toBe(0)
    const before = kept()
    expect(before.map(([name]) => name)).toEqual(['verify-more', 'verify'])
    expect(verified()).toEqual({ status: 0, stdout: natplan(['verify', '--file', acceptance]).stdout })
    expect(kept()).toEqual(before)
  })

  it('lies where XDG_CACHE_HOME says, unless that depends on the current folder', () => {
    const at = machine()
    const cacheHome = join(at.home, 'elsewhere')
    plan(at, { env: { XDG_CACHE_HOME: cacheHome } })
    expect(caches({ ...at, folder: join(cacheHome, 'natplan') })).toHaveLength(1)
    plan(at, { env: { XDG_CACHE_HOME: 'relative' } })
    expect(caches(at)).toHaveLength(1)
  })

  it('is made anew when any bit of it is wrong, and crashes nothing', () => {
    const at = machine()
    plan(at)
    const good = readFileSync(onlyCache(at))
    const places = [
      0,
      31,
      32,
      36,
      48,
      60,
      100,
      ...Array.from({ length: 4 }, (_, i) => Math.floor((good.length * (i + 1)) / 5)),
    ]
    for (const place of [...places, good.length - 1]) {
      const wrong = Buffer.from(good)
      wrong[place] = (wrong[place] ?? 0) ^ (1 << (place % 8))
      writeFileSync(onlyCache(at), wrong)
      expect(plan(at), `bit of byte ${place}`).toBe(truth)
      expect(readFileSync(onlyCache(at)).equals(wrong)).toBe(false)
    }
    for (const length of [0, 31, 32, good.length >> 1]) {
      writeFileSync(onlyCache(at), good.subarray(0, length))
      expect(plan(at), `${length} bytes`).toBe(truth)
    }
  })

  it('is not taken for another file of the same length', () => {
    const at = machine()
    plan(at)
    writeFileSync(join(dirname(at.command), 'main.cjs'), changed)
    expect(plan(at)).toContain('BAD mapping')
  })

  it('keeps two builds of a command, and nothing of runs that were killed', () => {
    const at = machine()
    const text = join(dirname(at.command), 'main.cjs')
    const builds = ['\n', '\n\n', '\n\n\n'].map((end) => Buffer.concat([main, Buffer.from(end)]))
    const names = builds.map((build) => {
      writeFileSync(text, build)
      const before = readdirSync(at.home).length > 0 ? caches(at) : []
      plan(at)
      writeFileSync(join(at.folder, `plan.${before.length}.cache.killed`), 'half')
      return caches(at).find((name) => !before.includes(name) && name.endsWith('.cache'))
    })
    run(at, ['plan', acceptance, '--output', 'json'])
    const ofBuilds = caches(at).filter((name) => name.endsWith('.cache'))
    expect(ofBuilds).toContain(names[2])
    expect(ofBuilds).not.toContain(names[0])
    expect(caches(at).length).toBeLessThanOrEqual(3)
  })

  it('keeps sixty files at the most, whatever was run', () => {
    const at = machine()
    plan(at)
    for (let i = 0; i < 70; i++) writeFileSync(join(at.folder, `word-${i}.cache`), '')
    run(at, ['explain', 'POOL_EXHAUSTED'])
    expect(caches(at)).toHaveLength(60)
    expect(caches(at).some((name) => name.startsWith('explain.'))).toBe(true)
  })
})

describe('code that somebody else could have put into the cache', () => {
  it('would run if nothing were wrong with its place, so the rows below mean something', () => {
    expect(plan(poisoned())).toContain('BAD mapping')
  })

  const isRoot = process.geteuid?.() === 0
  const rows: Readonly<Record<string, (at: Machine) => void>> = {
    'a file that others may write': (at) => chmodSync(onlyCache(at), 0o666),
    'a file that a group may write': (at) => chmodSync(onlyCache(at), 0o660),
    'a link in place of the file': (at) => {
      const file = onlyCache(at)
      renameSync(file, join(at.home, 'elsewhere'))
      symlinkSync(join(at.home, 'elsewhere'), file)
    },
    'a file with a second name': (at) => linkSync(onlyCache(at), join(at.home, 'elsewhere')),
    'a folder that others may write': (at) => chmodSync(at.folder, 0o777),
    'a folder that others may write, where only owners remove files': (at) => chmodSync(at.folder, 0o1777),
    'a link in place of the folder': (at) => {
      renameSync(at.folder, join(at.home, 'elsewhere'))
      symlinkSync(join(at.home, 'elsewhere'), at.folder)
    },
    'a link in place of .cache': (at) => {
      renameSync(dirname(at.folder), join(at.home, 'elsewhere'))
      symlinkSync(join(at.home, 'elsewhere'), dirname(at.folder))
    },
    'a folder above in which others may rename': (at) => chmodSync(dirname(at.folder), 0o777),
    'a home in which others may rename': (at) => chmodSync(at.home, 0o777),
    ...(isRoot && {
      'a file of another user': (at) => chownSync(onlyCache(at), 1000, 1000),
      'a folder of another user': (at) => chownSync(at.folder, 1000, 1000),
      'a home of another user': (at) => chownSync(at.home, 1000, 1000),
    }),
  }

  it.each(Object.keys(rows))('is not run: %s', (name) => {
    const at = poisoned()
    rows[name]?.(at)
    expect(plan(at)).toBe(truth)
  })
})

describe('where there is no place for a cache', () => {
  it.each([
    ['no home', {}],
    ['a home that is not there', { HOME: '/nowhere/at/all' }],
    ['a home that is no folder', { HOME: '/dev/null' }],
    ['a cache folder that is no folder', { XDG_CACHE_HOME: '/dev/null' }],
    ['a home that nobody can write to', { HOME: '/proc' }],
  ])('natplan runs without: %s', (_, env) => {
    const { status, stdout } = spawnSync(process.execPath, [machine().command, 'plan', acceptance], {
      encoding: 'utf8',
      env,
    })
    expect({ status, stdout }).toEqual({ status: 0, stdout: truth })
  })

  it('makes nothing behind a link', () => {
    const at = machine()
    mkdirSync(join(at.home, 'elsewhere'))
    symlinkSync(join(at.home, 'elsewhere'), join(at.home, '.cache'))
    plan(at)
    expect(readdirSync(join(at.home, 'elsewhere'))).toEqual([])
  })

  it('makes no home', () => {
    const at = machine()
    plan({ ...at, home: join(at.home, 'missing') })
    expect(readdirSync(at.home)).toEqual([])
  })
})
