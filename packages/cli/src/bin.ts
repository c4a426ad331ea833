import { join } from 'node:path'
import { loadCached } from './load-cached.ts'
import { version } from './version.ts'

/** What is done with the file, as a word that may stand in a file name: the command, or that its options are explained. */
function useOf([first = '', ...others]: readonly string[]): string {
  return /^[a-z][a-z-]{0,19}$/.test(first) && !others.includes('--help') ? first : 'other'
}

// `--version` is asked by scripts all the time, so it loads nothing else.
const args = process.argv.slice(2)
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.write(`${version}\n`)
} else {
  const { main } = loadCached(join(__dirname, 'main.cjs'), useOf(args)) as typeof import('./main.ts')
  main(args).then((outcome) => {
    process.exitCode = outcome
  })
}
