import { describe, expect, it } from 'vitest'
import { notKnown, parseSpaceKey, spaceColumns, spaceNamed } from './space-key.ts'

describe('a key that keeps prefixes apart', () => {
  it.each<[string, string, number | undefined, string]>([
    ['id,prefix,vrf', 'vrf', 2, 'as it is written'],
    ['id,prefix,VRF', 'vrf', 2, 'in any case'],
    ['vrfId,VRF name,subnet', 'vrf', 1, 'a name is surer than a number'],
    ['vrf_id,subnet', 'vrf', 0, 'a number is better than nothing'],
    ['address,network_view', 'VRF', 1, 'Infoblox'],
    ['address,EA-Tenant', 'tenant', 1, 'an attribute of Infoblox'],
    ['prefix,vrfs seen', 'vrf', undefined, 'another word'],
    ['prefix,network_view', 'tenant', undefined, 'VRFs only are known by other names'],
  ])('in %s for %s is column %s: %s', (header, key, column) => {
    expect(spaceColumns(header.split(','), key)[0]).toBe(column)
  })

  it.each<[string, string | undefined]>([
    ['blue', 'blue'],
    [' blue ', 'blue'],
    ['blue (65000:1)', 'blue'],
    ['blue (10.0.0.1:7)', 'blue'],
    ['blue (old)', 'blue (old)'],
    ['Global', undefined],
    ['default', undefined],
    ['', undefined],
    ['blue,red', notKnown],
    ['blue; red', notKnown],
    ['-', undefined],
    ['0', undefined],
    ['defaults', 'defaults'],
  ])('takes the VRF %j for %s', (text, name) => {
    expect(spaceNamed(text, 'vrf')).toBe(name)
  })

  it('leaves other values as they are', () => {
    expect(spaceNamed('default', 'tenant')).toBe('default')
  })

  it('may name one space', () => {
    expect(parseSpaceKey('vrf')).toEqual({ key: 'vrf', only: undefined })
    expect(parseSpaceKey('vrf=blue')).toEqual({ key: 'vrf', only: 'blue' })
    expect(parseSpaceKey('vrf=')).toEqual({ key: 'vrf', only: '' })
    expect(parseSpaceKey('vrf=global')).toEqual({ key: 'vrf', only: '' })
    expect(parseSpaceKey('tenant=a=b')).toEqual({ key: 'tenant', only: 'a=b' })
    expect(() => parseSpaceKey('=blue')).toThrow('--by')
  })
})
