import type { MarkedLine } from '../answers/parts.ts'
import { limits } from '../limits.ts'
import { CopyButton } from './copy-button.tsx'
import { download } from './download.ts'
import { Scroller } from './scroller.tsx'

const piece = /(?<comment>(?:^|\s)#.*$)|(?<quoted>'[^'\n]*'|"[^"\n]*")|(?<address>\b\d+\.\d+\.\d+\.\d+(?:\/\d+)?\b)/gm

/** Lines for a device or a cluster, with colours, to copy and to keep. */
export function CodeText({
  label,
  text,
  path,
  marked = [],
}: {
  readonly label: string
  readonly text: string
  readonly path?: string
  readonly marked?: readonly MarkedLine[]
}) {
  return (
    <div class="code">
      <div class="head">
        <h4>{label}</h4>
        <CopyButton label={label} text={() => text} />
        {path !== undefined && (
          <button type="button" aria-label={`Download ${path}`} onClick={() => download(path, text)}>
            Download
          </button>
        )}
      </div>
      <Scroller label={label}>
        <pre>{marked.length > 0 ? <MarkedText text={text} marked={marked} /> : <Coloured text={text} />}</pre>
      </Scroller>
    </div>
  )
}

function Coloured({ text }: { readonly text: string }) {
  if (text.length > limits.markedLetters.most) return <>{text}</>
  const parts = []
  let at = 0
  for (const { index, 0: found, groups = {} } of text.matchAll(piece)) {
    const kind = groups['comment'] !== undefined ? 'comment' : groups['quoted'] !== undefined ? 'quoted' : 'address'
    parts.push(text.slice(at, index), <span class={kind}>{found}</span>)
    at = index + found.length
  }
  return (
    <>
      {parts}
      {text.slice(at)}
    </>
  )
}

function MarkedText({ text, marked }: { readonly text: string; readonly marked: readonly MarkedLine[] }) {
  return (
    <ol>
      {text.split('\n').map((line, index) => {
        const said = marked.filter((one) => one.line === index + 1)
        return (
          <li key={index} class={said[0]?.severity}>
            {line}
            {said.map(({ message }) => (
              <em key={message}>{message}</em>
            ))}
          </li>
        )
      })}
    </ol>
  )
}
