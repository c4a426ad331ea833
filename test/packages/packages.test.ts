import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { natplan, root } from '../support/command.ts'
import { type NodeOfLine, nodesOfAllLines } from '../support/nodes.ts'
import { requireNodes } from '../support/require.ts'
import { libraryExamples } from './library-examples.ts'

const { version } = readJson(join(root, 'package.json')) as { version: string }
const packages = {
  natplan: 'cli',
  'natplan-core': 'core',
  'natplan-templates': 'templates',
  'natplan-app': 'app',
}
const acceptance = join(root, 'examples', 'acceptance', 'natplan.yaml')
const pages = [
  'README.md',
  'docs/core.md',
  'docs/templates.md',
  'docs/app.md',
  ...Object.values(packages).map((folder) => `packages/${folder}/README.md`),
]

/** Where the archives lie and everything is installed. */
const place = mkdtempSync(join(tmpdir(), 'natplan-packages-'))

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'))
}

function run(program: string, args: readonly string[], { cwd = place, env = {} } = {}): string {
  const options = { cwd, encoding: 'utf8', env: { ...process.env, npm_config_loglevel: 'warn', ...env } } as const
  const { status, stdout, stderr } = spawnSync(program, args, options)
  expect(status, `${program} ${args.join(' ')}\n${stdout}${stderr}`).toBe(0)
  expect(stderr).not.toContain('EBADENGINE')
  return stdout
}

function archiveOf(name: string): string {
  const file = readdirSync(place).find((entry) => new RegExp(`^${name}-[0-9].*\\.tgz$`).test(entry))
  if (file === undefined) throw new Error(`no archive of ${name}`)
  return join(place, file)
}

/** Packs every package as it is published, after the command was used: that must leave nothing to pack. */
beforeAll(() => {
  natplan(['plan', acceptance], { env: { XDG_CACHE_HOME: '', HOME: place } })
  run(process.execPath, [join(root, 'scripts', 'pack.mjs'), place])
})
afterAll(() => rmSync(place, { recursive: true, force: true }))

function filesIn(archive: string): string[] {
  const paths = run('tar', ['--list', '--file', archive]).trim().split('\n')
  return paths.map((path) => path.replace(/^package\//, '')).sort()
}

/** What the compiler makes of a package's sources, and what says what the package is. */
function filesOfLibrary(folder: string): string[] {
  const sources = readdirSync(join(root, 'packages', folder, 'src'), { recursive: true, encoding: 'utf8' })
  const compiled = sources
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) => ['js', 'd.ts'].map((ending) => `dist/${file.replace(/ts$/, ending)}`))
  return [...compiled, 'LICENSE', 'README.md', 'package.json'].sort()
}

