// Writes each platform's *.hbs files, parsed, into its templates.generated.ts, and the route agent's script into script.generated.ts, so that
// the library reads no file and parses no template of its own. --check only compares.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

const sources = fileURLToPath(new URL('../packages/templates/src/', import.meta.url))
/** Bundled, since Node.js of the oldest line that is taken reads no TypeScript. */
const { parseTemplate } = bundled('parse-template.ts')
const agent = 'kubernetes/agent/script.generated.ts'

function bundled(source) {
  const outfile = fileURLToPath(new URL(`../node_modules/.cache/natplan/${source}.cjs`, import.meta.url))
  buildSync({
    entryPoints: [join(sources, source)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
  })
  return createRequire(import.meta.url)(outfile)
}

/** A TypeScript string of single-quoted lines, one a line of the template, so that a change is a small diff. */
function literal(text) {
  const lines = text.split(/(?<=\n)/)
  const quoted = lines.map((line) => `    ${quote(line)},\n`).join('')
  return `[\n${quoted}  ].join('')`
}

/** Quotes as the formatter does: single quotes, unless the line has more of them than of double ones. */
function quote(line) {
  const escaped = line.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
  const mark = escaped.split("'").length > escaped.split('"').length ? '"' : "'"
  return `${mark}${escaped.replaceAll(mark, `\\${mark}`)}${mark}`
}

function embeddedTemplates(folder) {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.hbs'))
    .map((name) => name.slice(0, -'.hbs'.length))
    .sort()
  const entries = names.map((name) => {
    const pieces = parseTemplate(readFileSync(join(folder, `${name}.hbs`), 'utf8'))
    return `  ${/^[a-z]+$/.test(name) ? name : quote(name)}: [\n${linesOf(pieces, '    ')}  ],\n`
  })
  return `// Generated from the *.hbs files of this folder by scripts/embed-templates.mjs; do not edit.
import type { TemplatePieces } from '../../template.ts'

export const templates: Readonly<Record<${names.map(quote).join(' | ')}, TemplatePieces>> = {
${entries.join('')}}
`
}

/** The pieces of a template, one line of its text a line, so that a small change is a small diff. */
function linesOf(pieces, indent) {
  let lines = ''
  let line = ''
  const end = () => {
    if (line !== '') lines += `${indent}${line}\n`
    line = ''
  }
  const add = (piece) => {
    line += line === '' ? `${piece},` : ` ${piece},`
  }
  for (const piece of pieces.flatMap((one) => (typeof one === 'string' ? one.split(/(?<=\n)/) : [one]))) {
    if (typeof piece === 'string') {
      add(quote(piece))
      if (piece.endsWith('\n')) end()
    } else if (piece[0] === 'v') add(`['v', ${quote(piece[1])}]`)
    else {
      const [helper, name, ...branches] = piece
      const inner = branches.map((branch) => `[\n${linesOf(branch, `${indent}  `)}${indent}]`).join(', ')
      end()
      lines += `${indent}[${quote(helper)}, ${quote(name)}, ${inner}],\n`
    }
  }
  end()
  return lines
}

const linesOfShell = '// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are lines of shell\n'

function embeddedAgent() {
  const text = readFileSync(join(sources, 'kubernetes', 'agent', 'route-agent.sh'), 'utf8')
  const digest = createHash('sha256').update(text).digest('hex')
  return `// Generated from route-agent.sh by scripts/embed-templates.mjs; do not edit.\n${linesOfShell}\nexport const agentScript = {\n  sha256: '${digest}',\n  text: ${literal(text)},\n} as const\n`
}

/** What each generated file must hold, by its path below the sources of the templates. */
function generated() {
  const platforms = readdirSync(join(sources, 'platforms'), { withFileTypes: true }).filter(
    (entry) =>
      entry.isDirectory() && readdirSync(join(sources, 'platforms', entry.name)).some((name) => name.endsWith('.hbs')),
  )
  const templates = platforms.map(({ name }) => [
    `platforms/${name}/templates.generated.ts`,
    embeddedTemplates(join(sources, 'platforms', name)),
  ])
  return [...templates, [agent, embeddedAgent()]]
}

/** The generated files that differ from what the templates and the script say; writes them unless only checking. */
export function embedTemplates({ check }) {
  const stale = generated().filter(([path, text]) => {
    const file = join(sources, path)
    return !existsSync(file) || readFileSync(file, 'utf8') !== text
  })
  if (!check) for (const [path, text] of stale) writeFileSync(join(sources, path), text)
  return stale.map(([path]) => path)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const check = process.argv.includes('--check')
  const stale = embedTemplates({ check })
  if (check && stale.length > 0) {
    console.error(`not up to date: ${stale.join(', ')}; run node scripts/embed-templates.mjs`)
    process.exit(1)
  }
}
