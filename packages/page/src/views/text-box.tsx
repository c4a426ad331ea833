import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { WordHelp } from '../answers/plan-place.ts'
import type { Sheet } from '../answers/sheet.ts'
import { limits } from '../limits.ts'
import type { Mark } from '../marks.ts'
import { HoverCard } from './hover-card.tsx'
import { editButtonOf, LongText } from './long-text.tsx'
import { useRest } from './use-rest.ts'

/** A text that is typed, pasted, dropped or opened. */
export function TextBox({
  id,
  label,
  value,
  placeholder,
  hint,
  isTall = false,
  marks = [],
  onText,
  onWorkbook,
  onPlace,
  onRest,
  word,
}: {
  readonly id: string
  readonly label: string
  readonly value: string
  readonly placeholder: string
  readonly hint: string
  readonly isTall?: boolean
  /** What was found in it, underlined at its place. */
  readonly marks?: readonly Mark[]
  readonly onText: (text: string) => void
  /** Reads a workbook, where one may be given. */
  readonly onWorkbook?: (name: string, bytes: ArrayBuffer) => Promise<Sheet>
  /** Called when somebody goes to another place in the text. */
  readonly onPlace?: (text: string, at: number) => void
  /** Called when the pointer rests at a place in the text; `word` is what stands there. */
  readonly onRest?: (text: string, at: number) => void
  readonly word?: WordHelp | undefined
}) {
  const [isOver, setIsOver] = useState(false)
  const [said, setSaid] = useState('')
  const [isEdited, setIsEdited] = useState(false)
  const isLong = value.length > limits.fieldLetters.most && !isEdited
  const area = useRef<HTMLTextAreaElement>(null)
  const behind = useRef<HTMLDivElement>(null)
  const { rest, move, leave } = useRest(area, onRest)
  const follow = () => behind.current?.scrollTo(area.current?.scrollLeft ?? 0, area.current?.scrollTop ?? 0)
  useLayoutEffect(follow, [marks])
  const take = async (file: File | undefined) => {
    if (!file) return
    if (file.size > limits.fileBytes.most) {
      setSaid(`${file.name} is too large for a box`)
      return
    }
    const isZip = (await file.slice(0, 4).text()) === 'PK\u0003\u0004'
    const { text, said }: Sheet = isZip ? await sheetIn(file) : { text: await file.text(), said: '' }
    setSaid(said)
    if (text !== undefined) giveAll(text)
  }
  const sheetIn = async (file: File): Promise<Sheet> =>
    (await onWorkbook?.(file.name, await file.arrayBuffer())) ?? {
      text: undefined,
      said: `${file.name} is a workbook or an archive, but this box takes text; workbooks go into the two lists`,
    }
  /** A text that did not grow letter by letter. */
  const giveAll = (text: string) => {
    setIsEdited(false)
    onText(text)
  }
  const typed = (text: string) => {
    const isTyped = text.length - value.length <= limits.typedLetters.most
    setIsEdited(isTyped && (isEdited || text.length > limits.fieldLetters.most))
    onText(text)
  }
  /** Browsers enter a pasted text line by line, thousands of lines in a minute. */
  const paste = (event: ClipboardEvent & { readonly currentTarget: HTMLTextAreaElement }) => {
    const pasted = event.clipboardData?.getData('text/plain') ?? ''
    if (pasted.length <= limits.typedLetters.most) return
    const { selectionStart, selectionEnd } = event.currentTarget
    event.preventDefault()
    giveAll(value.slice(0, selectionStart) + pasted.replaceAll('\r\n', '\n') + value.slice(selectionEnd))
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what is dropped here can be opened by the button, too
    <div
      class={`box${isOver ? ' over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setIsOver(false)
        void take(event.dataTransfer?.files[0])
      }}
    >
      <div class="head">
        <label for={id}>{label}</label>
        <label class="open">
          Open a file
          <input
            type="file"
            aria-label={`Open a file: ${label}`}
            onChange={(event) => void take(event.currentTarget.files?.[0])}
          />
        </label>
      </div>
      {isLong ? (
        <LongText
          id={editButtonOf(id)}
          label={label}
          text={value}
          onEdit={() => setIsEdited(true)}
          onClear={() => onText('')}
        />
      ) : (
        <div class="field" onPointerMove={move} onPointerLeave={leave}>
          {marks.length > 0 && value.length <= limits.markedLetters.most && (
            <div class="marks" ref={behind} aria-hidden="true">
              <Marked text={value} marks={marks} />
            </div>
          )}
          <textarea
            id={id}
            class={isTall ? 'tall' : ''}
            value={value}
            placeholder={placeholder}
            spellcheck={false}
            autocomplete="off"
            aria-describedby={`${id}-hint`}
            onSelect={({ currentTarget }) => onPlace?.(currentTarget.value, currentTarget.selectionStart)}
            onScroll={() => {
              follow()
              leave()
            }}
            ref={area}
            onPaste={paste}
            onInput={({ currentTarget }) => {
              typed(currentTarget.value)
              onPlace?.(currentTarget.value, currentTarget.selectionStart)
            }}
          />
          {rest && <HoverCard rest={rest} word={word} marks={marks} />}
        </div>
      )}
      <p class="quiet" id={`${id}-hint`}>
        {hint}
      </p>
      <p role="status">{said}</p>
    </div>
  )
}

/** The text once more, invisible but for the lines below what was found. */
function Marked({ text, marks }: { readonly text: string; readonly marks: readonly Mark[] }) {
  let at = 0
  const pieces = marks.flatMap(({ from, to, severity }) => {
    const before = text.slice(at, from)
    at = to
    return [before, <span class={severity}>{text.slice(from, to)}</span>]
  })
  return (
    <pre>
      {pieces}
      {text.slice(at)}
      {'\n'}
    </pre>
  )
}
