import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { natplan, root } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const acceptance = readFileSync(join(root, 'examples', 'acceptance', 'natplan.yaml'), 'utf8')
const key = 'Zk39exampleKEY7QzNotARealOneAtAll'
const show = ['vyatta', '--show-secrets', '--site', 'cloud']

function planWith(source: string): string {
  return acceptance.replace('{ env: NATPLAN_PSK }', source)
}

/** A plan in a folder of its own, with more files beside and in it. */
function folderWith(source: string, files: Readonly<Record<string, string>> = {}): string {
  return temporaryFolder({ 'here/natplan.yaml': planWith(source), ...files })
}

function shownIn(cwd: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = natplan([...show, '-f', 'here/natplan.yaml', ...args], { cwd, env })
  return { status, stderr, showsKey: (stdout + stderr).includes(key) }
}

const refusal = (kind: 'env' | 'file') =>
  new RegExp(`^here/natplan\\.yaml:\\d+:\\d+ error KEY_SOURCE_REFUSED tunnels\\[0\\]\\.preSharedKey\\.${kind}: `, 'm')

describe('a key from a variable', () => {
  it.each(['CI_DEPLOY_TOKEN', 'HOME', 'natplan_psk', 'XNATPLAN_PSK', 'NATPLAN', 'NATPLAN_', 'NATPLANPSK'])(
    'that is not natplan’s is refused: %s',
    (name) => {
      const outcome = shownIn(folderWith(`{ env: ${name} }`), [], { [name]: key })
      expect(outcome).toMatchObject({ status: 1, showsKey: false, stderr: expect.stringMatching(refusal('env')) })
    },
  )

  it.each(['NATPLAN_PSK', 'NATPLAN_PSK_2', 'NATPLAN_cloud'])('that is natplan’s is read: %s', (name) => {
    const outcome = shownIn(folderWith(`{ env: ${name} }`), [], { [name]: key })
    expect(outcome).toMatchObject({ status: 0, showsKey: true })
  })

  it('is refused by every command that would read it, also only to compare', () => {
    const cwd = folderWith('{ env: CI_DEPLOY_TOKEN }', { 'running.txt': 'set interfaces ethernet eth1 address dhcp\n' })
    const env = { CI_DEPLOY_TOKEN: key }
    const plan = ['-f', 'here/natplan.yaml']
    for (const args of [
      ['generate', '-o', 'out'],
      ['generate', '-o', 'out', '--check'],
      ['diff', 'cloud=running.txt'],
      ['diff', 'cloud=running.txt', '--show-secrets'],
    ]) {
      const { status, stdout, stderr } = natplan([...args, ...plan], { cwd, env })
      expect({ args, status, stderr }).toMatchObject({ args, status: 1, stderr: expect.stringMatching(refusal('env')) })
      expect(stdout + stderr).not.toContain(key)
    }
    for (const args of [['vyatta'], ['plan'], ['verify']]) {
      expect(natplan([...args, ...plan], { cwd, env }).stderr).not.toContain('KEY_SOURCE_REFUSED')
    }
  })
})

