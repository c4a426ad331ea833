import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkedNamesDocument, namesDocument } from '../../packages/app/src/results/schemas/names.ts'
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

  it('is part of the report, unless the plan names no hosts', () => {
    const page = natplan(['report', book]).stdout
    expect(page).toContain('<td>db.corp.example, db.onpremise<')
    const without = natplan(['report', join(root, 'examples', 'acceptance', 'natplan.yaml')]).stdout
    expect(without).toContain('Who sees what')
    expect(without).not.toContain('What each site calls the hosts of others')
  })

  it('keeps to its schemas', () => {
    expect(() => namesDocument.parse(JSON.parse(printed('--output', 'json')))).not.toThrow()
    const { stdout } = natplan(['names', book, '--check', 'cloud=-', '--output', 'json'], {
      input: '10.0.1.20 db.onpremise\n',
    })
    expect(checkedNamesDocument.parse(JSON.parse(stdout)).files[0]?.wrong).toHaveLength(1)
  })

  it('is the same each time', () => {
    expect(printed('--output', 'json')).toBe(printed('--output', 'json'))
  })
})
