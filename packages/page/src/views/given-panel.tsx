import { fileNames, type Given, isNothing, nothing } from '../answers/given.ts'
import type { Told } from '../answers/told.ts'
import { examples, twoNetworks } from '../examples.ts'
import { linkOf } from '../link.ts'
import { fixed, fixOf, type Mark, marksIn } from '../marks.ts'
import type { State, Store } from '../store.ts'
import { zipOf } from '../zip.ts'
import { CopyButton } from './copy-button.tsx'
import { download } from './download.ts'
import { Findings } from './findings.tsx'
import { LiveLine } from './live-line.tsx'
import { editButtonOf } from './long-text.tsx'
import { PlanHelp } from './plan-help.tsx'
import { Scroller } from './scroller.tsx'
import { TextBox } from './text-box.tsx'

interface Shown {
  readonly store: Store
  readonly state: State
}

/** What somebody has: two lists, and what they say as a plan file. */
export function GivenPanel({ store, state }: Shown) {
  const { given, parts } = state
  const findings = parts.plan?.findings ?? []
  return (
    <section class="given" aria-labelledby="given-heading">
      <h2 id="given-heading">What you have</h2>
      <Tools store={store} state={state} />
      <LiveLine store={store} state={state} />
      {given.plan === undefined ? <Networks store={store} state={state} /> : <PlanFile store={store} state={state} />}
      {!isNothing(given) && (
        <Findings findings={findings} onShow={showIn} fixFor={(finding) => fixFor(finding, given, store)} />
      )}
      {given.plan !== undefined && <PlanHelp help={state.help} box={fileNames.plan} marks={marksOf(state, 'plan')} />}
      {(parts.plan?.notes ?? []).map((note) => (
        <p key={note} class="quiet">
          {note}
        </p>
      ))}
    </section>
  )
}

const texts = {
  [fileNames.plan]: 'plan',
  [fileNames.lock]: 'lock',
  [fileNames.ours]: 'ours',
  [fileNames.theirs]: 'theirs',
} as const

/** The text that a finding is in, by its name in messages. */
function keyOf(document: string): keyof Given | undefined {
  return Object.hasOwn(texts, document) ? texts[document as keyof typeof texts] : undefined
}

function fixFor(finding: Told, given: Given, store: Store) {
  const key = keyOf(finding.document)
  const text = key && given[key]
  const fix = text === undefined ? undefined : fixOf(text, finding)
  if (!key || text === undefined || !fix) return undefined
  return { label: `Write ${fix.insert}`, apply: () => store.give({ [key]: fixed(text, fix) }) }
}

/** What was found in one of the texts, while it still is that text. */
function marksOf({ given, parts, isCurrent }: State, key: keyof Given): readonly Mark[] {
  if (!isCurrent && parts.plan?.text !== given.plan) return []
  const findings = parts.plan?.findings.filter(({ document }) => keyOf(document) === key) ?? []
  return marksIn(given[key] ?? '', findings)
}

