import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { natplan, root } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const plan = join(root, 'examples', 'acceptance', 'natplan.yaml')

function picture(...args: readonly string[]) {
  return natplan(['picture', plan, ...args])
}

describe('natplan picture', () => {
  it('prints what stands beside the example, and nothing else', () => {
    const { status, stdout, stderr } = picture()
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toBe(readFileSync(join(root, 'examples', 'acceptance', 'picture.svg'), 'utf8'))
  })

  it.each([
    ['plan.svg', '<svg '],
    ['plan', '<svg '],
    ['plan.MMD', '---\ntitle'],
    ['plan.dot', 'digraph natplan {'],
    ['plan.drawio', '<mxfile '],
  ])('writes %s as its ending says, and replaces it', (name, start) => {
    const cwd = temporaryFolder({ [name]: 'old' })
    expect(picture('-o', join(cwd, name))).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(readFileSync(join(cwd, name), 'utf8')).toMatch(new RegExp(`^${start}`))
  })

  it('does not guess what another ending means', () => {
    const cwd = temporaryFolder()
    const { status, stderr } = picture('-o', join(cwd, 'plan.png'))
    expect([status, stderr]).toEqual([2, expect.stringContaining('ends with .png')])
    expect(existsSync(join(cwd, 'plan.png'))).toBe(false)
    expect(picture('-o', join(cwd, 'plan.png'), '--output', 'svg').status).toBe(0)
  })

  it('draws the way between two sites, and a packet', () => {
    expect(picture('--tunnel', 'cloud', 'onpremise').stdout).toBe(
      readFileSync(join(root, 'docs', 'pictures', 'tunnel.svg'), 'utf8'),
    )
    const drop = ['trace', 'onpremise:10.0.1.77', 'cloud:10.0.1.5', plan, '--without-routes', '--output', 'svg']
    expect(natplan(drop)).toEqual({
      status: 1,
      stdout: readFileSync(join(root, 'docs', 'pictures', 'request-without-route.svg'), 'utf8'),
      stderr: '',
    })
  })

  it('draws sites without a file', () => {
    const { status, stdout } = natplan([
      'picture',
      '--site',
      'a=10.0.1.0/24',
      '--site',
      'b=10.0.1.0/24',
      '--output',
      'dot',
    ])
    expect(status).toBe(0)
    expect(stdout).toContain('collides with b')
  })

  it('draws a network that cannot be planned, and says why it cannot', () => {
    const { status, stdout, stderr } = natplan([
      'picture',
      join(root, 'examples', 'must-not-translate', 'natplan.yaml'),
    ])
    expect([status, stderr]).toEqual([1, expect.stringContaining('error')])
    expect(stdout).toContain('collides with')
  })

  it.each([
    [['--site', 'clod'], 'did you mean cloud?'],
    [['--site', 'cloud', '--site', 'onpremise'], 'one site'],
    [['--tunnel', 'cloud'], 'tunnel'],
    [['--tunnel', 'cloud', 'clod'], 'did you mean cloud?'],
    [['--tunnel', 'cloud', 'onpremise', '--changes'], 'exclude each other'],
    [['--output', 'png'], 'svg'],
  ])('%j is a slip', (args, message) => {
    const { status, stdout, stderr } = picture(...args)
    expect([status, stdout, stderr]).toEqual([2, '', expect.stringContaining(message)])
  })
})
