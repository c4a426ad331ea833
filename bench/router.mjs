/** A router with that many static routes, as `show configuration commands` prints them. */
export function routerWithRoutes(count) {
  const routes = Array.from({ length: count }, (_, index) => {
    return `set protocols static route 10.${(index >> 15) & 127}.${(index >> 7) & 255}.${(index & 127) * 2}/31 next-hop 10.255.0.1`
  })
  return [
    "set interfaces ethernet eth0 address '10.255.0.2/24'",
    "set interfaces ethernet eth1 address '192.0.2.1/24'",
    "set protocols static route 0.0.0.0/0 next-hop '192.0.2.254'",
    "set system host-name 'hub'",
    ...routes,
    '',
  ].join('\n')
}

/** One line in four begins a rule that does not say what it translates to; the others are addresses of groups. */
export function groupsAndRules(lines) {
  return Array.from({ length: lines }, (_, index) =>
    index % 4 === 0
      ? `set nat source rule ${index + 1} source address '10.${index % 256}.0.0/16'`
      : `set firewall group address-group G${index % 5000} address '10.0.${index % 256}.${index % 200}'`,
  ).join('\n')
}
