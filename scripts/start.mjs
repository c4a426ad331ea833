// `npm start` prints the plan of the acceptance example; `npm start -- plan FILE` passes arguments on.
import { spawnSync } from 'node:child_process'
import { command, setUp } from './setup.mjs'

setUp()
const given = process.argv.slice(2)
const args = given.length > 0 ? given : ['plan', 'examples/acceptance/natplan.yaml']
if (given.length === 0) process.stderr.write(`natplan: natplan ${args.join(' ')}\n\n`)
const result = spawnSync(process.execPath, [command, ...args], { stdio: 'inherit' })
process.exitCode = result.status ?? 70
