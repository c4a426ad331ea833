// The page: one HTML file that holds its style, its script and, packed, its worker, and a policy that lets nothing else run and nobody be asked.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compress } from 'lzma1'
import { build } from 'vite'
import { madeText } from '../../scripts/late-modules.mjs'

const folder = fileURLToPath(new URL('.', import.meta.url))
const root = join(folder, '..', '..')

// Vite asks the environment which form of a library it takes; tests that build the page must get the one that people get.
process.env.NODE_ENV = 'production'

/** The page says of each code how bad it is and nothing more. Forms are made in the page, which has the schemas. */
const severities = {
  name: 'severities',
  load: (id) => madeText(join(root, 'packages', 'core'), id, ['codes/severities']),
}

/** The policy of the page lets no WebAssembly run, so it has none. */
const withoutAssembly = {
  name: 'without-assembly',
  load: (id) => (id.endsWith('/bulk/assembly.ts') ? 'export const newAssembly = () => undefined' : undefined),
}

/** How a module of WebAssembly begins, in base64. */
const assembly = 'AGFzb'

/** One script of what an entry needs, and the files that it was made of. */
async function scriptOf(entry) {
  const result = await build({
    configFile: false,
    root: folder,
    logLevel: 'warn',
    plugins: [severities, withoutAssembly],
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      modulePreload: false,
      rolldownOptions: { input: join(folder, 'src', entry), output: { format: 'es', codeSplitting: false } },
    },
  })
  const [output] = Array.isArray(result) ? result : [result]
  const chunks = output.output.filter(({ type }) => type === 'chunk')
  if (chunks.some(({ code }) => code.includes(assembly))) throw new Error(`${entry} has WebAssembly`)
  if (chunks.length !== 1) throw new Error(`${entry} became ${chunks.length} scripts`)
  return { code: chunks[0].code.trim(), files: Object.keys(chunks[0].modules) }
}

function digest(text) {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

/** Packed with LZMA; that takes seconds, so what was packed before is kept. */
function packedOf(code) {
  const cache = join(root, 'node_modules', '.cache', 'natplan', 'packed')
  const file = join(cache, createHash('sha256').update(code).digest('hex'))
  if (existsSync(file)) return readFileSync(file, 'utf8')
  const text = Buffer.from(compress(Buffer.from(code), 9)).toString('base64')
  mkdirSync(cache, { recursive: true })
  writeFileSync(file, text)
  return text
}

/** No text of a script may end the element that it stands in. */
function inElement(code) {
  return code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--')
}

/** Writes the page to a file; gives what it was made of, for the licences. */
export async function buildPage(file) {
  const [main, worker] = [await scriptOf('main.tsx'), await scriptOf('worker/worker.ts')]
  const style = readFileSync(join(folder, 'src', 'style.css'), 'utf8')
    .replace(/\s+/g, ' ')
    .trim()
  const script = inElement(main.code)
  const policy = [
    "default-src 'none'",
    `script-src '${digest(script)}'`,
    `style-src '${digest(style)}'`,
    'worker-src blob:',
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const packed = packedOf(worker.code)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, html({ policy, style, script, packed }))
  return [...new Set([...main.files, ...worker.files])]
    .filter((one) => one.startsWith('/'))
    .map((one) => relative(root, one))
}

function html({ policy, style, script, packed }) {
  const about =
    'Two networks with the same addresses, joined. Nothing leaves this page: it works offline and sends nothing anywhere.'
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>natplan: two networks with the same addresses, joined</title>
<style>${style}</style>
</head>
<body>
<div id="natplan"><header><h1>natplan</h1><p>${about}</p></header></div>
<noscript>natplan computes in your browser, which needs JavaScript.</noscript>
<script type="text/plain" id="worker">${packed}</script>
<script type="module">${script}</script>
</body>
</html>
`
}
