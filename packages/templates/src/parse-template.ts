import { NatplanError } from '@natplan/core'
import Handlebars from 'handlebars'
import { type BlockHelper, blockHelpers, type TemplatePiece, type TemplatePieces, valueHelper } from './template.ts'

type Node = hbs.AST.Node

/** A template that somebody wrote, parsed when it is printed first. */
export type OwnTemplate = () => TemplatePieces

/** The template of a text; what is wrong with it is thrown when it is asked for. */
export function ownTemplate(text: string): OwnTemplate {
  let parsed: TemplatePieces | undefined
  return () => {
    parsed ??= parseTemplate(text)
    return parsed
  }
}

/**
 * The pieces of a text in Handlebars, whose parser is all that is used of it. Refuses what no template may have: values outside the checking helper,
 * helpers other than the few, partials, raw output.
 * @throws NatplanError TEMPLATE_WRONG, with the line
 */
export function parseTemplate(text: string): TemplatePieces {
  try {
    return piecesOf(Handlebars.parse(text))
  } catch (error) {
    if (error instanceof NatplanError) throw error
    const reason = error instanceof Error ? error.message.split('\n')[0] : 'it cannot be parsed'
    throw new NatplanError('TEMPLATE_WRONG', `the template has wrong syntax: ${reason}`)
  }
}

function piecesOf(program: hbs.AST.Program | undefined): TemplatePiece[] {
  return (program?.body ?? []).map(pieceOf).filter((piece) => piece !== undefined)
}

function pieceOf(statement: hbs.AST.Statement): TemplatePiece | undefined {
  switch (statement.type) {
    case 'ContentStatement':
      return (statement as hbs.AST.ContentStatement).value || undefined
    case 'CommentStatement':
      return undefined
    case 'MustacheStatement':
      return checkedValue(statement as hbs.AST.MustacheStatement)
    case 'BlockStatement':
      return blockOf(statement as hbs.AST.BlockStatement)
    default:
      throw wrong(statement, `a template has no ${statement.type}`)
  }
}

function checkedValue(statement: hbs.AST.MustacheStatement): TemplatePiece {
  const { path, params, hash } = statement
  const name = nameOf(params[0])
  const isChecked = nameOf(path) === valueHelper && params.length === 1 && hash === undefined
  if (isChecked && name !== undefined) return [valueHelper, name]
  throw wrong(statement, `a value is printed with {{${valueHelper} name}}, nothing else is`)
}

function blockOf(statement: hbs.AST.BlockStatement): TemplatePiece {
  const helper = blockHelpers.find((known) => known === nameOf(statement.path))
  const name = nameOf(statement.params[0])
  if (!helper || statement.params.length !== 1 || name === undefined || statement.hash) {
    throw wrong(statement, `a block is one of ${blockHelpers.join(', ')} with one name`)
  }
  return block(helper, name, statement)
}

function block(helper: BlockHelper, name: string, { program, inverse }: hbs.AST.BlockStatement): TemplatePiece {
  const pieces = piecesOf(program)
  return inverse ? [helper, name, pieces, piecesOf(inverse)] : [helper, name, pieces]
}

/**
 * The text of a path; `undefined` for literals, sub-expressions, and what would reach into a text: a key is printed as a whole or not at
 * all, so that whoever writes a file can see that it holds one.
 */
function nameOf(node: Node | undefined): string | undefined {
  if (node?.type !== 'PathExpression') return undefined
  const { depth, parts, data } = node as hbs.AST.PathExpression
  if (data || !parts.every((part) => /^[A-Za-z]\w*$/.test(part) && part !== 'length')) return undefined
  return `${'../'.repeat(depth)}${parts.join('.')}`
}

function wrong(node: Node, message: string): NatplanError {
  return new NatplanError('TEMPLATE_WRONG', `line ${node.loc.start.line} of the template: ${message}`)
}
