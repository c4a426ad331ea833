import { extname, join } from 'node:path'
import type { Use } from './load-cached.ts'
import { version } from './version.ts'

/** The command as a word that may stand in a file name, or that its options are explained; the shape: options, and what kinds of files there are. */
function useOf([first = '', ...others]: readonly string[]): Use {
  const command = /^[a-z][a-z-]{0,19}$/.test(first) && !others.includes('--help') ? first : 'other'
  const parts = others.slice(0, 100).map((word) => (word.startsWith('-') ? word.split('=', 1)[0] : extname(word)))
  return { command, shape: [...new Set(parts)].sort().join(' ').slice(0, 200) }
}

async function run(args: readonly string[]): Promise<void> {
  const { loadCached } = await import('./load-cached.ts')
  const { main } = loadCached(join(__dirname, 'main.cjs'), useOf(args)) as typeof import('./main.ts')
  process.exitCode = await main(args)
}

// When nothing is left to do, the process ends as it is: to take its memory down in order takes time.
process.once('beforeExit', () => process.exit())

// `--version` is asked by scripts all the time, so it loads nothing else.
const args = process.argv.slice(2)
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.write(`${version}\n`)
} else {
  run(args)
}
