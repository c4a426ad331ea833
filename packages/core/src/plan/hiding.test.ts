import { describe, expect, it } from 'vitest'
import { Prefix } from '../address/prefix.ts'
import { emptyLock, type Lock } from '../allocation/lock.ts'
import { readLock } from '../allocation/read-lock.ts'
import { writeLock } from '../allocation/write-lock.ts'
import { normalize } from '../network/normalize.ts'
import type { WrittenNetwork } from '../network/written.ts'
import { explainPrefix } from './explain-prefix.ts'
import { sightsOf } from './plan.ts'
import { planNetwork } from './plan-network.ts'

type Sites = WrittenNetwork['sites']

function planOf(sites: Sites, { lock = emptyLock, ...more }: Partial<WrittenNetwork> & { lock?: Lock } = {}) {
  const { value, findings } = normalize({ version: 1, sites, ...more })
  if (!value) throw new Error(findings.map(({ message }) => message).join('\n'))
  return planNetwork(value, lock)
}

function codesOf(sites: Sites, more: Parameters<typeof planOf>[1] = {}): string[] {
  return planOf(sites, more).findings.map(({ code }) => code)
}

const block = { subnets: ['10.0.0.0/24'] }
const hidden = { prefix: '10.0.0.0/24', hideBehind: '192.168.0.9' }
const alike = { ...hidden, prefix: '10.0.1.0/24' }

describe('a subnet that hides', () => {
  it('is many to one for everybody, and makes nobody else yield', () => {
    const { plan } = planOf({ a: { subnets: [hidden] }, b: block, c: block }, { tunnels: [{ sites: ['a', 'b'] }] })
    expect(plan?.mappings.map(({ kind, real, translated }) => `${kind} ${real} ${translated}`)).toEqual([
      'many-to-one 10.0.0.0/24 192.168.0.9/32',
      'one-to-one 10.0.0.0/24 192.168.1.0/24',
    ])
    expect(plan && sightsOf(plan, 'b' as never).map(({ visible }) => String(visible))).toEqual(['192.168.0.9/32'])
  })

  it('may share its address with others of its site alone', () => {
    expect(codesOf({ a: { subnets: [hidden, alike] }, b: block })).toEqual(['HIDDEN_ONE_WAY'])
    expect(codesOf({ a: { subnets: [hidden] }, b: { subnets: [alike] } })).toEqual(['HIDE_COLLIDES'])
    const wider = { ...alike, hideBehind: '192.168.0.8/30' }
    expect(codesOf({ a: { subnets: [hidden, wider] }, b: block })).toEqual(['HIDE_COLLIDES'])
  })

  it.each<[Sites, Partial<WrittenNetwork>, string]>([
    [{ b: { subnets: ['192.168.0.0/24'] } }, {}, 'a subnet'],
    [{ b: { subnets: [], reserved: ['192.168.0.9/32'] } }, {}, 'reserved space'],
    [{ b: { ...block, gateway: { outside: { interface: 'eth0', address: '192.168.0.9' } } } }, {}, 'an endpoint'],
    [{ b: { subnets: [{ prefix: '10.0.0.0/24', translateTo: '192.168.0.0/24' }] } }, {}, 'a pin'],
    [{ b: block }, { avoid: ['192.168.0.8/29'] }, 'what is avoided'],
  ])('hides behind nothing that is in use: %j %j, %s', (others, more) => {
    expect(codesOf({ a: { subnets: [hidden] }, ...others }, more)).toContain('HIDE_COLLIDES')
  })

  it('keeps what the lock holds for others from being taken', () => {
    const { value: lock } = readLock({ version: 1, released: { c: { '10.9.0.0/24': '192.168.0.0/24' } } })
    expect(codesOf({ a: { subnets: [hidden] }, b: block }, lock ? { lock } : {})).toContain('LOCK_COLLIDES')
  })

  it('is in the lock, which changes nothing when it is read again', () => {
    const sites = { a: { subnets: [hidden, alike] }, b: block }
    expect(writeLock(planOf(sites).plan?.lock ?? emptyLock)).toContain('hiddenBehind: 192.168.0.9/32\n')
    const entry = { hiddenBehind: '192.168.0.9/32', translatedFor: 'all' }
    const { value: lock } = readLock({
      version: 1,
      sites: {
        a: { '10.0.0.0/24': entry, '10.0.1.0/24': entry },
        b: { '10.0.0.0/24': { translated: '192.168.1.0/24', translatedFor: 'all' } },
      },
    })
    expect(lock && planOf(sites, { lock }).plan?.changes).toEqual([])
  })

  it('leaves nothing set aside when it goes, and what it was called before when it comes', () => {
    const lock = planOf({ a: { subnets: [hidden] }, b: block }).plan?.lock ?? emptyLock
    const gone = planOf({ a: { subnets: ['10.5.0.0/24'] }, b: block }, { lock }).plan
    expect([...(gone?.lock.released.keys() ?? [])]).toEqual([])
    const open = planOf({ a: block, b: block }).plan?.lock ?? emptyLock
    const now = planOf({ a: { subnets: [{ ...hidden, hideBehind: '192.168.9.9' }] }, b: block }, { lock: open }).plan
    expect([...(now?.lock.released.keys() ?? [])]).toEqual(['a 10.0.0.0/24'])
    expect(now?.changes.map(({ kind, before, after }) => `${kind} ${before} ${after}`)).toEqual([
      'renumber 192.168.0.0/24 192.168.9.9/32',
    ])
  })

  it('is explained as a whole, since any host may be meant', () => {
    const { plan } = planOf({ a: { subnets: [hidden] }, b: block })
    const seen = plan ? explainPrefix(plan, Prefix.parse('192.168.0.9/32')) : []
    const shown = seen.flatMap(({ site, meanings }) =>
      meanings.map((one) => `${site} ${one.kind} ${'real' in one ? one.real : ''}`),
    )
    expect(shown).toEqual(['a own-translated 10.0.0.0/24', 'b peer 10.0.0.0/24'])
  })
})

describe('a lock with public space', () => {
  const { value: lock = emptyLock } = readLock({
    version: 1,
    sites: { a: { '10.0.0.0/24': { translated: '203.0.113.0/24', translatedFor: 'all' } } },
  })

  it('is for whoever says that it is his', () => {
    expect(codesOf({ a: block, b: block }, { lock })).toContain('LOCK_PREFIX_UNFIT')
    const own = ['203.0.113.0/24']
    expect(codesOf({ a: block, b: block }, { lock, own })).toEqual(['LOCK_OUTSIDE_POOLS'])
  })
})

describe('two sites that hide from each other', () => {
  const tunnels = [{ sites: ['a', 'b'] }]
  const other = { prefix: '10.0.0.0/24', hideBehind: '192.168.8.9' }

  it.each<[Sites, boolean, string]>([
    [{ a: { subnets: [hidden] }, b: { subnets: [other] } }, true, 'all of both'],
    [{ a: { subnets: [hidden, '10.7.0.0/24'] }, b: { subnets: [other] } }, false, 'but for a subnet'],
    [
      { a: { subnets: [{ ...hidden, forwards: [{ port: 25, to: '10.0.0.5' }] }] }, b: { subnets: [other] } },
      false,
      'but for a port',
    ],
  ])('%j: %s (%s)', (sites, isTold) => {
    expect(codesOf(sites, { tunnels }).includes('HIDDEN_FROM_EACH_OTHER')).toBe(isTold)
  })
})
