import type { MendedGateway, MendingPart } from '../answers/parts.ts'
import { CodeText } from './code-text.tsx'
import { Findings } from './findings.tsx'

/** What is to be entered on gateways that run, so that they do what is meant. */
export function Mending({ part, isPlanGiven }: { readonly part: MendingPart; readonly isPlanGiven: boolean }) {
  return (
    <>
      <p class="quiet">
        {isPlanGiven
          ? 'Both texts are held against the plan file, as natplan diff does.'
          : 'What is meant was read from the configurations themselves. Where they contradict each other, natplan had to choose: what it chose stands among what it says of them (IMPORT_INEXACT). To mean something else, go on with the plan file and change it there.'}
      </p>
      {part.gateways.map((gateway) => (
        <Gateway key={gateway.name} gateway={gateway} />
      ))}
      <Findings findings={part.findings} heading="About what is to be entered" />
    </>
  )
}

function Gateway({ gateway: { name, title, first, lines, says } }: { readonly gateway: MendedGateway }) {
  return (
    <section class="gateway mending">
      <h3>{title}</h3>
      {first !== undefined && (
        <CodeText
          label={`${title}: first, what makes natplan’s what was made by hand`}
          text={first}
          path={`${name}-first.txt`}
        />
      )}
      {says.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {lines !== undefined && lines !== '' && (
        <CodeText label={`${title}: to enter`} text={lines} path={`${name}-diff.txt`} />
      )}
    </section>
  )
}
