import { Address, type DeviceEnd, type DeviceTunnel } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { KeyRing } from './key-ring.ts'
import { Secret } from './secret.ts'

type Ends = Pick<DeviceTunnel, 'local' | 'remote' | 'versions'>

function end(address: string | undefined, identity: string | undefined = address): DeviceEnd {
  return { address: address ? { kind: 'known', address: Address.parse(address) } : { kind: 'any' }, identity }
}

function ends(local: DeviceEnd, remote: DeviceEnd, versions: DeviceTunnel['versions'] = [2]): Ends {
  return { local, remote, versions }
}

const byAddress = ends(end('192.0.2.1'), end('192.0.2.2'))
const byName = ends(end('192.0.2.1', '@near'), end('192.0.2.2', 'far.example'))

const key = (text: string | undefined, ...identities: string[]) => ({
  identities,
  key: text === undefined ? undefined : new Secret(text),
})

/** The key, or what is said about it. */
function found(of: Ends, listed: readonly ReturnType<typeof key>[], isWhole = true): string | undefined {
  const { key: one, lack } = new KeyRing(listed, { isWhole }).keyFor(of)
  return (
    one?.reveal() ?? (lack && `${lack.isCertain ? '' : 'perhaps '}${lack.what.startsWith('no ') ? 'none' : 'several'}`)
  )
}

describe('the key of a tunnel', () => {
  it.each([
    ['names both ends', byAddress, [key('a', '192.0.2.1', '192.0.2.2')], 'a'],
    ['names the other end only', byAddress, [key('a', '192.0.2.2')], 'a'],
    ['names the own end only', byAddress, [key('a', '192.0.2.1', '192.0.2.77')], 'a'],
    ['names nobody', byAddress, [key('a')], 'a'],
    ['names everybody', byAddress, [key('a', '%any')], 'a'],
    ['names the end rather than everybody', byAddress, [key('a', '%any'), key('b', '192.0.2.2')], 'b'],
    ['names both rather than one', byAddress, [key('a', '192.0.2.2'), key('b', '192.0.2.1', '192.0.2.2')], 'b'],
    ['names ends as they call themselves', byName, [key('a', 'NEAR', '@far.example')], 'a'],
    ['is masked', byAddress, [key(undefined, '192.0.2.2')], undefined],
    ['is there twice', byAddress, [key('a', '192.0.2.2'), key('a', '192.0.2.2')], 'a'],
    ['is not shown', byAddress, [], undefined],
    ['names others', byAddress, [key('a', '192.0.2.77', '192.0.2.78')], 'none'],
    ['names others, masked', byAddress, [key(undefined, '192.0.2.77')], 'none'],
    ['names an address where the end has a name', byName, [key('a', '192.0.2.2')], 'none'],
    ['names an address, and IKEv1 asks for that', { ...byName, versions: [1] as const }, [key('a', '192.0.2.2')], 'a'],
    ['is for a pattern', byName, [key('a', '*.example')], 'perhaps none'],
    ['is for an end that is not known', ends(end('192.0.2.1'), end(undefined)), [key('a', 'x')], 'perhaps none'],
    ['differs from another one', byAddress, [key('a', '192.0.2.2'), key('b', '192.0.2.2')], 'perhaps several'],
    [
      'is masked beside another one',
      byAddress,
      [key('a', '192.0.2.2'), key(undefined, '192.0.2.2')],
      'perhaps several',
    ],
  ])('%s', (_, of, listed, expected) => {
    expect(found(of, listed)).toBe(expected)
  })

  it('may stand elsewhere', () => {
    expect(found(byAddress, [key('a', '192.0.2.77')], false)).toBe('perhaps none')
  })
})
