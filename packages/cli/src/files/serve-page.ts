import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ServedPage {
  readonly address: string
  /** When somebody ends it. */
  readonly ended: Promise<unknown>
}

/**
 * Gives a page to browsers of this machine that know its address, which cannot be guessed. Another name of the machine is refused: a
 * page of somebody else could have it lead here.
 */
export async function servePage(html: string): Promise<ServedPage> {
  const path = `/${randomBytes(16).toString('hex')}/`
  const server = createServer(({ url, method, headers }, response) => {
    const isKnown = url === path && (method === 'GET' || method === 'HEAD') && headers.host === host()
    response.writeHead(isKnown ? 200 : 404, {
      'Content-Type': isKnown ? 'text/html; charset=utf-8' : 'text/plain',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Resource-Policy': 'same-origin',
    })
    response.end(isKnown ? html : 'not found')
  })
  const host = () => `127.0.0.1:${(server.address() as AddressInfo).port}`
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const ended = Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal))).then(() => {
    server.close()
    server.closeAllConnections()
  })
  return { address: `http://${host()}${path}`, ended }
}
