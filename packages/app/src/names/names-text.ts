import { policyZoneText } from './forms/bind.ts'
import { corednsText } from './forms/coredns.ts'
import { dnsmasqText } from './forms/dnsmasq.ts'
import type { NamesOf } from './forms/form.ts'
import { hostsText } from './forms/hosts.ts'
import { corednsConfigMapText, servicesText } from './forms/kubernetes.ts'
import { unboundText } from './forms/unbound.ts'
import type { NamesForm } from './names-forms.ts'

const forms: Readonly<Record<NamesForm, (names: NamesOf) => string>> = {
  hosts: hostsText,
  dnsmasq: dnsmasqText,
  unbound: unboundText,
  bind: policyZoneText,
  coredns: corednsText,
  'coredns-custom': corednsConfigMapText,
  kubernetes: servicesText,
}

export function namesText(names: NamesOf, form: NamesForm): string {
  return forms[form](names)
}