describe('the packed packages', () => {
  it('hold what is meant and nothing else', () => {
    expect(filesIn(archiveOf('natplan'))).toEqual(
      [
        'LICENSE',
        'README.md',
        'THIRD-PARTY-NOTICES.md',
        'dist/lists.cjs',
        'dist/main.cjs',
        'dist/more.cjs',
        'dist/natplan.cjs',
        'dist/natplan.html',
        'dist/rest.cjs',
        'package.json',
        ...readdirSync(join(root, 'schema')).map((name) => `schema/${name}`),
      ].sort(),
    )
    for (const name of ['core', 'templates', 'app']) {
      expect(filesIn(archiveOf(`natplan-${name}`))).toEqual(filesOfLibrary(name))
    }
  })

  it.each(Object.entries(packages))('%s says what it is, in one version, for every Node.js', (name, folder) => {
    const text = run('tar', ['--extract', '--to-stdout', '--file', archiveOf(name), 'package/package.json'])
    expect(JSON.parse(text)).toMatchObject({
      version,
      license: 'MIT',
      homepage: expect.stringContaining('https://'),
      bugs: expect.stringContaining('https://'),
      repository: { type: 'git', url: expect.stringContaining('git+https://'), directory: `packages/${folder}` },
      keywords: expect.arrayContaining(['nat']),
      engines: { node: '^20.19.0 || ^22.12.0 || >=24.0.0' },
    })
    expect(text).not.toContain('workspace:')
  })

  it('come from packages that the lock file names without the place to fetch them', () => {
    expect(readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')).not.toMatch(/tarball|https?:/)
  })

  it('have the licence of everything that is bundled', () => {
    const notices = readFileSync(join(root, 'packages', 'cli', 'THIRD-PARTY-NOTICES.md'), 'utf8')
    for (const name of ['@dagrejs/dagre', 'handlebars', 'preact', 'yaml', 'yargs', 'zod'])
      expect(notices).toMatch(new RegExp(`^## ${name} [0-9.]+ `, 'm'))
    expect(
      notices
        .split(/\n(?=## \S+ [0-9.]+ \()/)
        .slice(1)
        .every((notice) => /permission|redistribution/i.test(notice)),
    ).toBe(true)
  })
})

describe('the files of the command', () => {
  const ofFile = (name: string) => readFileSync(join(root, 'packages', 'cli', 'dist', name), 'utf8')

  it.each([
    ['schemas', 'ZodMini'],
    ['the YAML reader', 'node_modules/.pnpm/yaml@'],
    ['what is to be said of each code', 'Site names become names on routers'],
    ['the verifier', 'the ConfigMap holds no list of routes'],
  ])('holds nothing of %s, which the others do', (_, text) => {
    expect(ofFile('main.cjs')).not.toContain(text)
    expect(`${ofFile('more.cjs')}${ofFile('rest.cjs')}`).toContain(text)
  })

  it.each(['lists.cjs', 'main.cjs', 'more.cjs', 'rest.cjs'])(
    '%s has nothing that makes an object slowly on Node.js 20',
    (file) => {
      expect(ofFile(file)).toMatch(/return ?[{]\.\.\.null,\.\.\.[\w.]+,/)
      expect(ofFile(file)).not.toMatch(/return ?[{]\.\.\.(?!null,)[\w.]+,/)
    },
  )
})

describe('the examples of the libraries', () => {
  const folder = join(place, 'examples')
  const examples = pages.flatMap(libraryExamples).map((example, index) => ({ ...example, name: `example-${index}` }))

  beforeAll(() => {
    installLibraries(folder, {})
    for (const { name, code } of examples) writeFileSync(join(folder, `${name}.ts`), `${code}\nexport {}\n`)
  })

  it('stand in every page of the libraries', () => {
    expect(new Set(examples.map(({ place }) => place.split(':')[0]))).toEqual(
      new Set(pages.filter((page) => page !== 'packages/cli/README.md')),
    )
  })

  it('compile under the strictest rules', () => {
    const strict = ['--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes']
    const kind = ['--module', 'nodenext', '--target', 'es2023', '--lib', 'es2023,dom', '--types', '']
    const files = examples.map(({ name }) => `${name}.ts`)
    run(join(root, 'node_modules', '.bin', 'tsc'), [...strict, ...kind, ...files], { cwd: folder })
  })

  it.each(examples.filter(({ prints }) => prints.length > 0))('print what they say: $place', ({ name, prints }) => {
    expect(
      run(process.execPath, [`${name}.js`], { cwd: folder })
        .trim()
        .split('\n'),
    ).toEqual(prints)
  })
})

const nodes = nodesOfAllLines()

requireNodes(nodes)('installed with each line of Node.js', () => {
  it.each(nodes)('$line: the command', (node) => {
    const prefix = join(place, `global-${node.line}`)
    const env = environmentOf(node)
    run('npm', ['install', '--global', '--prefix', prefix, ...installOptions, archiveOf('natplan')], { env })
    const command = join(prefix, 'bin', 'natplan')
    expect(run(command, ['--version'], { env })).toBe(`${version}\n`)
    const planned = natplan(['plan', acceptance]).stdout
    // The second run takes the code that the first has kept.
    for (const _ of [1, 2]) expect(run(command, ['plan', acceptance], { env })).toBe(planned)
    // V8 knows what it is told, or would say so.
    const { stderr } = spawnSync(command, ['verify', '--file', acceptance], { env, encoding: 'utf8' })
    expect(stderr).not.toContain('flag')
  })

  it.each(nodes)('$line: the libraries', (node) => {
    const folder = join(place, `libraries-${node.line}`)
    const env = environmentOf(node)
    installLibraries(folder, env)
    writeFileSync(join(folder, 'use.mjs'), usage)
    expect(run('node', ['use.mjs'], { cwd: folder, env })).toBe(`v${node.line} 192.168.1.0/24 11 function\n`)
  })
})

const installOptions = ['--engine-strict', '--prefer-offline', '--no-audit', '--no-fund']

function installLibraries(folder: string, env: Readonly<Record<string, string>>): void {
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  const archives = ['natplan-core', 'natplan-templates', 'natplan-app'].map(archiveOf)
  run('npm', ['install', ...installOptions, ...archives], { cwd: folder, env })
}

function environmentOf({ line, folder }: NodeOfLine): Record<string, string> {
  return {
    PATH: [folder, process.env['PATH']].join(delimiter),
    XDG_CACHE_HOME: join(place, `cache-${line}`),
  }
}

const usage = `import { readNetworkText } from '@natplan/app'
import { normalize, planNetwork } from '@natplan/core'
import { platformModules } from '@natplan/templates'
const sites = { cloud: { subnets: ['10.0.1.0/27'] }, onpremise: { subnets: ['10.0.1.0/24'] } }
const { plan } = planNetwork(normalize({ version: 1, sites }).value)
const { translated } = plan.mappings.find(({ site }) => site === 'onpremise')
console.log(process.version.split('.')[0], String(translated), platformModules.length, typeof readNetworkText)
`
