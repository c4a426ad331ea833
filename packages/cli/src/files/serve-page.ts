import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { randomName } from './random-name.ts'

export interface ServedPage {
  readonly address: string
  /** When somebody ends it. */
  readonly ended: Promise<unknown>
}

/** What one address gives. */
interface Given {
  readonly type: string
  readonly body: string
}

/**
 * Gives a page to browsers of this machine that know its address, which cannot be guessed. Another name of the machine is refused: a
 * page of somebody else could have it lead here. `live` is what the page asks for again and again, as JSON; without it the page asks for nothing.
 */
export async function servePage(html: string, live?: () => object): Promise<ServedPage> {
  const path = `/${randomName(16)}/`
  const page = { type: 'text/html; charset=utf-8', body: live ? withLive(html) : html }
  const given = (request: IncomingMessage): Given | undefined => {
    const { url, method, headers } = request
    if ((method !== 'GET' && method !== 'HEAD') || headers.host !== host()) return undefined
    if (url === path) return page
    if (!live || url !== `${path}${livePlace}` || isOfOthers(request)) return undefined
    return { type: 'application/json', body: JSON.stringify(live()) }
  }
  const server = createServer((request, response) => {
    const { type = 'text/plain', body = 'not found' } = given(request) ?? {}
    const tag = `"${createHash('sha256').update(body).digest('hex')}"`
    const isKnown = type !== 'text/plain'
    const isSame = isKnown && request.headers['if-none-match'] === tag
    response.writeHead(!isKnown ? 404 : isSame ? 304 : 200, {
      'Content-Type': type,
      'Cache-Control': 'no-store',
      ...(isKnown ? { ETag: tag } : {}),
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Resource-Policy': 'same-origin',
    })
    response.end(isSame ? undefined : body)
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

/** Beside the page. */
const livePlace = 'plan'

/** Browsers say whether the page that asks is of the same origin; other programs say nothing. */
function isOfOthers({ headers }: IncomingMessage): boolean {
  const from = headers['sec-fetch-site']
  return from !== undefined && from !== 'same-origin'
}

/** The page with the place to ask, and with a policy that lets it ask there. */
function withLive(html: string): string {
  const policy = `content="default-src 'none'; `
  if (!html.includes(policy)) throw new Error('the page has no policy to widen')
  return html
    .replace(policy, `${policy}connect-src 'self'; `)
    .replace('</title>', `</title>\n<meta name="natplan-live" content="${livePlace}">`)
}
