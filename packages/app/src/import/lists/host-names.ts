import type { Given, Imported, Source } from '../imported.ts'
import { wholeText } from './whole-text.ts'

/** Names of hosts; a plan file has no place for them, so that they are counted and left out. */
export const hostNames: Source = {
  name: 'hosts',
  about: '/etc/hosts and zone files (their names are left out)',
  recognises: ({ text }) => isZone(text) || isHosts(text),
  read: async (given) => {
    const leftOut = await Promise.all(given.map(namesOf))
    return { network: { sites: {} }, reasons: [], leftOut: leftOut.flat(), findings: [] }
  },
}

const record = /^\S*\s+(\d+\s+)?(IN\s+)?(\d+\s+)?(A|AAAA)\s+[0-9a-f.:]+/i
const hostLine = /^\s*[0-9a-f]*[.:][0-9a-f.:]*(\s+[\w-]*[A-Za-z][\w.-]*)+\s*(#.*)?$/

function isZone(text: string): boolean {
  return /^\$(ORIGIN|TTL)\s/m.test(text) || /\sIN\s+SOA\s/.test(text)
}

/** Every whole line that says something is an address and names. */
function isHosts(text: string): boolean {
  const lines = text.split('\n', 50).filter((line) => /^\s*[^#\s]/.test(line))
  return lines.length > 0 && lines.slice(0, Math.max(1, lines.length - 1)).every((line) => hostLine.test(line))
}

async function namesOf({ text: pieces }: Given): Promise<Imported['leftOut']> {
  const text = await wholeText(pieces)
  const form = isZone(text) ? record : hostLine
  const lines = text.split('\n').flatMap((line, index) => (form.test(line) ? [index + 1] : []))
  const [line] = lines
  if (line === undefined) return []
  return [{ what: 'names of hosts, for which a plan file has no place', count: lines.length, file: pieces.name, line }]
}
