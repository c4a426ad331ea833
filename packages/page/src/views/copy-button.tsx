import { useState } from 'preact/hooks'

/** Copies a text; `label` says what to those who hear it. */
export function CopyButton({
  text,
  label,
  children,
}: {
  readonly text: () => string | Promise<string>
  readonly label: string
  readonly children?: string
}) {
  const [said, setSaid] = useState('')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(await text())
      setSaid('Copied')
    } catch {
      setSaid('Not allowed')
    }
    setTimeout(() => setSaid(''), 2000)
  }
  return (
    <button type="button" aria-label={said === '' ? `${children ?? 'Copy'} ${label}` : said} onClick={copy}>
      {said === '' ? (children ?? 'Copy') : said}
    </button>
  )
}
