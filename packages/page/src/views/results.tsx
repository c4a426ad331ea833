import type { Table } from '@natplan/app'
import { useState } from 'preact/hooks'
import { isNothing } from '../answers/given.ts'
import type { GatewaysPart, PartName, ProofPart, RunningPart } from '../answers/parts.ts'
import type { State, Store } from '../store.ts'
import { CodeText } from './code-text.tsx'
import { DataTable } from './data-table.tsx'
import { Findings } from './findings.tsx'
import { GatewayTabs } from './gateway-tabs.tsx'
import { Mending } from './mending.tsx'
import { PictureView } from './picture-view.tsx'
import { type Tab, Tabs } from './tabs.tsx'
import { TraceView } from './trace-view.tsx'

type View = Tab & { readonly part: PartName; readonly content: () => preact.ComponentChildren }

/** What follows from what is given, one view at a time. */
export function Results({ store, state }: { readonly store: Store; readonly state: State }) {
  const [chosen, setChosen] = useState('mapping')
  const views = viewsOf(store, state)
  const current = views.find(({ id }) => id === chosen) ?? views[0]
  return (
    <section class="results" aria-labelledby="results-heading" aria-busy={!state.isCurrent}>
      <h2 id="results-heading">What happens</h2>
      <p class="summary" role="status">
        {summaryOf(state)}
      </p>
      {current && !isNothing(state.given) && (
        <Tabs
          label="Results"
          tabs={views}
          chosen={current.id}
          onChoose={(id) => {
            setChosen(id)
            store.look(views.find((view) => view.id === id)?.part ?? 'plan')
          }}
        >
          {current.content()}
        </Tabs>
      )}
    </section>
  )
}

function viewsOf(store: Store, state: State): View[] {
  const { parts, trace } = state
  const { plan, picture, gateways, proof, running, mending } = parts
  const views: (View | undefined)[] = [
    running && { id: 'running', name: 'As they run', part: 'running', content: () => <Running part={running} /> },
    mending && {
      id: 'mending',
      name: 'What to enter',
      part: 'mending',
      content: () => <Mending part={mending} isPlanGiven={state.given.plan !== undefined} />,
    },
    {
      id: 'mapping',
      name: 'Mapping',
      part: 'plan',
      content: () => (
        <Tables tables={[...(plan?.mapping ?? []), ...(plan?.overlaps ?? []), ...(plan?.changes ?? [])]} />
      ),
    },
    picture && {
      id: 'picture',
      name: 'Picture',
      part: 'picture',
      content: () => <PictureView svg={picture.svg} sights={plan?.sights ?? []} sites={plan?.sites ?? []} />,
    },
    plan?.document && {
      id: 'sights',
      name: 'Who calls what',
      part: 'plan',
      content: () => <Tables tables={plan.sights} />,
    },
    gateways && {
      id: 'gateways',
      name: 'Gateways',
      part: 'gateways',
      content: () => <Gateways store={store} part={gateways} text={plan?.text} />,
    },
    proof && { id: 'proof', name: 'Proof', part: 'proof', content: () => <Proof part={proof} /> },
    proof && {
      id: 'trace',
      name: 'Trace',
      part: 'plan',
      content: () => <TraceView store={store} trace={trace} document={plan?.document} picture={picture?.svg} />,
    },
  ]
  return views.filter((view) => view !== undefined)
}

function summaryOf({ given, parts, isCurrent }: State): string {
  if (isNothing(given)) return 'Give two networks, or open an example.'
  const { plan } = parts
  if (!plan) return 'Computing …'
  const errors = plan.findings.filter(({ severity }) => severity === 'error').length
  if (errors > 0) return `${count(errors, 'error')} to mend first.`
  if (!plan.document) return plan.overlaps[0]?.rows.length ? 'Compared.' : 'Nothing to plan with yet.'
  const { mappings, overlaps } = plan.document
  const pairs = overlaps.reduce((sum, one) => sum + one.pairs, 0)
  const found =
    pairs === 0
      ? 'No two networks use the same addresses.'
      : `${count(pairs, 'pair')} of networks use the same addresses; ${count(mappings.length, 'subnet')} ${mappings.length === 1 ? 'gets another name' : 'get other names'}.`
  return `${found} ${isCurrent ? proofText(parts.proof, parts.running) : ''}`.trim()
}

function proofText(proof: ProofPart | undefined, running: RunningPart | undefined): string {
  if (!proof || proof.document.tunnels.length === 0) return ''
  if (running && running.document.result !== 'proven')
    return running.document.result === 'fault'
      ? 'As the gateways run, not everything arrives.'
      : 'It is not known whether everything arrives as the gateways run.'
  return {
    proven: 'It is proven that every packet that is meant to arrive does, and its answer.',
    fault: 'Not everything arrives: see the proof.',
    unknown: 'It is not known whether everything arrives: see the proof.',
  }[proof.document.result]
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`
}

function Tables({ tables }: { readonly tables: readonly Table[] }) {
  return (
    <>
      {tables.map((table) => (
        <DataTable key={table.title} table={table} />
      ))}
    </>
  )
}

function Proof({ part }: { readonly part: ProofPart }) {
  return (
    <>
      <Tables tables={part.tables} />
      <Findings findings={part.findings} heading="What the verifier found" />
    </>
  )
}

/** Two configurations as they run today. */
function Running({ part }: { readonly part: RunningPart }) {
  const words = {
    proven: 'Every packet that is meant to arrive does, and its answer.',
    fault: 'Not everything arrives.',
    unknown: 'It is not known whether everything arrives.',
  }
  return (
    <>
      <p class={`verdict ${part.document.result}`}>{words[part.document.result]}</p>
      <Proof part={part} />
      {part.texts.map(({ name, text, marked }) => (
        <CodeText key={name} label={`The configuration of ${name}`} text={text} marked={marked} />
      ))}
    </>
  )
}

function Gateways({
  store,
  part,
  text,
}: {
  readonly store: Store
  readonly part: GatewaysPart
  readonly text: string | undefined
}) {
  const all = [...part.gateways, ...part.clusters]
  return (
    <>
      {all.length === 0 && (
        <>
          <p>The plan describes no gateway yet, so there is nothing to configure.</p>
          {text !== undefined && (
            <button type="button" class="main" onClick={() => store.grow(text)}>
              Describe the gateways
            </button>
          )}
        </>
      )}
      {part.gateways.length > 0 && (
        <p class="quiet">
          Keys are never asked for: each stands as a comment in its place, such that the device refuses to commit
          without it.
        </p>
      )}
      {all.map((gateway) => (
        <GatewayTabs key={gateway.title} gateway={gateway} />
      ))}
      <Findings findings={part.findings} heading="About the gateways" />
    </>
  )
}
