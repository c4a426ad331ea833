import { useState } from 'preact/hooks'

/** Larger files are none that somebody reads in a box. */
const largestFile = 50_000_000

/** A text that is typed, pasted, dropped or opened. */
export function TextBox({
  id,
  label,
  value,
  placeholder,
  hint,
  isTall = false,
  onText,
}: {
  readonly id: string
  readonly label: string
  readonly value: string
  readonly placeholder: string
  readonly hint: string
  readonly isTall?: boolean
  readonly onText: (text: string) => void
}) {
  const [isOver, setIsOver] = useState(false)
  const [said, setSaid] = useState('')
  const take = async (file: File | undefined) => {
    if (!file) return
    if (file.size > largestFile) {
      setSaid(`${file.name} is too large for a box`)
      return
    }
    setSaid('')
    onText(await file.text())
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
      <textarea
        id={id}
        class={isTall ? 'tall' : ''}
        value={value}
        placeholder={placeholder}
        spellcheck={false}
        autocomplete="off"
        aria-describedby={`${id}-hint`}
        onInput={(event) => onText(event.currentTarget.value)}
      />
      <p class="quiet" id={`${id}-hint`}>
        {hint}
      </p>
      <p role="status">{said}</p>
    </div>
  )
}
