import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { scriptLines, scriptOf } from './script.ts'

const text = "set a b 'c'\n# set a secret: not shown\nset d\n"

describe('scriptOf', () => {
  it.each(['session', 'wrapper', 'vcli'] as const)('gives a %s script that bash can read', (form) => {
    for (const kind of ['configure', 'remove'] as const) {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: scriptOf(form, text, kind) })
      expect([status, String(stderr)]).toEqual([0, ''])
    }
  })
})

describe('a script that needs another group', () => {
  it('runs itself again under its own name, whatever that is, and nothing else', () => {
    const folder = mkdtempSync(join(tmpdir(), 'natplan-script-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const strange = join(folder, `a  b;touch x;$(touch x)'"\`touch x\`\n#`)
    mkdirSync(strange)
    const shell = join(folder, 'vbash')
    const bodies = {
      [shell]: '#!/bin/sh\nprintf "%s|" "$@"\n',
      [join(folder, 'id')]: '#!/bin/sh\necho users\n',
      // What the real one does once it has changed the group.
      [join(folder, 'sg')]: '#!/bin/sh\n[ "$1 $2" = "vyattacfg -c" ] && exec sh -c "$3"\n',
    }
    for (const [file, body] of Object.entries(bodies)) writeFileSync(file, body, { mode: 0o755 })
    const script = join(strange, 'configure.sh')
    writeFileSync(script, scriptOf('session', text, 'configure').replaceAll('/bin/vbash', shell))
    const env = { PATH: `${folder}:${process.env['PATH']}` }
    const { stdout } = spawnSync('bash', [script, 'confirm'], { env, cwd: folder })
    expect(String(stdout)).toBe(`${script}|confirm|`)
    expect(readdirSync(folder).includes('x')).toBe(false)
  })

  it('is no configuration, in the words of an older natplan either', () => {
    const lines = scriptOf('session', '', 'configure')
      .split('\n')
      .filter((line) => /vbash/.test(line))
    const older = '  exec sg vyattacfg -c "/bin/vbash $(readlink -f "$0") $*"'
    for (const line of [...lines.slice(1), older]) expect(scriptLines.has(line.trim()), line).toBe(true)
    expect(scriptLines.has('exec sg vyattacfg -c "reboot"')).toBe(false)
  })

  it('names itself so that the name can be entered', () => {
    const line = scriptOf('session', text, 'configure')
      .split('\n')
      .find((one) => one.includes('Within 10 minutes'))
    const { stdout } = spawnSync('bash', ['-c', `${line}`, 'my dir;touch x'])
    expect(String(stdout)).toContain('run: /bin/vbash my\\ dir\\;touch\\ x confirm\n')
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

/** Stands in for vcli: the commands of the device as functions, which write down what they are told and refuse what the test names. */
const vcli = `
configure() { tell configure; }
set() { tell set "$@"; }
delete() { tell delete "$@"; }
validate() { tell validate; }
commit() { tell commit; }
save() { tell save; }
discard() { tell discard; }
end_configure() { tell end_configure; }
tell() {
  echo "$*" >> "$LOG"
  if [ "$*" = "$THERE" ]; then echo 'Node exists' >&2; return 1; fi
  [ "$*" != "$REFUSE" ]
}
api() { [ -z "$UNCHANGED" ]; }
API=api
`

describe('a vcli script', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'natplan-script-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  function run(answers: Readonly<Record<string, string>>, kind: 'configure' | 'remove' = 'configure') {
    const log = join(folder, 'log')
    writeFileSync(log, '')
    const env = { PATH: process.env['PATH'], LOG: log, ...answers }
    const { status } = spawnSync('bash', ['-c', `${vcli}${scriptOf('vcli', text, kind)}`], { env })
    const { stdout } = spawnSync('cat', [log])
    return { status, told: String(stdout).trim().split('\n') }
  }

  const sets = ['configure', 'set a b c', 'set d']

  it('sets, validates, commits, saves', () => {
    expect(run({})).toEqual({ status: 0, told: [...sets, 'validate', 'commit', 'save', 'end_configure'] })
  })

  it.each([
    ['a line', 'set a b c', sets],
    ['the whole', 'validate', [...sets, 'validate']],
    ['to commit', 'commit', [...sets, 'validate', 'commit']],
  ])('changes nothing when the device refuses %s', (_, refused, told) => {
    expect(run({ REFUSE: refused })).toEqual({ status: 1, told: [...told, 'discard', 'end_configure'] })
  })

  it('goes on after a line that is there already, and commits nothing when all are', () => {
    expect(run({ THERE: 'set d' }).told).toContain('commit')
    expect(run({ THERE: 'set d', UNCHANGED: 'yes' })).toEqual({ status: 0, told: [...sets, 'end_configure'] })
  })

  it('removes what is there, whatever is not', () => {
    expect(run({ REFUSE: 'set a b c' }, 'remove').status).toBe(0)
  })
})
