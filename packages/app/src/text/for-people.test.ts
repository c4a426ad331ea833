import { describe, expect, it } from 'vitest'
import { forPeople } from './for-people.ts'

describe('forPeople', () => {
  it.each([
    ['a\u001b[2K\nb', 'a\\u001b[2K\\u000ab', 'escapes and line ends'],
    ['\u202eab\u009b', '\\u202eab\\u009b', 'what turns text round, and controls of eight bits'],
    ['::error file=x::done', '\\u003a:error file=x::done', 'a command of GitHub Actions'],
    ['  ::stop-commands::x', '  \\u003a:stop-commands::x', 'the same, indented'],
    ['a ##vso[task.setvariable]b', 'a #\\u0023vso[task.setvariable]b', 'a command of Azure Pipelines'],
  ])('makes %j harmless: %s (%s)', (text, shown) => {
    expect(forPeople(text)).toBe(shown)
  })

  it.each(['::/0 is everything', '::1', '::ffff:192.0.2.1', 'a::b', '## heading [x]', 'Büro 東京 "a"'])(
    'leaves %s alone',
    (text) => {
      expect(forPeople(text)).toBe(text)
    },
  )

  it('cuts what does not end, and says how much', () => {
    expect(forPeople(`a ${'x'.repeat(200)} b`)).toBe(`a ${'x'.repeat(200)} b`)
    expect(forPeople(`a ${'x'.repeat(5000)} b`)).toBe(`a ${'x'.repeat(200)}… (4800 characters more) b`)
    expect(forPeople('ab '.repeat(2000))).toBe(`${'ab '.repeat(2000).slice(0, 1000)}… (5000 characters more)`)
  })
})
