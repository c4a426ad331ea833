import { useEffect, useState } from 'preact/hooks'
import type { PacketQuestion, PlanPart, TracePart } from '../answers/parts.ts'
import type { Told } from '../answers/told.ts'
import type { Store } from '../store.ts'
import { DataTable } from './data-table.tsx'
import { Findings } from './findings.tsx'
import { isTitleOf, ZoomedPicture } from './picture-view.tsx'

const switches = [
  ['withoutRoutes', 'The nodes lack natplan’s routes'],
  ['tunnelsDown', 'The tunnel is down'],
  ['strictFilter', 'The nodes filter strictly by reverse path'],
] as const

/** One packet, there and back, and where it dies when something is broken. */
export function TraceView({
  store,
  trace,
  document,
  picture,
}: {
  readonly store: Store
  readonly trace: TracePart | Told | undefined
  readonly document: PlanPart['document']
  readonly picture: string | undefined
}) {
  const [asked, setAsked] = useState<PacketQuestion>(() => firstPacket(document))
  const [end, setEnd] = useState<'source' | 'destination'>('source')
  const set = (change: Partial<PacketQuestion>) => setAsked((now) => ({ ...now, ...change }))
  const hosts = hostsOf(document)
  useEffect(() => {
    const isKnown = hosts.some(([site]) => asked.source.startsWith(`${site}:`))
    if (hosts.length > 0 && !isKnown && asked.source.includes(':'))
      setAsked({ ...firstPacket(document), ...brokenIn(asked) })
    else store.ask(asked)
  }, [store, asked, document])
  const click = (title: string) => {
    const host = hosts.find(([site]) => isTitleOf(title, site))?.[1]
    if (host === undefined) return
    set({ [end]: host })
    setEnd(end === 'source' ? 'destination' : 'source')
  }
  return (
    <>
      {picture !== undefined && (
        <details>
          <summary>Choose in the picture</summary>
          <p role="status">Click the site that {end === 'source' ? 'sends' : 'is called'}.</p>
          <ZoomedPicture svg={picture} onSite={click} />
        </details>
      )}
      <datalist id="hosts">
        {hosts.map(([, host]) => (
          <option key={host} value={host} />
        ))}
      </datalist>
      <div class="trace">
        <Field label="From" hint="SITE:ADDRESS" value={asked.source} onValue={(source) => set({ source })} />
        <Field
          label="To"
          hint="as the source calls it, or SITE:ADDRESS"
          value={asked.destination}
          onValue={(destination) => set({ destination })}
        />
        <label>
          Protocol{' '}
          <select value={asked.proto} onChange={(event) => set({ proto: event.currentTarget.value })}>
            {['tcp', 'udp', 'icmp', 'any'].map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <fieldset>
          <legend>Break something</legend>
          {switches.map(([name, label]) => (
            <label key={name}>
              <input
                type="checkbox"
                checked={asked[name]}
                onChange={(event) => set({ [name]: event.currentTarget.checked })}
              />{' '}
              {label}
            </label>
          ))}
        </fieldset>
      </div>
      {trace && <Traced trace={trace} />}
    </>
  )
}

function Traced({ trace }: { readonly trace: TracePart | Told }) {
  if ('code' in trace) return <Findings findings={[trace]} heading="No packet" />
  return (
    <>
      <p class={`verdict ${trace.isGood ? 'proven' : 'fault'}`} role="status">
        {trace.title}
      </p>
      <ZoomedPicture svg={trace.svg} />
      {trace.tables.map((table) => (
        <DataTable key={table.title} table={table} />
      ))}
    </>
  )
}

function Field({
  label,
  hint,
  value,
  onValue,
}: {
  readonly label: string
  readonly hint: string
  readonly value: string
  readonly onValue: (value: string) => void
}) {
  return (
    <label>
      {label} <span class="quiet">({hint})</span>
      <input
        type="text"
        value={value}
        list="hosts"
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </label>
  )
}

function brokenIn({ tunnelsDown, withoutRoutes, strictFilter }: PacketQuestion) {
  return { tunnelsDown, withoutRoutes, strictFilter }
}

/** From the first site that sees another to what it sees there. */
function firstPacket(document: PlanPart['document']): PacketQuestion {
  const [first] = document?.sees ?? []
  const own = document?.sees.find(({ peer }) => peer === first?.site)
  const broken = { tunnelsDown: false, withoutRoutes: false, strictFilter: false }
  if (!first || !own) return { source: '', destination: '', proto: 'tcp', ...broken }
  return { source: `${first.site}:${hostIn(own.real)}`, destination: hostIn(first.visible), proto: 'tcp', ...broken }
}

/** A host of each site that somebody sees, as `SITE:ADDRESS`. */
function hostsOf(document: PlanPart['document']): [string, string][] {
  const seen = (document?.sees ?? []).map(({ peer, real }) => [peer, `${peer}:${hostIn(real)}`] as const)
  return [...new Map(seen.toReversed())]
}

/** A host of a prefix, for an example. */
function hostIn(prefix: string): string {
  const [address = '', length = ''] = prefix.split('/')
  if (address.includes(':')) return address.endsWith('::') ? `${address}5` : address
  const step = Number(length) > 29 ? 0 : 5
  return address.replace(/\d+$/, (last) => String(Number(last) + step))
}
