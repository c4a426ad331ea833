// Writes each platform's *.hbs files into its templates.generated.ts, so that the library reads no file. --check only compares.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const platforms = fileURLToPath(new URL('../packages/templates/src/platforms/', import.meta.url))

/** A TypeScript string of single-quoted lines, one a line of the template, so that a change is a small diff. */
function literal(text) {
  const lines = text.split(/(?<=\n)/)
  const quoted = lines.map((line) => `    ${quote(line)},\n`).join('')
  return `[\n${quoted}  ].join('')`
}

function quote(line) {
  const escaped = line.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
  return escaped.includes("'") && !escaped.includes('"') ? `"${escaped}"` : `'${escaped.replaceAll("'", "\\'")}'`
}

function generated(folder) {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.hbs'))
    .sort()
  if (names.length === 0) return undefined
  const entries = names.map((name) => {
    const key = name.slice(0, -'.hbs'.length)
    const text = readFileSync(join(folder, name), 'utf8')
    return `  ${/^[a-z]+$/.test(key) ? key : `'${key}'`}: ${literal(text)},\n`
  })
  return `// Generated from the *.hbs files of this folder by scripts/embed-templates.mjs; do not edit.\n\nexport const templates = {\n${entries.join('')}} as const\n`
}

/** The generated files that differ from what the templates say; writes them unless only checking. */
export function embedTemplates({ check }) {
  const stale = []
  for (const entry of readdirSync(platforms, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue
    const text = generated(join(platforms, entry.name))
    const file = join(platforms, entry.name, 'templates.generated.ts')
    if (text === undefined || (existsSync(file) && readFileSync(file, 'utf8') === text)) continue
    stale.push(`${entry.name}/templates.generated.ts`)
    if (!check) writeFileSync(file, text)
  }
  return stale
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const check = process.argv.includes('--check')
  const stale = embedTemplates({ check })
  if (check && stale.length > 0) {
    console.error(`not up to date: ${stale.join(', ')}; run node scripts/embed-templates.mjs`)
    process.exit(1)
  }
}
