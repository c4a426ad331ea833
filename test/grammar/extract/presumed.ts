import type { ValueTest } from '../table.ts'
import type { Schema } from './schema.ts'

/** A leaf that a release has beside what could be read, or has otherwise. */
function leaf(root: Schema, path: string, is?: ValueTest, kind: 'leaf' | 'leaves' = 'leaf'): void {
  const node = path.split(' ').reduce((schema, name) => schema.at(name), root)
  node.kind = kind
  node.is = is
}

/**
 * EdgeOS publishes no templates. The nodes are those of published types of its whole configuration (ConfigVpnIpsec, ConfigFirewallOptions and others of
 * a package for Go, made from a device); values are those of its own examples, as `abilities.ts` has them.
 */
export function presumedOfEdgeos(root: Schema): void {
  const ipsec = 'vpn ipsec'
  leaf(root, `${ipsec} ike-group key-exchange`, 'words ikev1 ikev2')
  leaf(root, `${ipsec} site-to-site peer force-encapsulation`, 'words enable disable')
  const groups = [2, 5, 14, 15, 16, 19, 20, 21, 22, 23, 24, 25, 26]
  leaf(root, `${ipsec} ike-group proposal dh-group`, `words ${groups.join(' ')}`)
  leaf(root, `${ipsec} esp-group pfs`, `words enable disable ${groups.map((group) => `dh-group${group}`).join(' ')}`)
  for (const group of ['ike-group', 'esp-group']) {
    leaf(root, `${ipsec} ${group} proposal hash`, 'words md5 sha1 sha256 sha384 sha512')
    leaf(root, `${ipsec} ${group} proposal encryption`, 'words aes128 aes256 aes128gcm128 aes256gcm128 3des')
  }
  leaf(
    root,
    `${ipsec} site-to-site peer authentication pre-shared-secret`,
    'pattern ^[-+&!@#$%^*(),.:;_=<>{}/a-zA-Z0-9]+$',
  )
  leaf(root, 'firewall options mss-clamp interface-type', 'words all vti pppoe pptp tun', 'leaves')
  leaf(root, 'firewall options mss-clamp mss', 'numeric --range 536-65535')
}

/** Since December 2025 the trap has a name of its own and what it was called until then is another mode (VyOS task T7594). */
export function presumedOfVyos15(root: Schema): void {
  leaf(root, 'vpn ipsec site-to-site peer connection-type', 'words initiate respond trap none')
}
