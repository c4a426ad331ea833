// Builds the published packages: core and templates as ES modules with types, the command as CommonJS, which starts faster, with the page,
// the licences of what both hold and the schemas of what it reads and prints.
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { buildPage } from '../packages/page/build.mjs'
import { chunksToCommonJs } from './chunks.mjs'
import { directImports } from './direct-imports.mjs'
import { lateModules, madeModules } from './late-modules.mjs'
import { noticesOf } from './notices.mjs'
import { root, runBin } from './setup.mjs'
import { withoutLeadingSpreads } from './spreads.mjs'

const libraries = ['core', 'templates', 'app']
for (const name of libraries) {
  rmSync(join(root, 'packages', name, 'dist'), { recursive: true, force: true })
  runBin('tsc', ['--project', join('packages', name, 'tsconfig.build.json')])
}

const cli = join(root, 'packages', 'cli')
const out = join(cli, 'dist')
rmSync(out, { recursive: true, force: true })
mkdirSync(out)

const platforms = foldersIn('packages/templates/src/platforms').map((folder) => `${folder}/index.ts`)
/** Where what reads and compares the configurations of gateways is. */
const languages = ['packages/templates/src/vyatta', 'packages/templates/src/platforms/linux']
const readers = languages.map((folder) => `${folder}/read-device.ts`)

/**
 * What says what is wrong with a plan, what reads and writes YAML that is not plain, what few plans include, the verifier where only running
 * configurations need it, every platform, the readers and comparers of each kind of gateway, and templates of users.
 */
const late = [
  'packages/core/src/network/schemas.ts',
  'packages/app/src/text/read-yaml.ts',
  'packages/app/src/plan/site-table.ts',
  'packages/cli/src/output/yaml-text.ts',
  'packages/cli/src/output/sarif.ts',
  'packages/app/src/verify/judge-plan.ts',
  ...platforms,
  ...readers,
  ...languages.flatMap((folder) => [`${folder}/diff.ts`, `${folder}/adopt.ts`]),
  'packages/templates/src/parse-template.ts',
].map((file) => join(root, file))

function commandsOf(...names) {
  return names.map((name) => `packages/cli/src/commands/run-${name}.ts`)
}

function foldersIn(path) {
  const entries = readdirSync(join(root, path), { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => `${path}/${name}`)
}

/** `main.ts` in chunks that commands share, `bin.ts` in one. */
const common = {
  outdir: out,
  bundle: true,
  platform: 'node',
  target: 'node20',
  charset: 'ascii',
  legalComments: 'none',
  absWorkingDir: root,
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: 'warning',
  plugins: [
    madeModules(join(root, 'packages', 'core')),
    lateModules(late),
    directImports(Object.fromEntries(libraries.map((name) => [`@natplan/${name}`, join(root, 'packages', name)]))),
  ],
}

// What yargs measures and breaks its help with knows every script and emoji, and takes a third of the start-up. natplan's help is plain text.
const plainText = ['string-width', 'strip-ansi', 'wrap-ansi'].map((name) => [
  name,
  join(cli, 'src', 'plain-text', `${name}.ts`),
])

// What it makes sure of about itself needs no module of Node.js.
const assert = ['assert', join(cli, 'src', 'command-line', 'assert.ts')]

// yargs also asks for the address of its module, which CommonJS does not have, and for the width of the screen, which loads a stream; natplan folds help itself.
const { outputFiles, metafile } = await build({
  ...common,
  entryPoints: [join(cli, 'src', 'main.ts')],
  format: 'esm',
  splitting: true,
  metafile: true,
  write: false,
  define: { 'import.meta.url': 'moduleUrl', 'process.stdout.columns': 'undefined' },
  alias: Object.fromEntries([...plainText, assert]),
})
const banner = 'const moduleUrl=require("node:url").pathToFileURL(__filename).href;'
const parts = await chunksToCommonJs(outputFiles, {
  outputs: metafile.outputs,
  entry: 'packages/cli/src/main.ts',
  often: [...commandsOf('plan'), 'packages/cli/src/command-line/run-words.ts'],
  groups: {
    lists: commandsOf('overlaps', 'free'),
    more: [...commandsOf('verify', 'vyatta', 'kubernetes'), ...platforms, ...readers],
  },
  banner,
})
for (const [name, text] of Object.entries(parts)) writeFileSync(join(out, `${name}.cjs`), withoutLeadingSpreads(text))
await build({
  ...common,
  entryPoints: { natplan: join(cli, 'src', 'bin.ts') },
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  banner: { js: '#!/usr/bin/env node' },
})

// The page is a file beside the command, which reads it when it is asked for.
const pageFiles = await buildPage(join(out, 'natplan.html'))

// What is published with it; bin.ts bundles no package.
const bundled = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs))
writeFileSync(join(cli, 'THIRD-PARTY-NOTICES.md'), noticesOf([...bundled, ...pageFiles], root))
rmSync(join(cli, 'schema'), { recursive: true, force: true })
cpSync(join(root, 'schema'), join(cli, 'schema'), { recursive: true })