function Tools({ store, state }: Shown) {
  const { given, canUndo, canRedo, parts } = state
  const open = (name: string) => {
    const example = examples.find((one) => one.name === name)
    if (example) store.give(example.given)
  }
  return (
    <div class="tools">
      <label>
        Example{' '}
        <select
          value=""
          onChange={(event) => {
            open(event.currentTarget.value)
            event.currentTarget.value = ''
          }}
        >
          <option value="">choose …</option>
          {examples.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button type="button" onClick={() => store.undo()} disabled={!canUndo}>
        Undo
      </button>
      <button type="button" onClick={() => store.redo()} disabled={!canRedo}>
        Redo
      </button>
      {!isNothing(given) && (
        <>
          {parts.plan?.isPrivate ? null : <LinkButton given={given} />}
          <button
            type="button"
            onClick={async () => download('natplan.zip', zipOf(await store.files()))}
            disabled={parts.plan?.text === undefined}
          >
            Download all
          </button>
          <button type="button" onClick={() => store.give(nothing)}>
            Start anew
          </button>
          <KeepBox store={store} state={state} />
        </>
      )}
    </div>
  )
}

/** Nothing is kept unless somebody asks for it. */
function KeepBox({ store, state: { keeping, parts } }: Shown) {
  if (keeping === 'impossible') return null
  if (parts.plan?.isPrivate) return <span class="quiet">Configurations may hold keys: not kept.</span>
  return (
    <>
      <label>
        <input
          type="checkbox"
          checked={keeping === 'yes'}
          onChange={(event) => store.keep(event.currentTarget.checked)}
        />{' '}
        Keep in this browser
      </label>
      {keeping === 'full' && <span role="status">It is too long to be kept.</span>}
    </>
  )
}

function LinkButton({ given }: { readonly given: Given }) {
  const address = async () => {
    const link = `${location.href.split('#', 1)[0]}${await linkOf(given)}`
    history.replaceState(undefined, '', link)
    return link
  }
  return (
    <CopyButton label="that holds all of it" text={address}>
      Copy link
    </CopyButton>
  )
}

const accepted =
  'A list, CIDR, CSV, a workbook, “show ip route”, exports of clouds and address managers, or the running configuration of a gateway. Drop a file here.'

function Networks({ store, state }: Shown) {
  const { given, parts } = state
  const { text } = parts.plan ?? {}
  return (
    <>
      <TextBox
        id={fileNames.ours}
        label="Our subnets"
        value={given.ours}
        placeholder={'10.0.1.0/27\n10.20.0.0/16'}
        hint={accepted}
        marks={marksOf(state, 'ours')}
        onText={(ours) => store.give({ ours })}
        onWorkbook={(name, bytes) => store.sheet(name, bytes)}
      />
      <TextBox
        id={fileNames.theirs}
        label="Theirs"
        value={given.theirs}
        placeholder="10.0.1.0/24"
        hint="The same, of the other side."
        marks={marksOf(state, 'theirs')}
        onText={(theirs) => store.give({ theirs })}
        onWorkbook={(name, bytes) => store.sheet(name, bytes)}
      />
      {isNothing(given) && (
        <p>
          <button type="button" class="main" onClick={() => store.give(twoNetworks)}>
            Show me with two networks that collide
          </button>
        </p>
      )}
      {text !== undefined && <Grow store={store} text={text} />}
    </>
  )
}

/** The two lists as a plan file, which can say more. */
function Grow({ store, text }: { readonly store: Store; readonly text: string }) {
  return (
    <details class="grow">
      <summary>The same as a plan file</summary>
      <p>It can say more: names, gateways, tunnels, clusters, what must stay as it is.</p>
      <button type="button" class="main" onClick={() => store.take(text)}>
        Go on with the plan file
      </button>{' '}
      <button type="button" onClick={() => store.grow(text)}>
        … and describe the gateways
      </button>
      <Scroller label="The plan file so far">
        <pre>{text}</pre>
      </Scroller>
    </details>
  )
}

function PlanFile({ store, state }: Shown) {
  const { given } = state
  return (
    <>
      <TextBox
        id={fileNames.plan}
        label="The plan file"
        value={given.plan ?? ''}
        placeholder={'version: 1\nsites:\n  …'}
        hint="Everything natplan.yaml can say; drop a file here to open it."
        isTall
        marks={marksOf(state, 'plan')}
        onText={(plan) => store.give({ plan })}
        onPlace={(text, at) => store.askHelp(text, at)}
        onRest={(text, at) => store.askWord(text, at)}
        word={state.word}
      />
      <details>
        <summary>Its lock</summary>
        <TextBox
          id={fileNames.lock}
          label="natplan.lock.yaml"
          value={given.lock ?? ''}
          placeholder="empty: nothing was allocated yet"
          hint="What was allocated before stays as it is."
          marks={marksOf(state, 'lock')}
          onText={(lock) => store.give({ lock: lock.trim() === '' ? undefined : lock })}
        />
      </details>
      <button type="button" onClick={() => store.give({ plan: undefined, lock: undefined })}>
        Back to two lists
      </button>
    </>
  )
}

/** Shows where something was found: the line is selected in its text. */
function showIn({ document: name, line }: Told): void {
  const edit = document.getElementById(editButtonOf(name))
  edit?.click()
  // The field is there once the click was answered.
  if (edit) setTimeout(() => select(name, line))
  else select(name, line)
}

function select(name: string, line: number | undefined): void {
  const box = [...document.querySelectorAll('textarea')].find(({ id }) => id === name)
  if (!box || line === undefined) return
  const lines = box.value.split('\n')
  const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0)
  box.closest('details')?.setAttribute('open', '')
  box.focus()
  box.setSelectionRange(start, start + (lines[line - 1] ?? '').length)
  box.scrollTop = (box.scrollHeight / lines.length) * Math.max(0, line - 4)
}
