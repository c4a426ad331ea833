import { describe, expect, it } from 'vitest'
import { withoutSecrets } from '../../packages/templates/src/shown-line.ts'
import { lookAlikes, spellings } from './spellings.ts'

/** Keys that could be taken for something else; some only where they are quoted. */
const keys = ['EXAMPLE-q7', 'id', '1234', '%Zx9', 'Zx9=']
const quotedKeys = ['Zx9 secret k', '{Zx9', 'Zx9 # k']

describe('withoutSecrets', () => {
  it.each(spellings)('hides the key of %s', (spelling) => {
    const start = spelling.slice(0, spelling.indexOf('KEY'))
    const isQuoted = /["']KEY["']/.test(spelling)
    for (const key of isQuoted ? [...keys, ...quotedKeys] : keys) {
      const shown = withoutSecrets(spelling.replaceAll('KEY', () => key))
      expect(shown).toContain('[hidden]')
      expect(start.startsWith(shown.slice(0, shown.indexOf('[hidden]'))), shown).toBe(true)
    }
  })

  it.each(lookAlikes)('shows the whole of %s', (line) => {
    expect(withoutSecrets(line)).toBe(line)
  })
})
