import { join } from 'node:path'
import { version } from './version.ts'

/** What is done with the file, as a word that may stand in a file name: the command, or that its options are explained. */
function useOf([first = '', ...others]: readonly string[]): string {
  return /^[a-z][a-z-]{0,19}$/.test(first) && !others.includes('--help') ? first : 'other'
}

async function run(args: readonly string[]): Promise<void> {
  const { loadCached } = await import('./load-cached.ts')
  const { main } = loadCached(join(__dirname, 'main.cjs'), useOf(args)) as typeof import('./main.ts')
  process.exitCode = await main(args)
}

// `--version` is asked by scripts all the time, so it loads nothing else.
const args = process.argv.slice(2)
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.write(`${version}\n`)
} else {
  run(args)
}
