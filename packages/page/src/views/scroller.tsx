import type { ComponentChildren } from 'preact'

/** What may be wider or longer than its place; the keyboard reaches it to move it. */
export function Scroller({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not move what is in it
    <section class="scroll" tabIndex={0} aria-label={label}>
      {children}
    </section>
  )
}
