import { describe, expect, it } from 'vitest'
import { dialect as vyatta5400 } from '../platforms/vyatta-5400/view.ts'
import { dialect as vyatta5600 } from '../platforms/vyatta-5600/view.ts'
import { dialect as vyos13 } from '../platforms/vyos-1.3/view.ts'
import { dialect as vyos14 } from '../platforms/vyos-1.4/view.ts'
import type { VyattaDialect } from './dialect.ts'
import { readVyattaDevice } from './read-device.ts'

const port = 'interfaces ethernet eth0 address 203.0.113.1/24'

/** Below a peer; what stands elsewhere begins with a slash. */
function doubtOf(dialect: VyattaDialect, lines: readonly string[]): string | undefined {
  const peer = dialect.peerKey === 'name' ? 'P' : '198.51.100.1'
  const below = `${dialect.vpnRoot.join(' ')} site-to-site peer ${peer}`
  const text = lines.map((line) => `set ${line.startsWith('/') ? line.slice(1) : `${below} ${line}`}\n`)
  return readVyattaDevice(text.join(''), dialect).device.tunnels[0]?.doubt?.what
}

const net = ['tunnel 1 local prefix 10.1.0.0/24', 'tunnel 1 remote prefix 10.2.0.0/24']
const ports = '/vpn ipsec ipsec-interfaces interface eth0'
const bound = 'vti bind vti1'
const disabled = ['/interfaces vti vti1 disable', '/interfaces vti vti1 address 169.254.0.1/30']

describe('a tunnel that the device refuses', () => {
  it.each<[string, VyattaDialect, readonly string[], string]>([
    ['whose virtual interface is not there', vyos14, [`/${port}`, bound], 'it names vti1, which is not defined'],
    [
      'whose vfp is not there',
      vyatta5600,
      [`/${port}`, ...net, 'tunnel 1 uses vfp0'],
      'it names vfp0, which is not defined',
    ],
    [
      'for which no interface is named on the 5400',
      vyatta5400,
      [`/${port}`, ...net],
      'no interface is named by ipsec-interfaces',
    ],
    [
      'with host bits, from VyOS 1.4 on',
      vyos14,
      ['tunnel 1 local prefix 10.1.0.1/24', 'tunnel 1 remote prefix 10.2.0.0/24'],
      'tunnel 1 has host bits in 10.1.0.1/24, which the device refuses',
    ],
  ])('%s', (_, dialect, lines, what) => {
    expect(doubtOf(dialect, lines)).toBe(what)
  })

  it.each<[string, VyattaDialect, readonly string[]]>([
    ['whose virtual interface is there', vyos14, [`/${port}`, '/interfaces vti vti1 address 169.254.0.1/30', bound]],
    ['whose virtual interface is switched off', vyos14, [`/${port}`, ...disabled, bound]],
    ['of a text that shows no interfaces', vyos14, [bound]],
    [
      'whose vfp is there',
      vyatta5600,
      ['/interfaces virtual-feature-point vfp0 address 192.0.2.1/32', ...net, 'tunnel 1 uses vfp0'],
    ],
    ['for which an interface is named on the 5400', vyatta5400, [`/${port}`, ports, ...net]],
    ['for which none needs to be named', vyos13, [`/${port}`, ...net]],
    [
      'with host bits before VyOS 1.4',
      vyos13,
      ['tunnel 1 local prefix 10.1.0.1/24', 'tunnel 1 remote prefix 10.2.0.0/24'],
    ],
    ['for one address', vyos14, ['tunnel 1 local prefix 10.1.0.1/32', 'tunnel 1 remote prefix 10.2.0.0/24']],
  ])('is not one %s', (_, dialect, lines) => {
    expect(doubtOf(dialect, lines)).toBeUndefined()
  })
})
