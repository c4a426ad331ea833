/** Something that natplan does not read, and how it is known. */
interface Stranger {
  /** As in "it looks like …". */
  readonly name: string
  /** This alone is enough, even beside lines of a configuration. */
  readonly always?: RegExp
  /** This alone is enough. */
  readonly sure?: RegExp
  /** So many different ones of these are needed. */
  readonly marks?: readonly RegExp[]
  readonly needed?: number
}

/** What people hand over instead of a configuration that natplan reads; the first that fits is named. */
const strangers: readonly Stranger[] = [
  {
    name: 'a web page',
    always: /^\s*<(?:!doctype html|html|head|body)\b/i,
    sure: /^[ \t]*<\/?(?:html|head|body|div|p)\b/im,
  },
  { name: 'a configuration of pfSense or OPNsense', always: /^\s*(?:<\?xml[^>]*>\s*)?<(?:pfsense|opnsense)>/i },
  {
    name: 'a configuration of PAN-OS',
    always: /^\s*(?:<\?xml[^>]*>\s*)?<config [^>]*(?:urldb|detail-version|version)=/i,
  },
  {
    name: 'a configuration of PAN-OS',
    marks: [
      /^[ \t]*set (?:\S+ )?(?:deviceconfig|rulebase|mgt-config|vsys|device-group|template) /m,
      /^[ \t]*set (?:\S+ )?network (?:interface|ike|tunnel|virtual-router|profiles) /m,
      /^[ \t]*set (?:\S+ )?(?:zone|address|service|application-group|address-group) \S+ /m,
      /^[ \t]*(?:deviceconfig|rulebase|mgt-config) \{/m,
    ],
    needed: 1,
  },
  { name: 'XML', always: /^\s*<\?xml\b/, sure: /^\s*<[A-Za-z][\w:-]*[ >]/ },
  {
    name: 'a configuration of FortiOS',
    marks: [
      /^#config-version=F/m,
      /^[ \t]*config (?:system|vpn|firewall|router|user|log|switch-controller|wireless-controller|webfilter|vdom|global)\b/m,
      /^[ \t]*next[ \t\r]*$/m,
      /^[ \t]*end[ \t\r]*$/m,
    ],
    needed: 2,
  },
  {
    name: 'a configuration of RouterOS',
    sure: /^(?:# .* by RouterOS |\/(?:ip|interface|system|routing|ipv6|queue|tool|user|certificate|ppp|port|snmp)(?: [a-z-]+)*(?: add | set | export|[ \t\r]*$))/m,
  },
  {
    name: 'a configuration of Cisco ASA',
    marks: [
      /^ASA Version |^: Serial Number: /m,
      /^ nameif \S/m,
      /^ security-level \d/m,
      /^object(?:-group)? network \S/m,
      /^nat \(\S+,\S+\) /m,
      /^access-list \S+ extended /m,
      /^tunnel-group \S+ /m,
      /^crypto (?:ikev[12]|map \S+ \d+ (?:match|set)) /m,
    ],
    needed: 2,
  },
  {
    name: 'a configuration of Cisco IOS or one like it',
    marks: [
      /^Building configuration\.\.\.|^Current configuration ?: /m,
      /^version \d+\.\d+\r?$/m,
      /^hostname \S+\r?$/m,
      /^interface (?:[A-Z][A-Za-z-]+ ?\d|mgmt\d)/m,
      /^[ \t]+ip(?:v4)? address \d+\.\d+\.\d+\.\d+ \d+\.\d+\.\d+\.\d+/m,
      /^[ \t]+(?:no )?(?:switchport|shutdown|ip nat (?:inside|outside))/m,
      /^crypto (?:isakmp|ipsec|map|ikev2|pki|keyring) /m,
      /^(?:ip )?access-list (?:\d+|standard|extended|\S+) /m,
      /^ip (?:route|nat|http|ssh|domain)[ -]/m,
      /^router (?:bgp|ospf|eigrp|rip)\b/m,
      /^!\r?$/m,
    ],
    needed: 2,
  },
  {
    name: 'a configuration of JunOS',
    sure: /^[ \t]*(?:\S{1,99}[#>%] ?)?(?:show \| display set|(?:set|delete|activate|deactivate) (?:(?:groups|logical-systems|tenants) \S+ )?(?:version \d|security (?:ike|ipsec|nat|zones|policies|flow|screen|address-book|pki|alg|log|forwarding-options)\b|(?:routing-options|routing-instances|policy-options) |firewall (?:family|filter) |interfaces (?:\S+ (?:unit \d|flexible-vlan-tagging|gigether-options|aggregated-ether-options)|(?:ge|xe|et|fe|mge)-\d+\/\d+\/\d+|st0\b)))/m,
    marks: [
      /^[ \t]*set (?:groups|apply-groups|applications|chassis|forwarding-options|access-profile|event-options)\b/m,
      /^[ \t]*set (?:\S+ \S+ )?(?:system (?:root-authentication|services|syslog)|vlans) /m,
      /^## Last (?:changed|commit)/m,
      /^[ \t]*version \S+;/m,
      /^[ \t]*family inet6? \{/m,
      /^[ \t]*unit \d+ \{/m,
      /^[ \t]*(?:ike|ipsec|zones|policies|screen|security-zone \S+|from-zone \S+ to-zone \S+|rule-set \S+|gateway \S+|routing-options|(?:ge|xe|et|fe|mge)-\d+\/\d+\/\d+|st0) \{/m,
      /^[ \t]*(?:host-name|address|next-hop|pre-shared-key|then|policy|proposals|ike-policy|bind-interface|external-interface)\b[^\n{}]{0,200};[ \t\r]*$/m,
    ],
    needed: 2,
  },
  { name: 'a plan of natplan', marks: [/^version: ?\d/m, /^(?:sites|tunnels|pools):/m], needed: 2 },
  { name: 'a script', always: /^#!.*\b(?:sh|bash|dash|zsh|ksh|python\d?|perl|ruby|node|expect)\b|^#!\/usr\/bin\/env / },
  { name: 'a script in Python', marks: [/^(?:import|from) [\w.]+/m, /^def \w+\(|^class \w+[(:]/m], needed: 2 },
  { name: 'JSON that is not the configuration of a gateway', sure: /^\s*(?:\{\s*["}]|\[\s*[{"\]])/ },
  {
    name: 'YAML',
    marks: [/^---\r?$/m, /^[A-Za-z_][\w-]*:(?: |\r?$)/m, /^[ \t]+[A-Za-z_][\w-]*:(?: |\r?$)/m, /^[ \t]*- \S/m],
    needed: 2,
  },
]

/** As they are named to people, each once. */
export const strangerNames: readonly string[] = [...new Set(strangers.map(({ name }) => name))]

/** What to save of a Linux gateway. */
export const linuxHint =
  'save swanctl.conf (or ipsec.conf), the output of "nft list ruleset" (or iptables-save), of "ip address" and of "ip route" in one file'

/**
 * What a text looks like, when it looks like something that natplan knows and does not read. A text with lines of a configuration in it
 * (`isFamily`) may still be a page or a script that shows them.
 */
export function looksLike(
  text: string,
  { isFamily = false }: { readonly isFamily?: boolean } = {},
): string | undefined {
  const plain = text.replace(/^\ufeff/, '')
  return strangers.find((stranger) => stranger.always?.test(plain) || (!isFamily && fits(stranger, plain)))?.name
}

function fits({ sure, marks = [], needed = 0 }: Stranger, text: string): boolean {
  if (sure?.test(text)) return true
  return needed > 0 && marks.filter((mark) => mark.test(text)).length >= needed
}
