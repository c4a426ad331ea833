import { describe, expect, it } from 'vitest'
import { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import type { DeviceInterface } from '../device/device.ts'
import { hasAddressIn } from './own-address.ts'
import { sampleDevice } from './sample-world.ts'

function port(name: string, ...texts: readonly string[]): DeviceInterface {
  const addresses = texts.map((text): DeviceInterface['addresses'][number] =>
    text === 'dhcp'
      ? { kind: 'dynamic', line: 7 }
      : { kind: 'known', address: Address.parse(text), network: Prefix.parse(`${text}/32`), line: 1 },
  )
  return { name, kind: 'physical', addresses, table: 'main', line: 1 }
}

const asked = (...interfaces: readonly DeviceInterface[]) =>
  hasAddressIn(sampleDevice({ interfaces }), Prefix.parse('192.168.2.0/24'))

describe('whether a device has an address in a prefix', () => {
  it('is known where one is there, or where all are elsewhere', () => {
    expect(asked(port('eth0', '192.168.2.1'))).toBe('yes')
    expect(asked(port('eth0', '10.0.1.1'), port('eth1'))).toBe('no')
    expect(asked(port('eth0', '192.168.2.1'), port('eth1', 'dhcp'))).toBe('yes')
  })

  it('is not known where none is shown, or one comes from others', () => {
    expect(asked()).toMatchObject({ line: undefined, what: expect.stringContaining('no address is shown') })
    expect(asked(port('eth1'))).toMatchObject({ what: expect.stringContaining('no address is shown') })
    expect(asked(port('eth0', '10.0.1.1'), port('eth1', 'dhcp'))).toMatchObject({
      line: 7,
      what: expect.stringContaining('eth1 has one that is not known'),
    })
  })
})
