import { join } from 'node:path'
import { codes } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { natplan, root } from '../support/command.ts'
import { expectGolden } from '../support/golden.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { allCodes, cases } from './cases.ts'

const recorded: Record<string, string> = {}

describe('every code', () => {
  it.each(allCodes)('%s is reported', (code) => {
    const found = cases[code]
    if ('library' in found) {
      const messages = found.library().map((finding) => `${finding.severity} ${finding.code} ${finding.message}\n`)
      expect(messages.join('')).toContain(`${codes[code].severity} ${code} `)
      recorded[`${code}.txt`] = messages.join('')
      return
    }
    const { files, args, env, status } = found
    const outcome = natplan(args, { cwd: temporaryFolder(files), ...(env ? { env } : {}) })
    expect(outcome.stderr).toMatch(new RegExp(`\\b${codes[code].severity} ${code} `))
    expect(outcome.status).toBe(status)
    recorded[`${code}.txt`] = outcome.stderr
  })

  it('is worded as recorded', () => {
    expectGolden(join(root, 'test', 'golden', 'findings'), recorded)
  })

  it.each(allCodes)('%s is explained', (code) => {
    const { status, stdout } = natplan(['explain', code.toLowerCase()])
    expect(status).toBe(0)
    expect(stdout).toContain(codes[code].title)
  })
})
