// Builds the published packages: core and templates as ES modules with types, the command as CommonJS, which starts faster, with the page,
// the licences of what both hold and the schemas of what it reads and prints.
import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { buildPage } from '../packages/page/build.mjs'
import { directImports } from './direct-imports.mjs'
import { noticesOf } from './notices.mjs'
import { root, runBin } from './setup.mjs'

const libraries = ['core', 'templates', 'app']
for (const name of libraries) {
  rmSync(join(root, 'packages', name, 'dist'), { recursive: true, force: true })
  runBin('tsc', ['--project', join('packages', name, 'tsconfig.build.json')])
}

const cli = join(root, 'packages', 'cli')
const out = join(cli, 'dist')
rmSync(out, { recursive: true, force: true })

function bundle(source, result, options) {
  return build({
    entryPoints: [join(cli, 'src', source)],
    outfile: join(out, result),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    charset: 'ascii',
    legalComments: 'none',
    absWorkingDir: root,
    metafile: true,
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'warning',
    plugins: [
      directImports(Object.fromEntries(libraries.map((name) => [`@natplan/${name}`, join(root, 'packages', name)]))),
    ],
    ...options,
  })
}

// What yargs measures and breaks its help with knows every script and emoji, and takes a third of the start-up. natplan's help is plain text.
const plainText = ['string-width', 'strip-ansi', 'wrap-ansi'].map((name) => [
  name,
  join(cli, 'src', 'plain-text', `${name}.ts`),
])

// yargs also asks for the address of its module, which CommonJS does not have.
const { metafile } = await bundle('main.ts', 'main.cjs', {
  banner: { js: 'const moduleUrl=require("node:url").pathToFileURL(__filename).href;' },
  define: { 'import.meta.url': 'moduleUrl' },
  alias: Object.fromEntries(plainText),
})
await bundle('bin.ts', 'natplan.cjs', { banner: { js: '#!/usr/bin/env node' } })

// The page is a file beside the command, which reads it when it is asked for.
const pageFiles = await buildPage(join(out, 'natplan.html'))

// What is published with it; bin.ts bundles no package.
const bundled = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs))
writeFileSync(join(cli, 'THIRD-PARTY-NOTICES.md'), noticesOf([...bundled, ...pageFiles], root))
rmSync(join(cli, 'schema'), { recursive: true, force: true })
cpSync(join(root, 'schema'), join(cli, 'schema'), { recursive: true })
