import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { natplan, root } from '../support/command.ts'
import { expectGolden } from '../support/golden.ts'

const book = join(root, 'test', 'names', 'book.yaml')
const forms = ['hosts', 'dnsmasq', 'unbound', 'bind', 'coredns', 'coredns-custom', 'kubernetes'] as const

function printed(...args: readonly string[]): string {
  const { stdout, stderr, status } = natplan(['names', book, ...args])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout
}

describe('the address book', () => {
  it('is what is recorded, in every form', () => {
    const texts = forms.map((form) => [`cloud.${form}`, printed('--site', 'cloud', '--output', form)])
    const people = ['table', 'markdown', 'json', 'yaml', 'csv'].map((form) => [form, printed('--output', form)])
    expectGolden(join(root, 'test', 'golden', 'names'), Object.fromEntries([...texts, ...people]))
  })

  it('is the same each time', () => {
    expect(printed('--output', 'json')).toBe(printed('--output', 'json'))
  })
})
