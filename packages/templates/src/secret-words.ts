/** What a word of a configuration says of the value behind it. */
export type WordKind = 'secret' | 'naming' | 'describing' | 'plain'

const listed = (words: string) => new Set(words.split(/\s+/))

/** Secrets whatever is added to their names. */
const strong = listed(
  'secret secrets password passwords passwd pwd passphrase passphrases psk psks credential credentials passcode bindpw rootpw cak',
)

/** Secrets as the last part of a name; in front of others they only say what those are about: `key-exchange`, `community-list`. */
const weak = listed('key keys token tokens community communities pin pass bearer apikey shared')

/** In front of an algorithm and its key, as `ip xfrm state` and users of SNMP have them. */
export const keyed: ReadonlySet<string> = listed('enc aead auth auth-trunc priv privacy')

/** The kinds of lines of ipsec.secrets(5). */
const kindsOfKeys = listed('psk rsa ecdsa p12 bliss pkcs8 eap ntlm xauth pin')

/** Names in one word, of which others look like none: `rekey`, `pubkey`, `bypass`, `extcommunity`. */
const joined =
  /(?:secret|password|passwd|passphrase|psk)s?$|^(?:api|priv|private|shared|preshared|auth|secret|access|master|enc|encryption|signing|session|wep|wpa)keys?$|^(?:key|store|ssl|auth|user)pass$|^(?:snmp|trap|ro|rw)community6?$/

/** They say nothing of what it is, so that the part before them does: `key-string`, `password-hash`. */
const vague =
  /^(?:\d+|value|string|text|data|hash|hex|material|plain|plaintext|cleartext|encrypted|base64|b64|ascii|raw|content|new|old|current|backup|phrase)$/

/** What is about a secret and is none: `secret-type`, `password-policy`. */
const about = listed(
  'name names type types size file files id ids length exchange group groups interval lifetime life time timeout mode modes policy policies encryption ' +
    'encrypted authentication auth manager server servers method methods algorithm algorithms format usage count version expiry expire expiration age ' +
    'history quality complexity rule rules ring chain list prompt recovery reset change check strength protected min max minimum maximum required ' +
    'provider path url ref reference source env variable field label hint agent backend engine service net network networks subnet lan site tunnel ' +
    'vpn peer peers zone gateway host address interface user users rotation renewal derivation bits index number tries retry retries limit',
)

/** Keys for everybody to see, names of keys, and what else is called a key. */
const open = listed(
  'public pub host trusted local remote known primary foreign sort authorized partition verify verification gre map cache no re hot large ext extended send ' +
    'bgp well-known standard expanded match',
)

/** Somebody's name stands behind them, or one of a few words that are known. */
const naming = listed(
  'peer ike-group esp-group id name zone group user username login mode type method authby leftauth rightauth interface address-group network-group port-group ' +
    'domain-group mac-group interface-group ipv6-address-group ipv6-network-group route-map prefix-list access-list community-list shared-network-name conn ' +
    'chain jump goto table vrf define local-id remote-id eap-id profile pool vti bind site hostname host-name domain-name proto protocol secret-type key-id keyid',
)

const describing = listed(
  'description descr desc comment comments remark note notes title banner motd message msg log-prefix label alias summary reason',
)

/** What nearly no line has: one without it tells no secret. */
export const announcing = new RegExp([...strong, ...weak, ...keyed, ...kindsOfKeys].join('|'), 'i')

/** Reports whether a word is one of those that stand behind the colon in ipsec.secrets. */
export function isKindOfKeys(word: string): boolean {
  return kindsOfKeys.has(word.toLowerCase())
}

/** The kind of a name, in any case, with hyphens, underscores, dots or humps between its parts. */
export function wordKind(name: string): WordKind {
  const parts = partsOf(name)
  const word = parts.join('-')
  if (describing.has(word)) return 'describing'
  if (naming.has(word)) return 'naming'
  return isSecret(parts) ? 'secret' : 'plain'
}

/** `preSharedKey`, `PRE_SHARED_KEY` and `ike.pre-shared-key` as their parts; nobody's names are longer. */
export function partsOf(name: string): string[] {
  const path = name.slice(-80).replace(/^.*[/.](?=[^/.])/, '')
  const parts = path
    .replace(/([a-z0-9])(?=[A-Z])/g, '$1-')
    .toLowerCase()
    .split(/[-_]+/)
  return parts.filter((part) => part !== '')
}

/** Reports whether a name is one of what is about a secret, as in `key size 256`. */
export function isAbout(name: string): boolean {
  const [first, ...rest] = partsOf(name)
  return first !== undefined && rest.length === 0 && about.has(first)
}

/** Reports whether a name is one of what is about a secret and says so, as `key-size`. */
export function isAboutSecret(name: string): boolean {
  const parts = partsOf(name)
  return about.has(parts.at(-1) ?? '') && parts.slice(0, -1).some((part) => isSecret([part]))
}

function isSecret(parts: readonly string[]): boolean {
  const last = parts.at(-1)
  if (last === undefined) return false
  const before = parts.slice(0, -1)
  const bare = last.replace(/(?<=\D)\d+$/, '')
  if (strong.has(bare) || joined.test(bare)) return true
  if (weak.has(bare)) return !before.some((part) => open.has(part))
  if (before.length === 0) return false
  if (vague.test(last) || /^files?$/.test(last)) return isSecret(before)
  return !about.has(last) && before.some((part) => strong.has(part))
}
