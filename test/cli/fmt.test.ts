import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { natplan } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const loose = 'sites:\n  a: {subnets: [10.0.0.0/24]} # desks\nversion: 1\n'
const formatted = 'version: 1\n\nsites:\n  a: { subnets: [ 10.0.0.0/24 ] } # desks\n'

describe('natplan fmt', () => {
  it('writes a plan in its one form, once', () => {
    const cwd = temporaryFolder({ 'natplan.yaml': loose })
    expect(natplan(['fmt', '--check'], { cwd })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('natplan fmt'),
    })
    expect(readFileSync(join(cwd, 'natplan.yaml'), 'utf8')).toBe(loose)
    expect(natplan(['fmt'], { cwd }).status).toBe(0)
    expect(readFileSync(join(cwd, 'natplan.yaml'), 'utf8')).toBe(formatted)
    expect(natplan(['fmt', '--check'], { cwd }).status).toBe(0)
  })

  it('prints what comes from standard input', () => {
    expect(natplan(['fmt', '-'], { input: loose })).toMatchObject({ status: 0, stdout: formatted })
  })

  it.each(['a: b: c\n', 'version: 1\nversion: 1\n', 'version: 1\nsites: { a: *x }\n'])('leaves %j alone', (text) => {
    const cwd = temporaryFolder({ 'natplan.yaml': text })
    expect(natplan(['fmt'], { cwd })).toMatchObject({ status: 1, stderr: expect.stringMatching(/natplan\.yaml:\d+: /) })
    expect(readFileSync(join(cwd, 'natplan.yaml'), 'utf8')).toBe(text)
  })

  it('follows no link out of the folder', () => {
    const elsewhere = join(temporaryFolder(), 'plan.yaml')
    writeFileSync(elsewhere, loose)
    const cwd = temporaryFolder()
    symlinkSync(elsewhere, join(cwd, 'natplan.yaml'))
    expect(natplan(['fmt'], { cwd })).toMatchObject({ status: 2, stderr: expect.stringContaining('FILE_IS_LINK') })
    expect(readFileSync(elsewhere, 'utf8')).toBe(loose)
  })
})

describe('natplan import --into', () => {
  const list = { 'a.txt': '10.0.0.0/24\n10.1.0.0/24\n' }

  it('adds to a plan, and then nothing more', () => {
    const cwd = temporaryFolder({ 'natplan.yaml': formatted, ...list })
    const add = () => natplan(['import', 'a=a.txt', '--into', 'natplan.yaml'], { cwd })
    expect(add()).toMatchObject({ status: 0, stdout: '' })
    const text = readFileSync(join(cwd, 'natplan.yaml'), 'utf8')
    expect(text).toBe('version: 1\n\nsites:\n  a: { subnets: [ 10.0.0.0/24, 10.1.0.0/24 ] } # desks\n')
    expect(add()).toMatchObject({ status: 0, stderr: expect.stringContaining('has all of it already') })
    expect(readFileSync(join(cwd, 'natplan.yaml'), 'utf8')).toBe(text)
  })

  it('leaves a plan alone that it cannot read', () => {
    const cwd = temporaryFolder({ 'natplan.yaml': 'a: b: c\n', ...list })
    expect(natplan(['import', 'a=a.txt', '--into', 'natplan.yaml'], { cwd }).status).toBe(1)
    expect(readFileSync(join(cwd, 'natplan.yaml'), 'utf8')).toBe('a: b: c\n')
  })
})
