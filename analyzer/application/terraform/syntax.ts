/** HCL as Terraform writes it: text to attributes, blocks and expressions, with the place of each. */
import { parseWith } from '../../grammars/grammars.ts'
import type { SyntaxNode } from '../../grammars/grammars.ts'
import type { ReadProblem } from '../raw.ts'

/** UTF-16 offsets in the text of the file. */
interface Span {
  readonly start: number
  readonly end: number
}

/** An expression of HCL, at its place. */
export type Expression = Span &
  (
    | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
    /** A text with interpolations; literal parts are literals. */
    | { readonly kind: 'template'; readonly parts: readonly Expression[] }
    | { readonly kind: 'tuple'; readonly items: readonly Expression[] }
    | { readonly kind: 'object'; readonly entries: readonly ObjectEntry[] }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'member'; readonly of: Expression; readonly name: string }
    | { readonly kind: 'index'; readonly of: Expression; readonly key: Expression }
    /** `of[*]`, followed by the steps that are taken from each element. */
    | { readonly kind: 'splat'; readonly of: Expression; readonly each: Expression }
    | {
        readonly kind: 'call'
        readonly name: string
        readonly arguments: readonly Expression[]
        readonly spread: boolean
      }
    | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
    | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'conditional'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
    | ForExpression
    /** Something that is not understood: a template directive, a broken piece. */
    | { readonly kind: 'opaque' }
  )

interface ForExpression {
  readonly kind: 'for'
  /** One name for the value, or two for key and value. */
  readonly names: readonly string[]
  readonly collection: Expression
  /** Only of a `for` that makes an object. */
  readonly key: Expression | undefined
  readonly value: Expression
  readonly condition: Expression | undefined
  /** `...` behind the value gathers the values of a key in a list. */
  readonly grouping: boolean
}

/** An entry of an HCL object; the key may be computed. */
export interface ObjectEntry {
  readonly key: Expression
  readonly value: Expression
}

/** `name = value` of an HCL body. */
export interface Attribute extends Span {
  readonly name: string
  readonly nameEnd: number
  readonly value: Expression
}

/** A block of HCL with its labels. */
export interface Block extends Span {
  readonly type: string
  readonly labels: readonly string[]
  /** End of the last label: `resource "a" "b"` without its body. */
  readonly headEnd: number
  readonly body: Body
}

/** What stands in a file or in a block, in its order. */
export interface Body {
  readonly attributes: readonly Attribute[]
  readonly blocks: readonly Block[]
}

/** Iterates each element of a splat: no identifier of HCL begins so. */
export const EACH_ELEMENT = '*'

const MAX_DEPTH = 250
const MAX_PROBLEMS = 20
const NOTHING: Body = { attributes: [], blocks: [] }

/** A larger file is not read piece by piece when it is broken: its first fault ends it. */
const MAX_RECOVERED = 200_000

