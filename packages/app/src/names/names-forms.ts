/** The forms in which servers and machines of a site read names. */
export const namesForms = ['hosts', 'dnsmasq', 'unbound', 'bind', 'coredns', 'coredns-custom', 'kubernetes'] as const

export type NamesForm = (typeof namesForms)[number]
