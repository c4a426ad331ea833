/** The plan file that `natplan init` writes: a network that plans cleanly, with everything else in comments. */
export const planTemplate = `# A natplan plan file. "natplan plan" prints what it leads to.
version: 1

# Unused private space that translated prefixes are drawn from, in order.
# Default: 192.168.0.0/16, then 172.16.0.0/12, then 100.64.0.0/10.
pools: [192.168.0.0/16]

# Space that is never handed out.
# avoid: [192.168.100.0/24]

sites:
  cloud:
    # The prefixes that take part in tunnels.
    subnets: [10.0.1.0/27]
    # Space in use here that no tunnel reaches; never handed out.
    # reserved: [10.9.0.0/16]
    kubernetes: # worker nodes here need routes to the other sites
      privateNetwork: 10.0.0.0/8 # the route whose next hop is the private gateway
      podSubnets: [172.30.0.0/16]
      serviceSubnets: [172.21.0.0/16]
    gateway:
      platform: vyos-1.4 # vyos-1.5, vyos-1.3, vyatta-5600, vyatta-5400, edgeos, linux, generic
      outside: { interface: eth1, address: 203.0.113.10 }
      inside: { interface: eth0 }

  onpremise:
    subnets:
      - 10.0.1.0/24
      # - { prefix: 10.50.0.0/16, name: warehouse, translate: never } # auto (default), always, never
      # - { prefix: 10.60.1.0/24, translateTo: 192.168.60.0/24 } # a translated prefix of your own choice
    gateway:
      platform: vyatta-5600
      outside: { interface: dp0bond1, address: 192.0.2.20 }
      inside: { interface: dp0bond0 }

# Which sites are joined. Without this key every pair of sites counts as connected.
tunnels:
  - sites: [cloud, onpremise]
    preSharedKey: { env: NATPLAN_PSK } # or { file: path }; never the key itself
    proposal: modern # or compatible, for older gateways
`
