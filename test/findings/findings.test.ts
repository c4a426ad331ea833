import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { codes } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { natplan, root } from '../support/command.ts'
import { expectGolden } from '../support/golden.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { allCodes, cases } from './cases.ts'
import { commandsIn, hasPlaceholder } from './commands-in.ts'

/** Names of sites in the cases. */
const sites = new Set(['a', 'b', 'c', 'cloud', 'onpremise', 'hub'])

/** A command that a hint shows is one that natplan has, with options and arguments that it takes. */
function isUsable({ status, stderr }: { readonly status: number | null; readonly stderr: string }): boolean {
  return status !== 70 && !/ USAGE /.test(stderr)
}

/** The packet of a hint ends as the finding says, but for one that another tunnel takes and brings somewhere. */
function expectToBeShown(traced: string, findings: string): void {
  const { reason } = JSON.parse(traced) as { readonly reason: string }
  if (!findings.includes(' FLOW_WRONG_PEER ')) expect(findings).toContain(reason)
}

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
    const { files, links = {}, args, env, status } = found
    const folder = temporaryFolder(files)
    for (const [name, target] of Object.entries(links)) symlinkSync(target, join(folder, name))
    const outcome = natplan(args, { cwd: folder, ...(env ? { env } : {}) })
    expect(outcome.stderr).toMatch(new RegExp(`\\b${codes[code].severity} ${code} `))
    expect(outcome.status).toBe(status)
    recorded[`${code}.txt`] = outcome.stderr
    const options = { cwd: folder, ...(env ? { env } : {}) }
    for (const words of commandsIn(outcome.stderr, sites).filter((one) => !hasPlaceholder(one))) {
      const again = natplan(words, options)
      expect({ words, status: again.status, stderr: again.stderr }).toSatisfy(isUsable)
      if (words[0] === 'trace') expectToBeShown(natplan([...words, '--output', 'json'], options).stdout, outcome.stderr)
    }
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
