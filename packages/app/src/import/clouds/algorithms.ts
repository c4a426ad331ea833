import type { WrittenTunnel } from '@natplan/core'

type Proposal = Extract<WrittenTunnel['proposal'], object>

/** The words of a cloud for the algorithms of a tunnel. */
export interface CloudAlgorithms {
  readonly ike: {
    readonly encryption: string | undefined
    readonly hash: string | undefined
    readonly dhGroup: string | undefined
  }
  readonly esp: {
    readonly encryption: string | undefined
    readonly hash: string | undefined
    readonly dhGroup: string | undefined
  }
}

/** The same as the plan says it; `undefined` where something is missing or has no word there. */
export function proposalOf({ ike, esp }: CloudAlgorithms): Proposal | undefined {
  const [ikeCipher, espCipher] = [encryption(ike.encryption), encryption(esp.encryption)]
  const [ikeHash, espHash] = [hash(ike.hash), hash(esp.hash)]
  const [ikeGroup, espGroup] = [group(ike.dhGroup), group(esp.dhGroup)]
  if (!ikeCipher || !espCipher || !ikeHash || ikeGroup === undefined || espGroup === undefined) return undefined
  if (!espCipher.includes('gcm') && !espHash) return undefined
  return {
    ike: { encryption: ikeCipher, hash: ikeHash, dhGroup: ikeGroup },
    esp: {
      encryption: espCipher,
      ...(espHash && !espCipher.includes('gcm') ? { hash: espHash } : {}),
      dhGroup: espGroup,
    },
  }
}

/** AES256, AES256-GCM-16, GCMAES256, aes-256-cbc. */
function encryption(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  if (/3des|des3/i.test(text)) return '3des'
  const bits = /(?<![0-9])(128|192|256)(?![0-9])/.exec(text)?.[1]
  if (!/aes/i.test(text) || bits === undefined) return undefined
  return /gcm/i.test(text) ? `aes${bits}gcm128` : `aes${bits}`
}

/** SHA2-256, SHA256, SHA384, SHA1. */
function hash(text: string | undefined): string | undefined {
  const found = /^sha-?(?:2-)?(1|256|384|512)$/i.exec(text ?? '')?.[1]
  return found === undefined ? undefined : `sha${found}`
}

/** 14, DHGroup14, PFS14, and the names that Azure has by length. */
function group(text: string | undefined): number | undefined {
  const named = /^(?:DHGroup|PFS|group)?([0-9]+)$/i.exec(text ?? '')?.[1]
  return groupsByLength.get(text ?? '') ?? (named === undefined ? undefined : Number(named))
}

const groupsByLength: ReadonlyMap<string, number> = new Map([
  ['ECP256', 19],
  ['ECP384', 20],
  ['PFSMM', 2],
  ['DHGroup2048', 14],
  ['PFS2048', 14],
])
