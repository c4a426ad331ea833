import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scriptOf } from './script.ts'

const text = "set a b 'c'\n# set a secret: not shown\nset d\n"

describe('scriptOf', () => {
  it.each(['session', 'wrapper'] as const)('gives a %s script that bash can read', (form) => {
    for (const kind of ['configure', 'remove'] as const) {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: scriptOf(form, text, kind) })
      expect([status, String(stderr)]).toEqual([0, ''])
    }
  })

  it('gives vcli the commands between configure and end_configure', () => {
    expect(scriptOf('vcli', text, 'configure').split('\n')).toEqual([
      '#!/bin/vcli -f',
      'configure',
      "set a b 'c'",
      '# set a secret: not shown',
      'set d',
      'validate',
      'commit',
      'save',
      'end_configure',
      '',
    ])
  })
})

/** Stands in for the device's command wrapper: writes down what it is told, refuses what the test names. */
const wrapper = `#!/bin/sh
echo "$*" >> "$LOG"
[ "$1 $2" != "$REFUSE" ]
`

describe('a wrapper script', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'natplan-script-'))
    writeFileSync(join(folder, 'wrapper'), wrapper, { mode: 0o755 })
    writeFileSync(join(folder, 'id'), '#!/bin/sh\necho vyattacfg\n', { mode: 0o755 })
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  function run(refuse: string) {
    const log = join(folder, 'log')
    writeFileSync(log, '')
    const script = scriptOf('wrapper', text, 'configure').replace(/^run=.*$/m, `run=${folder}/wrapper`)
    const env = { PATH: `${folder}:${process.env['PATH']}`, LOG: log, REFUSE: refuse }
    const { status } = spawnSync('bash', ['-c', `${script}`], { env })
    const { stdout } = spawnSync('cat', [log])
    return { status, told: String(stdout).trim().split('\n') }
  }

  it('sets, commits, saves', () => {
    expect(run('')).toEqual({ status: 0, told: ['begin', 'set a b c', 'set d', 'commit', 'save', 'end'] })
  })

  it('commits nothing when the device refuses a line', () => {
    expect(run('set d')).toEqual({ status: 1, told: ['begin', 'set a b c', 'set d', 'end'] })
  })

  it('does not save what was not committed', () => {
    expect(run('commit ')).toEqual({ status: 1, told: ['begin', 'set a b c', 'set d', 'commit', 'end'] })
  })
})
