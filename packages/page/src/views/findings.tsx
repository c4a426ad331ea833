import type { Told } from '../answers/told.ts'

const words = { error: 'Error', risk: 'Risk', note: 'Note' } as const

const order = { error: 0, risk: 1, note: 2 } as const

/** What is wrong or worth knowing, the worst first, each with its place and what to do. */
export function Findings({
  findings,
  heading = 'What natplan says of it',
  onShow,
  fixFor,
}: {
  readonly findings: readonly Told[]
  readonly heading?: string
  readonly onShow?: (finding: Told) => void
  /** What mends it, where that is known. */
  readonly fixFor?: (finding: Told) => { readonly label: string; readonly apply: () => void } | undefined
}) {
  if (findings.length === 0) return null
  const sorted = findings.toSorted((one, other) => order[one.severity] - order[other.severity])
  return (
    <section aria-label={heading}>
      <h3>{heading}</h3>
      <ul class="findings">
        {sorted.map((finding) => (
          <li key={JSON.stringify(finding)} class={finding.severity}>
            <p>
              <strong>{words[finding.severity]}</strong> <code>{finding.code}</code>{' '}
              <Where finding={finding} onShow={onShow} />
            </p>
            <p>{finding.message}</p>
            {(finding.related ?? []).map((place) => (
              <p key={JSON.stringify(place)} class="quiet">
                <Where finding={{ ...finding, ...place }} onShow={onShow} /> {place.message}
              </p>
            ))}
            {finding.hint !== undefined && <p class="hint">{finding.hint}</p>}
            <FixButton fix={fixFor?.(finding)} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Where({
  finding,
  onShow,
}: {
  readonly finding: Told
  readonly onShow: ((finding: Told) => void) | undefined
}) {
  const { document, line, path } = finding
  const place = line === undefined ? `${document}${path === '' ? '' : ` ${path}`}` : `${document}:${line}`
  if (!onShow || line === undefined) return <span class="quiet">{place}</span>
  return (
    <button type="button" class="link" onClick={() => onShow(finding)}>
      {place}
    </button>
  )
}

function FixButton({ fix }: { readonly fix: { readonly label: string; readonly apply: () => void } | undefined }) {
  if (!fix) return null
  return (
    <button type="button" onClick={fix.apply}>
      {fix.label}
    </button>
  )
}
