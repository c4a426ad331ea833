import { describe, expect, it } from 'vitest'
import { emptyLock } from './lock.ts'
import { readLock } from './read-lock.ts'
import { writeLock } from './write-lock.ts'

function textOf(data: object): string {
  const { value, findings } = readLock({ version: 1, ...data })
  if (!value) throw new Error(findings.map(({ message }) => message).join('\n'))
  return writeLock(value)
}

describe('writeLock', () => {
  it('writes one fact a line, and only what there is to say', () => {
    const text = textOf({
      sites: {
        cloud: {
          '10.0.1.0/27': { translated: '192.168.2.0/27', translatedFor: ['onpremise'], realFor: ['branch', 'depot'] },
          '10.0.2.0/27': { realFor: 'all' },
          '10.0.3.0/27': {},
        },
        onpremise: { '10.0.1.0/24': { translated: '192.168.1.0/24', translatedFor: 'all' } },
      },
      released: { branch: { '10.0.7.0/24': '192.168.7.0/24', '10.0.8.0/24': '192.168.8.0/24' } },
    })
    expect(text).toBe(`# Written by natplan: which translated prefix each subnet has. Commit it; natplan keeps to it.
version: 1
sites:
  cloud:
    10.0.1.0/27:
      translated: 192.168.2.0/27
      translatedFor:
        - onpremise
      realFor:
        - branch
        - depot
    10.0.2.0/27:
      realFor: all
    10.0.3.0/27: {}
  onpremise:
    10.0.1.0/24:
      translated: 192.168.1.0/24
      translatedFor: all
# Left the plan; not handed out again until "natplan release SITE PREFIX".
released:
  branch:
    10.0.7.0/24: 192.168.7.0/24
    10.0.8.0/24: 192.168.8.0/24
`)
  })

  it('writes a lock that holds nothing', () => {
    expect(writeLock(emptyLock)).toMatch(/\nversion: 1\nsites:\n {2}\{\}\n$/)
  })

  it.each(['null', 'True', 'false', 'yes', 'NO', 'on', 'off', 'y', 'N'])(
    'quotes the site name %s, which a YAML reader would not take for text',
    (name) => {
      const text = textOf({ sites: { [name]: { '10.0.0.0/24': { realFor: [name] } } } })
      expect(text).toContain(`\n  "${name}":\n`)
      expect(text).toContain(`\n        - "${name}"\n`)
    },
  )
})