/** Reads a `.tf` or `.tfvars` file. What cannot be read is told and left out; the rest is there. */
export function readHcl(text: string): { readonly body: Body; readonly problems: readonly ReadProblem[] } {
  const whole = readWhole(text)
  if (!whole.problems.length || text.length > MAX_RECOVERED) return whole
  // One fault makes the grammar lose its way to the end of the file: each block that begins a line is read by itself.
  const starts = [...text.matchAll(/^[a-z_]+(?:[ \t]+"[^"\n]*")*[ \t]*\{/gm)].map(match => match.index)
  if (starts.length < 2) return whole
  const pieces = starts.map((start, index) => {
    const before = text.slice(0, start).replace(/[^\n]/g, ' ')
    return readWhole(before + text.slice(start, starts[index + 1] ?? text.length))
  })
  return {
    body: {
      attributes: pieces.flatMap(piece => piece.body.attributes),
      blocks: pieces.flatMap(piece => piece.body.blocks),
    },
    problems: pieces.flatMap(piece => piece.problems).slice(0, MAX_PROBLEMS),
  }
}

function readWhole(text: string): { readonly body: Body; readonly problems: readonly ReadProblem[] } {
  const tree = parseWith('terraform', text)
  try {
    const root = tree.rootNode
    const body = root.namedChildren.find(child => child.type === 'body')
    return { body: body ? bodyOf(body, 0) : NOTHING, problems: root.hasError ? problemsOf(root) : [] }
  } finally {
    tree.delete()
  }
}

/** Text with interpolations, as Terraform's JSON and `templatefile` have it. */
export function readTemplate(text: string): Expression {
  if (!/[$%]\{/.test(text)) return { kind: 'literal', value: text, start: 0, end: text.length }
  const marker = 'LAMBDACHECK_END_OF_TEXT'
  const { body, problems } = readHcl(`x = <<${marker}\n${text}\n${marker}\n`)
  const value = body.attributes[0]?.value
  if (value === undefined || problems.length) return { kind: 'opaque', start: 0, end: text.length }
  return withoutLastBreak(value)
}

/** A heredoc ends with a line break that the text did not have. */
function withoutLastBreak(expression: Expression): Expression {
  const cut = (part: Expression): Expression =>
    part.kind === 'literal' && typeof part.value === 'string'
      ? { ...part, value: part.value.replace(/\r?\n$/, '') }
      : part
  if (expression.kind !== 'template') return cut(expression)
  const last = expression.parts.length - 1
  const parts = expression.parts.map((part, index) => (index === last ? cut(part) : part))
  return { ...expression, parts: parts.filter(part => part.kind !== 'literal' || part.value !== '') }
}

function bodyOf(node: SyntaxNode, depth: number): Body {
  if (depth > MAX_DEPTH) return NOTHING
  const attributes: Attribute[] = []
  const blocks: Block[] = []
  for (const child of node.namedChildren) {
    if (child.type === 'attribute') {
      const [name, value] = child.namedChildren
      if (name?.type === 'identifier' && value)
        attributes.push({
          name: name.text,
          start: child.startIndex,
          nameEnd: name.endIndex,
          end: child.endIndex,
          value: expressionOf(value, depth + 1),
        })
    } else if (child.type === 'block') {
      const [type, ...rest] = child.namedChildren
      if (type?.type !== 'identifier') continue
      const labels = rest.filter(part => part.type === 'string_lit' || part.type === 'identifier')
      const body = rest.find(part => part.type === 'body')
      blocks.push({
        type: type.text,
        labels: labels.map(label => (label.type === 'identifier' ? label.text : literalText(label))),
        start: child.startIndex,
        headEnd: (labels.at(-1) ?? type).endIndex,
        end: child.endIndex,
        body: body ? bodyOf(body, depth + 1) : NOTHING,
      })
    }
  }
  return { attributes, blocks }
}

/** One node, or a chain of siblings: tree-sitter lays `a.b[0]` out flat in one `expression`. */
function expressionOf(node: SyntaxNode, depth: number): Expression {
  const span: Span = { start: node.startIndex, end: node.endIndex }
  if (depth > MAX_DEPTH || node.type === 'ERROR' || node.isMissing) return { kind: 'opaque', ...span }
  const below = (child: SyntaxNode): Expression => expressionOf(child, depth + 1)
  const children = node.namedChildren.filter(child => child.type !== 'comment')
  const [first] = children
  switch (node.type) {
    case 'expression':
      return chain(children, span, depth)
    case 'literal_value':
    case 'operation':
    case 'collection_value':
    case 'template_expr':
    case 'for_expr':
      return first ? { ...below(first), ...(children.length === 1 ? span : {}) } : scalarOf(node.text, span)
    case 'numeric_lit':
    case 'bool_lit':
    case 'null_lit':
      return scalarOf(node.text, span)
    case 'string_lit':
      return { kind: 'literal', value: literalText(node), ...span }
    case 'quoted_template':
      return templateOf(node, children, span, depth)
    case 'heredoc_template':
      return heredocOf(node, children, span, depth)
    case 'tuple':
      return { kind: 'tuple', items: children.filter(isExpression).map(below), ...span }
    case 'object':
      return {
        kind: 'object',
        entries: children
          .filter(child => child.type === 'object_elem')
          .flatMap(child => {
            const [key, value] = child.namedChildren.filter(isExpression)
            return key && value ? [{ key: objectKey(below(key), key.text), value: below(value) }] : []
          }),
        ...span,
      }
    case 'variable_expr':
      return { kind: 'name', name: node.text, ...span }
    case 'function_call': {
      const list = children.find(child => child.type === 'function_arguments')
      return {
        kind: 'call',
        name: first?.text ?? '',
        arguments: (list?.namedChildren ?? []).filter(isExpression).map(below),
        spread: list?.namedChildren.some(child => child.type === 'ellipsis') ?? false,
        ...span,
      }
    }
    case 'conditional': {
      const [test, yes, no] = children.filter(isExpression)
      return test && yes && no
        ? { kind: 'conditional', test: below(test), yes: below(yes), no: below(no), ...span }
        : { kind: 'opaque', ...span }
    }
    case 'unary_operation': {
      const operand = chain(children, { start: first?.startIndex ?? span.start, end: span.end }, depth)
      return { kind: 'unary', operator: node.child(0)?.type ?? '', operand, ...span }
    }
    case 'binary_operation':
      return binaryOf(node, span, depth)
    case 'for_tuple_expr':
    case 'for_object_expr':
      return forOf(node, children, span, depth)
    case 'parenthesized_expression':
      return first ? below(first) : { kind: 'opaque', ...span }
  }
  return { kind: 'opaque', ...span }
}

const STEPS = new Set(['get_attr', 'index', 'splat'])

/** A first piece and the steps that follow it. */
function chain(nodes: readonly SyntaxNode[], span: Span, depth: number): Expression {
  const [first, ...steps] = nodes
  if (!first) return { kind: 'opaque', ...span }
  let result = expressionOf(first, depth + 1)
  for (const step of steps) {
    if (!STEPS.has(step.type)) return { kind: 'opaque', ...span }
    result = stepFrom(result, step, depth)
  }
  return result
}

function stepFrom(of: Expression, step: SyntaxNode, depth: number): Expression {
  const span: Span = { start: of.start, end: step.endIndex }
  const [inner] = step.namedChildren
  if (step.type === 'get_attr') return { kind: 'member', of, name: inner?.text ?? '', ...span }
  if (step.type === 'index') {
    const key = inner?.namedChildren[0] ?? inner
    if (!key) return { kind: 'opaque', ...span }
    // The old way to write an index: `list.0`.
    return {
      kind: 'index',
      of,
      key: inner?.type === 'legacy_index' ? scalarOf(key.text.replace('.', ''), span) : expressionOf(key, depth + 1),
      ...span,
    }
  }
  const rest = inner?.namedChildren ?? []
  const element: Expression = { kind: 'name', name: EACH_ELEMENT, start: step.startIndex, end: step.startIndex }
  return {
    kind: 'splat',
    of,
    each: rest.reduce<Expression>((value, next) => stepFrom(value, next, depth + 1), element),
    ...span,
  }
}

function binaryOf(node: SyntaxNode, span: Span, depth: number): Expression {
  const operator = node.children.findIndex(
    child => child !== null && !child.isNamed && child.type !== '(' && child.type !== ')',
  )
  const named = node.children.filter((child): child is SyntaxNode => child !== null && child.type !== 'comment')
  const at = node.children[operator]
  if (!at) return { kind: 'opaque', ...span }
  const left = named.filter(child => child.isNamed && child.endIndex <= at.startIndex)
  const right = named.filter(child => child.isNamed && child.startIndex >= at.endIndex)
  const spanOf = (nodes: readonly SyntaxNode[]): Span => ({
    start: nodes[0]?.startIndex ?? span.start,
    end: nodes.at(-1)?.endIndex ?? span.end,
  })
  return {
    kind: 'binary',
    operator: at.type,
    left: chain(left, spanOf(left), depth),
    right: chain(right, spanOf(right), depth),
    ...span,
  }
}

function forOf(node: SyntaxNode, children: readonly SyntaxNode[], span: Span, depth: number): Expression {
  const intro = children.find(child => child.type === 'for_intro')
  const collection = intro?.namedChildren.find(isExpression)
  const results = children.filter(isExpression)
  const value = results.at(-1)
  if (!intro || !collection || !value) return { kind: 'opaque', ...span }
  const condition = children.find(child => child.type === 'for_cond')?.namedChildren.find(isExpression)
  return {
    kind: 'for',
    names: intro.namedChildren.filter(child => child.type === 'identifier').map(child => child.text),
    collection: expressionOf(collection, depth + 1),
    key: node.type === 'for_object_expr' && results[0] ? expressionOf(results[0], depth + 1) : undefined,
    value: expressionOf(value, depth + 1),
    condition: condition ? expressionOf(condition, depth + 1) : undefined,
    grouping: children.some(child => child.type === 'ellipsis'),
    ...span,
  }
}

function templateOf(node: SyntaxNode, children: readonly SyntaxNode[], span: Span, depth: number): Expression {
  const parts: Expression[] = []
  let from = node.children.find(child => child?.type === 'quoted_template_start')?.endIndex ?? span.start
  const textTo = (to: number): void => {
    // The grammar leaves blanks between two interpolations out of its literals.
    const raw = node.text.slice(from - span.start, to - span.start)
    if (raw) parts.push({ kind: 'literal', value: unescaped(raw), start: from, end: to })
  }
  for (const child of children) {
    if (child.type !== 'template_interpolation' && child.type !== 'template_directive') continue
    textTo(child.startIndex)
    parts.push(interpolation(child, depth))
    from = child.endIndex
  }
  textTo(node.children.find(child => child?.type === 'quoted_template_end')?.startIndex ?? span.end)
  return joined(parts, span)
}

function heredocOf(node: SyntaxNode, children: readonly SyntaxNode[], span: Span, depth: number): Expression {
  const identifiers = children.filter(child => child.type === 'heredoc_identifier')
  const start = node.text.indexOf('\n') + 1
  const last = identifiers.at(-1)
  if (!start || !last || identifiers.length < 2) return { kind: 'opaque', ...span }
  const end = node.text.lastIndexOf('\n', last.startIndex - span.start) + 1
  const indented = node.text.startsWith('<<-')
  const margin = indented ? marginOf(node.text.slice(start, end)) : 0
  const parts: Expression[] = []
  let from = start
  const textTo = (to: number): void => {
    if (to <= from) return
    const raw = node.text.slice(from, to).replaceAll('$${', '${').replaceAll('%%{', '%{')
    const lineStart = from === start || node.text[from - 1] === '\n'
    const text = margin ? raw.replace(new RegExp(`${lineStart ? '(^|\\n)' : '(\\n)'} {0,${margin}}`, 'g'), '$1') : raw
    parts.push({ kind: 'literal', value: text, start: span.start + from, end: span.start + to })
  }
  for (const child of children) {
    if (child.type !== 'template_interpolation' && child.type !== 'template_directive') continue
    textTo(child.startIndex - span.start)
    parts.push(interpolation(child, depth))
    from = child.endIndex - span.start
  }
  textTo(end)
  return joined(parts, span)
}

/** The least indentation of the lines that hold something. */
const marginOf = (text: string): number =>
  Math.min(
    ...text
      .split('\n')
      .filter(line => line.trim())
      .map(line => line.length - line.trimStart().length),
    200,
  )

function interpolation(node: SyntaxNode, depth: number): Expression {
  const value = node.type === 'template_interpolation' ? node.namedChildren.find(isExpression) : undefined
  return value ? expressionOf(value, depth + 1) : { kind: 'opaque', start: node.startIndex, end: node.endIndex }
}

function joined(parts: readonly Expression[], span: Span): Expression {
  const [first] = parts
  if (first === undefined) return { kind: 'literal', value: '', ...span }
  return parts.length === 1 && first.kind === 'literal' ? { ...first, ...span } : { kind: 'template', parts, ...span }
}

const isExpression = (node: SyntaxNode): boolean => node.type === 'expression'

/** `{ a = 1 }` has the key "a"; `{ (a) = 1 }` and `{ var.a = 1 }` have what the expression gives. */
const objectKey = (key: Expression, text: string): Expression =>
  key.kind === 'name' && !text.startsWith('(')
    ? { kind: 'literal', value: key.name, start: key.start, end: key.end }
    : key

function scalarOf(text: string, span: Span): Expression {
  const word = { true: true, false: false, null: null }[text]
  const value = word === undefined ? Number(text) : word
  return typeof value === 'number' && Number.isNaN(value)
    ? { kind: 'opaque', ...span }
    : { kind: 'literal', value, ...span }
}

const literalText = (node: SyntaxNode): string => unescaped(node.text.slice(1, -1))

const ESCAPES: { readonly [letter: string]: string } = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' }

const unescaped = (raw: string): string =>
  raw
    .replace(
      /\\(?:([nrt"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/g,
      (whole, simple?: string, short?: string, long?: string) => {
        if (simple) return ESCAPES[simple] ?? whole
        const code = Number.parseInt(short ?? long ?? '', 16)
        return code <= 0x10ffff ? String.fromCodePoint(code) : whole
      },
    )
    .replaceAll('$${', '${')
    .replaceAll('%%{', '%{')

/** The outermost places that the grammar could not read. */
function problemsOf(root: SyntaxNode): readonly ReadProblem[] {
  const problems: ReadProblem[] = []
  const visit = (node: SyntaxNode, depth: number): void => {
    if (problems.length >= MAX_PROBLEMS || depth > MAX_DEPTH) return
    if (node.type === 'ERROR' || node.isMissing) {
      const what = node.isMissing ? `${node.type.replaceAll('_', ' ')} is missing` : 'this is not HCL'
      problems.push({ message: what, start: node.startIndex, end: Math.max(node.startIndex + 1, node.endIndex) })
      return
    }
    if (node.hasError) for (const child of node.children) if (child) visit(child, depth + 1)
  }
  visit(root, 0)
  return problems
}
