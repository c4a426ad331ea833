import { useState } from 'preact/hooks'
import type { GatewayTexts } from '../answers/parts.ts'
import { CodeText } from './code-text.tsx'
import { Tabs } from './tabs.tsx'

/** What is entered on one gateway or cluster: to configure it, to check it, to go back. */
export function GatewayTabs({ gateway: { title, texts } }: { readonly gateway: GatewayTexts }) {
  const [chosen, setChosen] = useState(texts[0]?.name ?? '')
  const shown = texts.find(({ name }) => name === chosen) ?? texts[0]
  return (
    <section class="gateway">
      <h3>{title}</h3>
      {shown && (
        <Tabs
          label={title}
          tabs={texts.map(({ name }) => ({ id: name, name }))}
          chosen={shown.name}
          onChoose={setChosen}
        >
          <CodeText
            label={`${title}, ${shown.name}`}
            text={shown.text}
            path={shown.path.split('/').at(-1) ?? shown.path}
          />
        </Tabs>
      )}
    </section>
  )
}
