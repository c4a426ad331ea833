import { describe, expect, it } from 'vitest'
import { codes } from './codes.ts'
import { NatplanError } from './error.ts'
import {
  bounded,
  collect,
  type Finding,
  findingOf,
  formatPath,
  hasErrors,
  inLock,
  inPlan,
  type Path,
} from './finding.ts'

describe('formatPath', () => {
  it.each<[Path, string]>([
    [[], ''],
    [['version'], 'version'],
    [['sites', 'cloud', 'subnets', 0], 'sites.cloud.subnets[0]'],
    [['tunnels', 1, 'sites', 0], 'tunnels[1].sites[0]'],
  ])('%j is %j', (path, text) => {
    expect(formatPath(path)).toBe(text)
  })
})

describe('collect', () => {
  const place = inPlan(['pools', 0])

  it('gives what is read', () => {
    const findings: Finding[] = []
    expect(collect(place, findings, () => 7)).toBe(7)
    expect(findings).toEqual([])
  })

  it('turns an error of the input into a finding with its severity and hint', () => {
    const findings: Finding[] = []
    const read = () => {
      throw new NatplanError('PREFIX_INVALID', 'not a prefix', { hint: 'write one' })
    }
    expect(collect(place, findings, read)).toBeUndefined()
    expect(findings).toEqual([
      { code: 'PREFIX_INVALID', severity: 'error', place, message: 'not a prefix', hint: 'write one' },
    ])
  })

  it('leaves out a hint that is not there', () => {
    const findings: Finding[] = []
    collect(place, findings, () => {
      throw new NatplanError('PREFIX_INVALID', 'not a prefix')
    })
    expect(findings[0]).not.toHaveProperty('hint')
  })

  it('passes on a broken invariant', () => {
    const read = () => {
      throw new TypeError('a bug')
    }
    expect(() => collect(place, [], read)).toThrow(TypeError)
  })
})

it('tells errors from risks and notes', () => {
  const finding = (code: 'PREFIX_INVALID' | 'COMMON_RANGE' | 'TRANSLATION_KEPT') =>
    findingOf(code, inLock([]), { message: '' })
  expect(hasErrors([finding('COMMON_RANGE'), finding('TRANSLATION_KEPT')])).toBe(false)
  expect(hasErrors([finding('COMMON_RANGE'), finding('PREFIX_INVALID')])).toBe(true)
  expect(hasErrors([])).toBe(false)
})

describe('bounded', () => {
  const findings = (code: 'PREFIX_INVALID' | 'COMMON_RANGE', count: number) =>
    Array.from({ length: count }, (_, index) => findingOf(code, inPlan(['pools', index]), { message: String(index) }))

  it('leaves as many as there may be of each code', () => {
    const all = [...findings('PREFIX_INVALID', 1000), ...findings('COMMON_RANGE', 1000)]
    expect(bounded(all)).toEqual(all)
  })

  it('keeps the first of each code, and says how many more there are', () => {
    const few = findings('COMMON_RANGE', 3)
    const shown = bounded([...findings('PREFIX_INVALID', 2500), ...few])
    expect(shown.slice(0, -1)).toEqual([...findings('PREFIX_INVALID', 1000), ...few])
    expect(shown.at(-1)).toMatchObject({
      code: 'FINDINGS_LEFT_OUT',
      severity: 'note',
      place: inPlan(['pools', 999]),
      message: '1500 more of PREFIX_INVALID are left out',
    })
  })
})

it('cuts a message that nobody could read', () => {
  const { message, hint } = findingOf('PREFIX_INVALID', inPlan([]), { message: 'x'.repeat(1e6), hint: 'y'.repeat(1e6) })
  expect([message.length, hint?.length, message.endsWith('…')]).toEqual([2000, 2000, true])
})

it('explains every code', () => {
  for (const [code, { title, text }] of Object.entries(codes)) {
    expect(code).toMatch(/^[A-Z][A-Z0-9_]*$/)
    expect([title.length > 0, text.length > 0, title.endsWith('.')]).toEqual([true, true, false])
  }
})

it('keeps the cause of an error', () => {
  const cause = new Error('below')
  expect(new NatplanError('FILE_UNREADABLE', 'above', { cause })).toMatchObject({ cause, name: 'NatplanError' })
  expect(new NatplanError('FILE_UNREADABLE', 'above')).not.toHaveProperty('cause')
})
