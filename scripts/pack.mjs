// Packs the packages as they are published: `node scripts/pack.mjs FOLDER`. Those that others need come first.
import { mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { root, run, setUp } from './setup.mjs'

const [folder = 'packed'] = process.argv.slice(2)
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

setUp()
mkdirSync(folder, { recursive: true })
for (const name of ['core', 'templates', 'app', 'cli']) {
  const where = ['--dir', join(root, 'packages', name), 'pack', '--pack-destination', resolve(folder)]
  run('npx', ['--yes', packageManager, ...where], { quiet: true, env: { npm_config_loglevel: 'error' } })
}
