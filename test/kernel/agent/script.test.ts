import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { program, requirePrograms } from '../../support/require.ts'
import { script } from './node-under-test.ts'
import { needed } from './toolboxes.ts'

const text = readFileSync(script, 'utf8')
const commands = text.replaceAll(/^ *#.*$/gm, '')

requirePrograms('shellcheck')('the script', () => {
  it('is clean for shellcheck', () => {
    const { status, stdout } = spawnSync(
      program('shellcheck'),
      ['--shell=sh', '--enable=quote-safe-variables', script],
      {
        encoding: 'utf8',
      },
    )
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
  })
})

requirePrograms(...needed)('the script', () => {
  it.each([['busybox', 'sh'], ['dash'], ['bash'], ['bash', '--posix']])(
    'is read without complaint by %s %s',
    (shell, ...options) => {
      const args = [...options.filter((option) => option !== undefined), '-n', script]
      const { status, stderr } = spawnSync(program(shell), args, { encoding: 'utf8' })
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    },
  )

  it.each([
    ['flush', 'BusyBox takes no notice of what it should be limited to'],
    ['replace', 'it takes over the route of somebody else'],
    ['show proto', 'BusyBox takes no notice of it'],
    ['<<', 'bash keeps a here-document in a file in /tmp'],
    ['mktemp', 'the root is read-only'],
  ])('never says %s: %s', (word) => {
    expect(commands).not.toContain(word)
  })

  it('fits a YAML block: no tab, no trailing space, no carriage return, no other alphabet', () => {
    expect(text).toMatch(/^[\n -~]+$/)
    expect(text).not.toMatch(/ $/m)
  })
})
