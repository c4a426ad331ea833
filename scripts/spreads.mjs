// For the bundle of the command: objects that begin with those of another. V8 11, which Node.js 20 has, copies the other one in a form that has no
// room, and then takes microseconds for each key that is added; behind anything else, such as nothing, it takes the other's keys one by one.
import { parseSync, Visitor } from 'oxc-parser'

/** The same program with `{...null,...other,key}` for `{...other,key}`. */
export function withoutLeadingSpreads(program) {
  const found = parseSync('program.js', program, { sourceType: 'unambiguous' })
  if (found.errors.length > 0) throw new Error(`the bundle cannot be read: ${found.errors[0].message}`)
  const starts = []
  new Visitor({
    ObjectExpression({ properties: [first, ...others] }) {
      if (first?.type === 'SpreadElement' && others.length > 0) starts.push(first.start)
    },
  }).visit(found.program)
  const ends = [0, ...starts.sort((a, b) => a - b)]
  return ends.map((at, index) => program.slice(at, ends[index + 1])).join('...null,')
}
