import { Address, lengthOfNetmask } from '@natplan/core'
import { readSeveral } from './loose-prefix.ts'

/** What a column of a table of sites may hold, in the order in which columns are looked for. */
export const columnRoles = [
  'mask',
  'outside',
  'reserved',
  'subnets',
  'interface',
  'inside',
  'identity',
  'platform',
  'status',
  'peer',
  'site',
  'name',
] as const
export type ColumnRole = (typeof columnRoles)[number]

interface Look {
  /** What such columns are called, the surest first; `sites` is read as `site`. */
  readonly words: readonly string[]
  /** What half of the cells that are filled must be. */
  readonly holds?: (cell: string) => boolean
}

export const looks: Readonly<Record<ColumnRole, Look>> = {
  mask: {
    words: [
      'netmask',
      'subnet mask',
      'mask',
      'netzmaske',
      'subnetzmaske',
      'maske',
      'prefix length',
      'length',
      'cidr',
      'bits',
    ],
    holds: (cell) => lengthOfNetmask(cell) !== undefined || /^\/?\d{1,3}$/.test(cell),
  },
  outside: {
    words: [
      ...[
        'wan ip',
        'wan address',
        'wan',
        'public ip',
        'public address',
        'outside',
        'outside ip',
        'outside address',
        'endpoint',
      ],
      ...['external ip', 'external address', 'vpn ip', 'vpn endpoint', 'internet ip'],
      ...['oeffentliche ip', 'oeffentliche adresse', 'externe ip', 'externe adresse', 'wan adresse'],
      ...['public gateway', 'gateway ip', 'gateway oeffentlich'],
    ],
    holds: isEndpoint,
  },
  reserved: { words: ['reserved', 'reserviert'], holds: isPrefixes },
  subnets: {
    words: [
      ...[
        'subnet',
        'lan',
        'lan subnet',
        'lan network',
        'prefix',
        'network',
        'cidr',
        'subnetz',
        'netz',
        'netzwerk',
        'lan netz',
      ],
      ...['ip range', 'range', 'ip bereich', 'adressbereich', 'lan ip', 'vlan', 'ip', 'address', 'adresse'],
    ],
    holds: isPrefixes,
  },
  interface: { words: ['wan interface', 'outside interface', 'external interface', 'wan port', 'wan schnittstelle'] },
  inside: {
    words: ['lan interface', 'inside interface', 'internal interface', 'inside', 'lan port', 'lan schnittstelle'],
  },
  identity: { words: ['identity', 'ike identity', 'ike id', 'vpn id', 'local id', 'identitaet'] },
  platform: { words: ['platform', 'plattform', 'os', 'betriebssystem'] },
  status: { words: ['status', 'state', 'zustand'] },
  peer: {
    words: [
      'peer',
      'hub',
      'tunnel to',
      'connected to',
      'vpn to',
      'gegenstelle',
      'tunnel zu',
      'vpn zu',
      'verbunden mit',
    ],
  },
  site: {
    words: [
      ...[
        'site',
        'site name',
        'branch',
        'branch name',
        'branch office',
        'location',
        'location name',
        'standort',
        'filiale',
      ],
      ...[
        'niederlassung',
        'zweigstelle',
        'aussenstelle',
        'office',
        'store',
        'shop',
        'plant',
        'werk',
        'scope',
        'ea site',
        'ea location',
      ],
      ...['standortname', 'filialname', 'name'],
    ],
  },
  name: {
    words: [
      ...[
        'subnet name',
        'network name',
        'name',
        'description',
        'beschreibung',
        'bezeichnung',
        'vlan name',
        'comment',
        'kommentar',
      ],
      ...['purpose', 'zweck'],
    ],
  },
}

export function isPrefixes(cell: string): boolean {
  return readSeveral(cell) !== undefined
}

/** An address with or without a length, a host name, or a word for an address that changes. */
function isEndpoint(cell: string): boolean {
  const [address = '', length] = cell.split('/')
  if (Address.tryParse(address)) return length === undefined || /^\d{1,3}$/.test(length)
  return changingAddress.test(cell) || hostName.test(cell)
}

export const changingAddress = /^(dynamic|dynamisch|dhcp|dyn|pppoe)$/i
export const hostName = /^(?=.{1,126}$)(?!.*\.\d+$)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/
