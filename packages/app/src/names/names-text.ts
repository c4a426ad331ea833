import { policyZoneText } from './forms/bind.ts'
import { corednsText } from './forms/coredns.ts'
import { dnsmasqText } from './forms/dnsmasq.ts'
import type { NamesOf } from './forms/form.ts'
import { hostsText } from './forms/hosts.ts'
import { corednsConfigMapText, servicesText } from './forms/kubernetes.ts'
import { unboundText } from './forms/unbound.ts'

const forms = {
  hosts: hostsText,
  dnsmasq: dnsmasqText,
  unbound: unboundText,
  bind: policyZoneText,
  coredns: corednsText,
  'coredns-custom': corednsConfigMapText,
  kubernetes: servicesText,
} as const satisfies Record<string, (names: NamesOf) => string>

/** What servers and machines of a site read. */
export type NamesForm = keyof typeof forms

export const namesForms = Object.keys(forms) as readonly NamesForm[]

export function namesText(names: NamesOf, form: NamesForm): string {
  return forms[form](names)
}
