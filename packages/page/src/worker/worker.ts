import { config } from 'zod/mini'
import { Answers, traced } from '../answers/answers.ts'
import { nothing } from '../answers/given.ts'
import type { PartName } from '../answers/parts.ts'
import { helpAt, wordAt } from '../answers/plan-place.ts'
import { sheetOf } from '../answers/sheet.ts'
import { withGateways } from '../answers/with-gateways.ts'
import type { PartReply, Question, Reply } from './messages.ts'

// Where code from texts is forbidden, zod need not try it.
config({ jitless: true })

let answers = new Answers(nothing)
let newest = 0

addEventListener('message', ({ data }: MessageEvent<Question>) => {
  void answer(data).catch((error: unknown) => {
    reply({ kind: 'fault', id: data.id, message: error instanceof Error ? error.message : String(error) })
  })
})

async function answer(question: Question): Promise<void> {
  if (question.kind === 'packet') {
    reply({ kind: 'packet', id: question.id, trace: await traced(answers, question.packet) })
    return
  }
  if (question.kind === 'gateways') {
    reply({ kind: 'gateways', id: question.id, text: withGateways(question.text) })
    return
  }
  if (question.kind === 'files') {
    reply({ kind: 'files', id: question.id, files: await answers.files() })
    return
  }
  if (question.kind === 'sheet') {
    reply({ kind: 'sheet', id: question.id, sheet: await sheetOf(question.name, question.bytes) })
    return
  }
  if (question.kind === 'help') {
    reply({ kind: 'help', id: question.id, help: helpAt(question.text, question.at) })
    return
  }
  if (question.kind === 'word') {
    reply({ kind: 'word', id: question.id, word: wordAt(question.text, question.at) })
    return
  }
  newest = question.id
  answers = new Answers(question.given)
  const mine = answers
  const names = order(question.first)
  for (const name of names) {
    const isLast = name === names.at(-1)
    reply({ kind: 'part', id: question.id, name, part: await mine.part(name), isLast } as PartReply)
    await others()
    if (question.id !== newest) return
  }
}

/** The mapping is there at once, then what somebody looks at. */
function order(first: PartName): PartName[] {
  const names: PartName[] = ['plan', first, 'picture', 'running', 'mending', 'proof', 'gateways']
  return [...new Set(names)]
}

/** Lets messages in that came meanwhile: what is newer makes the rest of an answer worthless. */
function others(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}

function reply(message: Reply): void {
  postMessage(message)
}
