import { NatplanError } from '@natplan/core'
import Handlebars from 'handlebars'

type Node = hbs.AST.Node

/** The only helper: every value goes through it. */
export const valueHelper = 'v'

/** The block helpers that a template may use. */
export const blockHelpers = ['each', 'if', 'unless'] as const

/** The hash key that `markBareValues` gives to values outside quotes; templates themselves have no hash. */
export const bareMark = 'bare'

/**
 * The parsed template. Reports what no template may have: values outside the checking helper, helpers other than the few, partials, raw output.
 * @throws NatplanError TEMPLATE_WRONG, with the line
 */
export function checkTemplate(text: string): hbs.AST.Program {
  let program: hbs.AST.Program
  try {
    program = Handlebars.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : 'it cannot be parsed'
    throw new NatplanError('TEMPLATE_WRONG', `the template has wrong syntax: ${reason}`)
  }
  checkProgram(program)
  return program
}

/** Marks each value that is not between quotes of that kind; quotes do not reach over the end of a line. */
export function markBareValues(program: hbs.AST.Program, quote: "'" | '`'): void {
  let isQuoted = false
  const visit = (statements: readonly hbs.AST.Statement[] = []) => {
    for (const statement of statements) {
      if (statement.type === 'ContentStatement') {
        isQuoted = quotedBehind((statement as hbs.AST.ContentStatement).value, { quote, isQuotedBefore: isQuoted })
      } else if (statement.type === 'MustacheStatement') {
        if (!isQuoted) mark(statement as hbs.AST.MustacheStatement)
      } else if (statement.type === 'BlockStatement') {
        const { program: inner, inverse } = statement as hbs.AST.BlockStatement
        visit(inner?.body)
        visit(inverse?.body)
      }
    }
  }
  visit(program.body)
}

function quotedBehind(
  text: string,
  { quote, isQuotedBefore }: { readonly quote: string; readonly isQuotedBefore: boolean },
): boolean {
  const line = text.slice(text.lastIndexOf('\n') + 1)
  const quotes = line.split(quote).length - 1
  const isQuotedAtStart = line.length === text.length && isQuotedBefore
  return quotes % 2 === 1 ? !isQuotedAtStart : isQuotedAtStart
}

function mark(statement: hbs.AST.MustacheStatement): void {
  const value: hbs.AST.BooleanLiteral = { type: 'BooleanLiteral', value: true, original: true, loc: statement.loc }
  const pair: hbs.AST.HashPair = { type: 'HashPair', key: bareMark, value, loc: statement.loc }
  statement.hash = { type: 'Hash', pairs: [pair], loc: statement.loc }
}

function checkProgram(program: hbs.AST.Program | undefined): void {
  for (const statement of program?.body ?? []) checkStatement(statement)
}

function checkStatement(statement: hbs.AST.Statement): void {
  const { type } = statement
  if (type === 'MustacheStatement') checkValue(statement as hbs.AST.MustacheStatement)
  else if (type === 'BlockStatement') checkBlock(statement as hbs.AST.BlockStatement)
  else if (type !== 'ContentStatement' && type !== 'CommentStatement')
    throw wrong(statement, `a template has no ${type}`)
}

function checkValue(statement: hbs.AST.MustacheStatement): void {
  const { path, params, hash } = statement
  const isChecked = nameOf(path) === valueHelper && params.length === 1 && hash === undefined
  if (!isChecked || nameOf(params[0]) === undefined) {
    throw wrong(statement, `a value is printed with {{${valueHelper} name}}, nothing else is`)
  }
}

function checkBlock(statement: hbs.AST.BlockStatement): void {
  const helper = nameOf(statement.path)
  const isKnown = blockHelpers.some((known) => known === helper)
  if (!isKnown || statement.params.length !== 1 || nameOf(statement.params[0]) === undefined || statement.hash) {
    throw wrong(statement, `a block is one of ${blockHelpers.join(', ')} with one name`)
  }
  checkProgram(statement.program)
  checkProgram(statement.inverse)
}

/**
 * The text of a path; `undefined` for literals, sub-expressions, and what would reach into a text: a key is printed as a whole or not at
 * all, so that whoever writes a file can see that it holds one.
 */
function nameOf(node: Node | undefined): string | undefined {
  if (node?.type !== 'PathExpression') return undefined
  const { original, parts, data } = node as hbs.AST.PathExpression
  return data || !parts.every((part) => /^[A-Za-z]\w*$/.test(part) && part !== 'length') ? undefined : original
}

function wrong(node: Node, message: string): NatplanError {
  return new NatplanError('TEMPLATE_WRONG', `line ${node.loc.start.line} of the template: ${message}`)
}
