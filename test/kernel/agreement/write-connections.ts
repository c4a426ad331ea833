import type { Prefix } from '@natplan/core'
import type { Child, Connection, GatewayState } from './network.ts'

/** swanctl.conf of a gateway. */
export function connectionsOf({ connections }: Pick<GatewayState, 'connections'>): string {
  const secrets = connections.filter(({ remote }) => remote !== undefined).map(secretOf)
  return `connections {\n${connections.map(connectionOf).join('')}}\nsecrets {\n${secrets.join('')}}\n`
}

function connectionOf({ name, local, localId, remote, remoteId, children }: Connection): string {
  const head =
    remote === undefined
      ? '    remote_addrs = 127.0.0.1\n'
      : `    version = 2
    local_addrs = ${local}
    remote_addrs = ${remote}
    proposals = aes128gcm16-prfsha256-ecp256
    mobike = no
    local {
      auth = psk
      id = "${localId}"
    }
    remote {
      auth = psk
      id = "${remoteId}"
    }
`
  return `  ${name} {\n${head}    children {\n${children.map(childOf).join('')}    }\n  }\n`
}

function childOf({ name, local, remote, mode, start, interfaceId }: Child): string {
  const bound = interfaceId === undefined ? [] : [`if_id_in = ${interfaceId}`, `if_id_out = ${interfaceId}`]
  const lines = [
    `local_ts = ${listOf(local)}`,
    `remote_ts = ${listOf(remote)}`,
    ...(mode === 'tunnel' ? ['esp_proposals = aes128gcm16-ecp256'] : [`mode = ${mode}`]),
    `start_action = ${start}`,
    ...bound,
  ]
  return `      ${name} {\n${lines.map((line) => `        ${line}\n`).join('')}      }\n`
}

function listOf(prefixes: readonly Prefix[]): string {
  return prefixes.join(', ')
}

function secretOf({ name, localId, remoteId }: Connection): string {
  return `  ike-${name} {
    id-local = "${localId}"
    id-remote = "${remoteId}"
    secret = "EXAMPLE-ONLY-0123456789abcdef"
  }
`
}

/** strongSwan's own settings: only what tunnels need is loaded, and a message without an answer is soon sent again. */
export function daemonSettings({ installRoutes }: Pick<GatewayState, 'installRoutes'>): string {
  return `charon {
  load = random nonce aes sha1 sha2 hmac kdf gcm openssl kernel-netlink socket-default vici
  install_routes = ${installRoutes ? 'yes' : 'no'}
  retransmit_timeout = 0.5
  retransmit_base = 1.2
  retransmit_tries = 20
  filelog {
    stderr {
      default = 1
    }
  }
}
swanctl {
  load = random nonce
}
`
}
