// `npm test` installs, builds and runs every test; arguments go to vitest.
import { runBin, setUp } from './setup.mjs'

setUp()
runBin('vitest', ['run', ...process.argv.slice(2)])
