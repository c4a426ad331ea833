/**
 * The interface on which a setting of the kernel lets it answer ARP for others, `all` for every one; `undefined` for other settings. Its name has
 * dots.
 */
export function proxyArpInterface(name: string, value: string | undefined): string | undefined {
  return value === '1' ? /^net\.ipv4\.conf\.(\S+)\.proxy_arp$/.exec(name)?.[1] : undefined
}
