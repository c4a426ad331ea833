import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { natplan, root } from '../support/command.ts'
import { expectGolden } from '../support/golden.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const examples = join(root, 'examples')
const names = readdirSync(examples)

/** What the command prints about a plan file, in each form, and the lock that it writes. */
function resultsOf(folder: string): Record<string, string> {
  const plan = natplan(['plan', '--save'], { cwd: folder })
  const lock = join(folder, 'natplan.lock.yaml')
  const saved = existsSync(lock)
  const again = natplan(['plan', '--save'], { cwd: folder })
  if (saved) expect(again.stderr).toContain('natplan.lock.yaml is up to date')
  return {
    'stdout.txt': plan.stdout,
    'stderr.txt': `${plan.stderr}exit status ${plan.status}\n`,
    'plan.json': natplan(['plan', '--output', 'json'], { cwd: folder }).stdout,
    'plan.md': natplan(['plan', '--output', 'markdown'], { cwd: folder }).stdout,
    ...(saved ? { 'natplan.lock.yaml': readFileSync(lock, 'utf8') } : {}),
  }
}

describe('examples', () => {
  it.each(names)('%s prints what is recorded', (name) => {
    const folder = temporaryFolder()
    const isGiven = (path: string) => !path.endsWith('.lock.yaml') && !path.endsWith('.md')
    cpSync(join(examples, name), folder, { recursive: true, filter: isGiven })
    expectGolden(join(root, 'test', 'golden', 'examples', name), resultsOf(folder))
  })

  it.each(names)('%s has a README that names its command', (name) => {
    const readme = readFileSync(join(examples, name, 'README.md'), 'utf8')
    expect(readme).toContain(`natplan plan examples/${name}/natplan.yaml`)
  })

  it('prints the mapping of the acceptance example', () => {
    const { status, stdout } = natplan(['plan', join(examples, 'acceptance', 'natplan.yaml')])
    expect(status).toBe(0)
    expect(stdout).toContain('10.0.1.0/24 ↔ 192.168.1.0/24')
    expect(stdout).toContain('10.0.1.0/27 ↔ 192.168.2.0/27')
  })
})