describe('a key from a file', () => {
  it.each([
    ['one up', '../key'],
    ['up and down again', 'x/../../key'],
    ['by its whole path', '/etc/hostname'],
    ['the folder of the plan itself', '.'],
    ['that is not there either', '../nothing'],
    ['in a folder that begins like the plan’s', '../here-too/key'],
    ['through a link', 'link'],
    ['below a link', 'folder/key'],
    ['that is a folder', 'x'],
    ['that is a pipe', 'pipe'],
    ['that is a device', 'zero'],
    ['that is large', 'large'],
    ['that is hidden', '.npmrc'],
    ['in a hidden folder', '.git/config'],
    ['that a link hides', 'hidden'],
  ])('is refused: %s', (_, path) => {
    const cwd = folderWith(`{ file: ${path} }`, {
      key,
      'here-too/key': key,
      'here/x/y': key,
      'here/large': `${key}\n`.repeat(5000),
      'here/.npmrc': key,
      'here/.git/config': key,
    })
    symlinkSync('../key', join(cwd, 'here', 'link'))
    symlinkSync('..', join(cwd, 'here', 'folder'))
    symlinkSync('/dev/zero', join(cwd, 'here', 'zero'))
    symlinkSync('.npmrc', join(cwd, 'here', 'hidden'))
    spawnSync('sh', ['-c', 'mkfifo "$0"', join(cwd, 'here', 'pipe')])
    const outcome = shownIn(cwd)
    expect(outcome).toMatchObject({ status: 1, showsKey: false, stderr: expect.stringMatching(refusal('file')) })
  })

  it.each([
    ['beside the plan', 'key'],
    ['below it', 'x/key'],
    ['below it, by a strange way', '../here/x/./key'],
    ['through a link that stays inside', 'x/link'],
    ['with dots in its name', '..key'],
  ])('is read: %s', (_, path) => {
    const cwd = folderWith(`{ file: ${path} }`, { 'here/key': key, 'here/x/key': `${key}\n`, 'here/..key': key })
    symlinkSync('../key', join(cwd, 'here', 'x', 'link'))
    expect(shownIn(cwd)).toMatchObject({ status: 0, showsKey: true })
  })

  it('is read from folders that the command line names, and from no other', () => {
    const cwd = folderWith('{ file: ../keys/psk }', { 'keys/psk': key, 'others/psk': key })
    const more = ['--key-folder', 'others', '--key-folder', 'keys']
    expect(shownIn(cwd, more)).toMatchObject({ status: 0, showsKey: true })
    expect(shownIn(cwd, ['--key-folder', 'others'])).toMatchObject({ status: 1, showsKey: false })
    expect(shownIn(cwd, ['--key-folder', 'missing'])).toMatchObject({ status: 1, showsKey: false })
    const plan = ['-f', 'here/natplan.yaml']
    expect(natplan(['generate', '-o', 'out', ...plan, ...more], { cwd }).status).toBe(0)
    writeFileSync(join(cwd, 'running.txt'), 'set interfaces ethernet eth1 address dhcp\n')
    const diff = natplan(['diff', 'cloud=running.txt', '--show-secrets', ...plan, ...more], { cwd })
    expect(diff).toMatchObject({ status: 0, stdout: expect.stringContaining(key) })
  })

  it('may lie in a hidden folder that the command line names', () => {
    const cwd = folderWith('{ file: .keys/psk }', { 'here/.keys/psk': key })
    expect(shownIn(cwd)).toMatchObject({ status: 1, showsKey: false })
    expect(shownIn(cwd, ['--key-folder', 'here/.keys'])).toMatchObject({ status: 0, showsKey: true })
  })

  it('counts from the real folder where the plan’s is a link', () => {
    const cwd = folderWith('{ file: psk }', { 'here/psk': key })
    symlinkSync('here', join(cwd, 'there'))
    const { status, stdout } = natplan([...show, '-f', 'there/natplan.yaml'], { cwd })
    expect(status).toBe(0)
    expect(stdout).toContain(key)
  })

  it('counts from the current folder when the plan is standard input', () => {
    const cwd = temporaryFolder({ psk: key })
    mkdirSync(join(cwd, 'inner'))
    const own = natplan([...show, '-f', '-'], { cwd, input: planWith('{ file: psk }') })
    expect(own).toMatchObject({ status: 0, stdout: expect.stringContaining(key) })
    const other = natplan([...show, '-f', '-'], { cwd: join(cwd, 'inner'), input: planWith('{ file: ../psk }') })
    expect(other).toMatchObject({ status: 1, stdout: expect.not.stringContaining(key) })
  })

  it('is a risk when the file is empty, and an error when there is none', () => {
    const cwd = folderWith('{ file: psk }', { 'here/psk': '\n' })
    expect(shownIn(cwd)).toMatchObject({ status: 0, stderr: expect.stringContaining('risk PRE_SHARED_KEY_MISSING') })
    expect(shownIn(folderWith('{ file: psk }'))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('FILE_NOT_FOUND'),
    })
  })
})
