import type { Accept, RuleSet } from '@natplan/core'
import { Prefix } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { invisible } from '../../../test/support/invisible.ts'
import {
  acceptLines as linuxLines,
  removeLines as linuxRemoveLines,
  removeLine,
} from './platforms/linux/accept-lines.ts'
import { acceptLines as vyattaLines, removeLines as vyattaRemoveLines } from './vyatta/accept-lines.ts'

/** A rule that is missing in a set whose name somebody else chose. */
function acceptInto(path: readonly string[], arrivedBy?: string): Accept {
  const set = {
    name: path.join(' '),
    rules: [],
    fallback: 'drop',
    written: { path, numbers: [] },
  } as unknown as RuleSet
  return {
    site: 'a',
    list: set as Accept['list'],
    set,
    before: undefined,
    source: Prefix.parse('10.1.0.0/24'),
    destination: Prefix.parse('10.2.0.0/24'),
    protocol: undefined,
    ports: [],
    number: 10,
    arrived: arrivedBy === undefined ? undefined : { kind: 'interface', name: arrivedBy, seenAs: arrivedBy },
  } as Accept
}

describe('names that strangers chose', () => {
  it.each(["x'; commit #", 'x"', 'x\\', '$(reboot)', '`reboot`', 'x\ry', 'x\u001b[2K', 'x\u202ey'])(
    'are not written into lines of the Vyatta family: %j',
    (name) => {
      for (const accept of [
        acceptInto(['firewall', 'ipv4', 'name', name]),
        acceptInto(['firewall', 'ipv4', 'name', 'WAN'], name),
      ]) {
        const [written] = vyattaLines([accept], 'vyos-1.4')
        expect(written?.lines).toEqual([
          expect.stringMatching(/^# accept by hand .* has a name that natplan does not write$/),
        ])
        expect(written?.lines.join('')).not.toMatch(invisible)
        expect(vyattaRemoveLines([accept], 'vyos-1.4')).toEqual([])
      }
    },
  )

  it('are written there where they are names', () => {
    const [written] = vyattaLines([acceptInto(['firewall', 'ipv4', 'name', 'Büro 1'], 'eth0')], 'vyos-1.4')
    expect(written?.lines[0]).toContain("set firewall ipv4 name 'Büro 1' rule 10 action accept")
    expect(vyattaRemoveLines([acceptInto(['firewall', 'ipv4', 'name', 'Büro 1'])], 'vyos-1.4')).toHaveLength(1)
  })

  it.each(['x;reboot', '$(reboot)', '`reboot`', "x'y", 'x y', 'x\ry', 'x\u001b[2K', 'x|y', '>x'])(
    'are not written into commands of a shell: %j',
    (name) => {
      const accept = acceptInto(['inet', 'filter', name])
      const lines = [
        ...linuxLines([accept]).flatMap((one) => one.lines),
        ...linuxRemoveLines([accept]),
        removeLine(`inet ${name} forward`),
      ]
      for (const line of lines) {
        expect(line).toMatch(/^# .* has a name that natplan does not write$/)
        expect(line).not.toMatch(invisible)
      }
    },
  )

  it('are written there where they are names', () => {
    expect(removeLine('inet filter my-forward.1')).toMatch(/^nft -a list chain inet filter my-forward\.1 /)
    expect(linuxLines([acceptInto(['inet', 'filter', 'forward'])])[0]?.lines[0]).toMatch(
      /^nft insert rule inet filter forward /,
    )
  })
})
