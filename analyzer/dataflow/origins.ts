/**
 * Where a value comes from: every expression that it may be, through names, members, destructuring, loops, lists,
 * promises, calls of functions of the project, classes and modules. From the syntax alone. Whatever cannot be followed
 * any further is an origin itself: nothing is left out, but what is longer than the bounds below.
 */
import type { CodeFile, Handler } from '../application/code.ts'
import { findExport } from '../application/handlers.ts'
import { ts } from '../application/typescript.ts'
import {
  bare,
  calledWith,
  importOf,
  isFunctionNode,
  isGlobal,
  outermost,
  propertyName,
  resolveName,
  returnsOf,
} from '../syntax/syntax.ts'
import type { FunctionNode } from '../syntax/syntax.ts'
import { indexOf, lastName } from './file-index.ts'
import { DECODES, ELEMENT_FIRST, KEEPS_TEXT, NO_TEXT, ONE_ELEMENT, OVER_LIST, SAME_ELEMENTS } from './known-calls.ts'

/** Where a value may come from. */
export interface Origin {
  /** A literal, an object, a function or class, a parameter, a call that cannot be followed, a name from elsewhere. */
  readonly node: ts.Node
  readonly file: CodeFile
  /** Members taken of it; `[]` is an element. */
  readonly path: readonly string[]
  /** The value is this very one, or this one read or written in another form, or a text that it is a piece of. */
  readonly as: 'itself' | 'decoded' | 'piece'
  /** What it is called on its way, as written: `record.body`, `name`; the nearest last. Only for `content`. */
  readonly spoken: readonly ts.Expression[]
  /** The last expression on the way to it, members and all: `record.body`, where `record` cannot be followed. */
  readonly expression: Placed | undefined
  readonly frame: Frame | undefined
}

/** An expression and the file that it stands in. */
export interface Placed {
  readonly node: ts.Expression
  readonly file: CodeFile
}

/** A call that led into the function at hand. */
interface Frame {
  readonly fn: ts.Node
  readonly argument: (index: number) => readonly Origin[] | undefined
  readonly outer: Frame | undefined
}

/** From where, and how far, values are followed. */
export interface Scope {
  readonly file: CodeFile
  /** The handlers whose calls count: their first parameter is the event. */
  readonly handlers: readonly Handler[]
  /**
   * `one`: as far as there is one way alone. `value`: every way that leaves a value as it is. `content`: also what
   * decodes it, and texts that are put together.
   */
  readonly through: 'one' | 'value' | 'content'
  /** Whether a parameter is what its callers give it. */
  readonly callers: boolean
}

interface At extends Scope {
  readonly frame: Frame | undefined
  /** Steps that may still be taken: functions that call each other in circles have no end of ways. */
  readonly budget: { left: number }
  readonly depth: number
  /** Members are given as they are written, and not followed. */
  readonly asWritten?: boolean
}

const MAX_DEPTH = 40
const MAX_STEPS = 1_500
const MAX_ORIGINS = 40
const MAX_CALLERS = 20
const MAX_TARGETS = 4

/** All origins of an expression. Empty when it is surely nothing: a member that an object does not have. */
export function originsOf(node: ts.Expression, scope: Scope): readonly Origin[] {
  return distinct(from(node, start(scope)))
}

/** The expression that gives a value: as far as there is one way alone. Stops where it cannot go on. */
export function follow(node: ts.Expression, file: CodeFile): Placed {
  const expression = bare(node)
  // What stands for nothing else is asked about most.
  if (ts.isLiteralExpression(expression) || ts.isObjectLiteralExpression(expression) || isFunctionNode(expression))
    return { node: expression, file }
  const found = originsOf(node, { file, handlers: [], through: 'one', callers: false })
  return (found.length === 1 && found[0]?.expression) || { node: bare(node), file }
}

/**
 * How a member of an object literal, a class, or of what a module of the project exports is written; undefined when it
 * is not there or cannot be told.
 */
export function followMember(object: ts.Expression, name: string, file: CodeFile): Placed | undefined {
  const at = start({ file, handlers: [], through: 'one', callers: false })
  const left = from(object, at)
  const [only, ...others] = distinct(member(left, name, { ...at, asWritten: true }))
  return only && !others.length && !only.path.length && !left.some(one => one.node === only.node)
    ? only.expression
    : undefined
}

/** The functions of the project that an expression may be; those that an unknown wrapper is given, too. */
export function functionsBehind(
  node: ts.Expression,
  file: CodeFile,
): readonly { readonly node: FunctionNode; readonly file: CodeFile }[] {
  return targets(node, start({ file, handlers: [], through: 'value', callers: false }))
}

/** Its members one by one: a scope may be an object of many more, which would all be copied at every step. */
const start = ({ file, handlers, through, callers }: Scope): At => ({
  file,
  handlers,
  through,
  callers,
  frame: undefined,
  budget: { left: MAX_STEPS },
  depth: 0,
  asWritten: false,
})

function distinct(origins: readonly Origin[]): readonly Origin[] {
  if (origins.length < 2) return origins
  const seen = new Set<string>()
  const ids = new Map<ts.Node, number>()
  return origins.filter(one => {
    if (!ids.has(one.node)) ids.set(one.node, ids.size)
    const key = `${ids.get(one.node)} ${one.as} ${one.path.join('.')}`
    return !seen.has(key) && seen.add(key)
  })
}

const leaf = (node: ts.Node, at: At): readonly Origin[] => [
  { node, file: at.file, path: [], as: 'itself', spoken: [], expression: undefined, frame: at.frame },
]
const below = (origin: Origin, name: string): Origin => ({
  ...origin,
  expression: undefined,
  path: [...origin.path, /^\d+$/.test(name) ? '[]' : name],
})
const inForm = (origins: readonly Origin[], as: 'decoded' | 'piece'): readonly Origin[] =>
  origins.map(one => (one.as === 'piece' || one.as === as ? one : { ...one, as }))

/** What an expression may be. */
function from(node: ts.Expression, before: At): readonly Origin[] {
  const expression = bare(node)
  const isEnd = before.depth > MAX_DEPTH || before.budget.left-- <= 0
  const found = isEnd ? leaf(expression, before) : step(expression, within(before))
  const speaks = before.through === 'content' && isSpoken(expression)
  // Most steps have nothing to add to what they found.
  if (!speaks && found.length <= MAX_ORIGINS && found.every(one => one.expression)) return found
  return found.slice(0, MAX_ORIGINS).map(one => ({
    ...one,
    expression: one.expression ?? { node: expression, file: before.file },
    spoken: speaks ? [...one.spoken, expression] : one.spoken,
  }))
}

const within = (at: At): At => ({
  file: at.file,
  handlers: at.handlers,
  through: at.through,
  callers: at.callers,
  frame: at.frame,
  budget: at.budget,
  depth: at.depth + 1,
  asWritten: false,
})

/** The value of a member: followed, or as it is written. */
const read = (node: ts.Expression, at: At): readonly Origin[] =>
  at.asWritten
    ? leaf(bare(node), at).map(origin => ({ ...origin, expression: { node: bare(node), file: at.file } }))
    : from(node, at)

const isSpoken = (node: ts.Expression): boolean =>
  ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)

function step(node: ts.Expression, at: At): readonly Origin[] {
  if (ts.isIdentifier(node)) return fromName(node, at)
  if (ts.isPropertyAccessExpression(node)) {
    if (at.through === 'content' && NO_TEXT.has(node.name.text)) return []
    return member(from(node.expression, at), node.name.text, at)
  }
  if (ts.isElementAccessExpression(node)) {
    const key = bare(node.argumentExpression)
    const name = ts.isStringLiteralLike(key) || ts.isNumericLiteral(key) ? key.text : '[]'
    return member(from(node.expression, at), name, at)
  }
  if (ts.isAwaitExpression(node)) return from(node.expression, at)
  if (ts.isConditionalExpression(node))
    return at.through === 'one' ? leaf(node, at) : [...from(node.whenTrue, at), ...from(node.whenFalse, at)]
  if (ts.isBinaryExpression(node)) return fromBinary(node, at)
  if (ts.isCallExpression(node)) return fromCall(node, at)
  if (at.through === 'content') {
    if (ts.isTemplateExpression(node)) {
      const [only] = node.templateSpans
      if (only && node.templateSpans.length === 1 && node.head.text === '' && only.literal.text === '')
        return from(only.expression, at)
      return node.templateSpans.flatMap(span => pieces(from(span.expression, at), at))
    }
    if (ts.isNewExpression(node)) return fromNew(node, at)
  }
  return leaf(node, at)
}

function fromBinary(node: ts.BinaryExpression, at: At): readonly Origin[] {
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.BarBarToken:
    case ts.SyntaxKind.QuestionQuestionToken:
    case ts.SyntaxKind.QuestionQuestionEqualsToken:
    case ts.SyntaxKind.BarBarEqualsToken: {
      const right = bare(node.right)
      // `client ??= new Client()`, `client || (client = new Client())`: what is made when there is none yet.
      if (at.through !== 'content' && (ts.isNewExpression(right) || isAssignment(right))) return from(right, at)
      return at.through === 'one' ? leaf(node, at) : [...from(node.left, at), ...from(node.right, at)]
    }
    case ts.SyntaxKind.AmpersandAmpersandToken:
    case ts.SyntaxKind.EqualsToken:
    case ts.SyntaxKind.CommaToken:
      return from(node.right, at)
    case ts.SyntaxKind.PlusToken:
      return at.through === 'content'
        ? [...pieces(from(node.left, at), at), ...pieces(from(node.right, at), at)]
        : leaf(node, at)
    default:
      return at.through === 'content' ? [] : leaf(node, at)
  }
}

const isAssignment = (node: ts.Node): node is ts.BinaryExpression =>
  ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken

function fromNew(node: ts.NewExpression, at: At): readonly Origin[] {
  const [argument] = node.arguments ?? []
  return argument &&
    ts.isIdentifier(node.expression) &&
    /^(URL|URLSearchParams|String|Uint8Array|Blob|TextDecoder|Request)$/.test(node.expression.text)
    ? inForm(from(argument, at), 'decoded')
    : leaf(node, at)
}

/** What a text is made of when values are put into it: the elements of lists, the members of objects. */
function pieces(origins: readonly Origin[], at: At): readonly Origin[] {
  return inForm(
    origins.flatMap(one => {
      if (one.path.length) return one
      if (ts.isArrayLiteralExpression(one.node) || isListCall(one.node)) return pieces(elements([one], at), at)
      if (ts.isObjectLiteralExpression(one.node)) return pieces(everyMember(one, at), at)
      return one
    }),
    'piece',
  )
}

function everyMember(origin: Origin, at: At): readonly Origin[] {
  const inside = placed(origin, at)
  return (origin.node as ts.ObjectLiteralExpression).properties.flatMap(property => {
    if (ts.isPropertyAssignment(property)) return from(property.initializer, inside)
    if (ts.isShorthandPropertyAssignment(property)) return from(property.name, inside)
    return ts.isSpreadAssignment(property) ? from(property.expression, inside) : []
  })
}

/** The same questions, asked where an origin stands. */
const placed = (origin: Origin, at: At): At => ({
  ...at,
  file: origin.file,
  frame: origin.frame,
  depth: at.depth + 1,
})

function fromName(identifier: ts.Identifier, at: At): readonly Origin[] {
  const binding = resolveName(identifier)
  if (!binding) return leaf(identifier, at)
  const { imported } = binding
  if (imported) {
    const target = at.file.imports.find(one => one.specifier === imported.module)?.file
    if (!target || imported.name === '*') return leaf(identifier, at)
    return exported(target, imported.name, at) ?? leaf(identifier, at)
  }
  return fromDeclaration(binding.node, identifier, at)
}

function fromDeclaration(node: ts.Node, identifier: ts.Identifier, at: At): readonly Origin[] {
  if (ts.isParameter(node)) return fromParameter(node, at)
  if (ts.isVariableDeclaration(node)) return fromVariable(node, identifier, at)
  if (ts.isBindingElement(node)) return fromElement(node, at)
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) return leaf(node, at)
  return leaf(identifier, at)
}

/** What a module of the project exports under a name; undefined when that cannot be told. */
function exported(target: CodeFile, name: string, at: At): readonly Origin[] | undefined {
  if (at.budget.left-- <= 0 || at.depth > MAX_DEPTH) return undefined
  const found = findExport(target, name)
  if (!found) return undefined
  const there: At = { ...at, file: found.file, frame: undefined, depth: at.depth + 1 }
  const own = fileOf(found.node, [target, found.file])
  const inside = own ? { ...there, file: own } : there
  if (at.asWritten && ts.isVariableDeclaration(found.node) && found.node.initializer)
    return read(found.node.initializer, inside)
  if (ts.isVariableDeclaration(found.node)) {
    if (ts.isIdentifier(found.node.name)) return fromVariable(found.node, found.node.name, inside)
    const element = found.node.name.elements.find(
      one => ts.isBindingElement(one) && ts.isIdentifier(one.name) && one.name.text === name,
    )
    return element && ts.isBindingElement(element) ? fromElement(element, inside) : undefined
  }
  if (ts.isFunctionLike(found.node) || ts.isClassLike(found.node)) return leaf(found.node, inside)
  return ts.isExpression(found.node) ? read(found.node, inside) : undefined
}

const fileOf = (node: ts.Node, files: readonly CodeFile[]): CodeFile | undefined => {
  const ast = node.getSourceFile()
  return files.find(file => file.ast === ast)
}

/** What a variable is given: where it is declared, by a loop, or later. */
function fromVariable(node: ts.VariableDeclaration, name: ts.Identifier | undefined, at: At): readonly Origin[] {
  const loop = node.parent.parent
  if (ts.isForOfStatement(loop)) return elements(from(loop.expression, at), at)
  if (ts.isForInStatement(loop)) return at.through === 'content' ? from(loop.expression, at) : leaf(name ?? node, at)
  const declared = node.initializer && !isNothing(node.initializer) ? from(node.initializer, at) : []
  if (ts.isCatchClause(node.parent)) return leaf(name ?? node, at)
  if ((node.parent.flags & ts.NodeFlags.Const) !== 0 || !ts.isIdentifier(node.name))
    return declared.length || (node.initializer && !isNothing(node.initializer))
      ? declared
      : leaf(node.initializer ?? name ?? node, at)
  const later = assignmentsTo(node.name).flatMap(given => {
    const value = from(given.right, at)
    return given.operatorToken.kind === ts.SyntaxKind.PlusEqualsToken ? inForm(pieces(value, at), 'piece') : value
  })
  const all = [...declared, ...later]
  if (at.through === 'one' && distinct(all).length > 1) return leaf(name ?? node, at)
  return all.length ? all : leaf(node.initializer ?? name ?? node, at)
}

const isNothing = (node: ts.Expression): boolean => {
  const expression = bare(node)
  return (
    expression.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(expression) && expression.text === 'undefined')
  )
}

/** `name = …` and `name += …`, wherever in its file. */
export function assignmentsTo(name: ts.Identifier): readonly ts.BinaryExpression[] {
  return (indexOf(name.getSourceFile()).assignments.get(name.text) ?? []).filter(
    one => resolveName(bare(one.left) as ts.Identifier)?.identifier === name,
  )
}

/** What is taken apart by a pattern, or was by the pattern around it. */
function fromPattern(
  node: ts.ParameterDeclaration | ts.VariableDeclaration | ts.BindingElement,
  at: At,
): readonly Origin[] {
  if (ts.isParameter(node)) return fromParameter(node, at)
  return ts.isVariableDeclaration(node) ? fromVariable(node, undefined, at) : fromElement(node, at)
}

/** `const { body } = record`, patterns in patterns, their defaults. */
function fromElement(node: ts.BindingElement, at: At): readonly Origin[] {
  const pattern = node.parent
  const outer = pattern.parent
  const left = fromPattern(outer, at)
  if (node.dotDotDotToken) return left
  const name = ts.isArrayBindingPattern(pattern)
    ? String(pattern.elements.indexOf(node))
    : propertyName(node.propertyName ?? (node.name as ts.BindingName))
  const taken = name === undefined ? left.map(one => below(one, '[]')) : member(left, name, at)
  return node.initializer ? [...taken, ...from(node.initializer, at)] : taken
}

/** What calls give a parameter: the call at hand, the list whose method takes the callback, or all callers. */
function fromParameter(node: ts.ParameterDeclaration, at: At): readonly Origin[] {
  const fn = node.parent
  const index = fn.parameters.indexOf(node)
  const orDefault = (given: readonly Origin[]): readonly Origin[] =>
    node.initializer ? [...given, ...from(node.initializer, at)] : given
  for (let frame = at.frame; frame; frame = frame.outer) {
    if (frame.fn !== fn) continue
    const given = frame.argument(index)
    return orDefault(given ?? [])
  }
  if (index === 0 && at.handlers.some(handler => handler.fn === fn)) return leaf(node, at)
  if (at.depth > MAX_DEPTH || at.budget.left-- <= 0 || !isFunctionNode(fn)) return orDefault(leaf(node, at))
  const call = calledWith(fn)
  if (call) return orDefault(handed(call, call.arguments.indexOf(fn as ts.Expression), index, at) ?? leaf(node, at))
  if (!at.callers) return orDefault(leaf(node, at))
  const given = givenByCallers(fn, index, at)
  return orDefault(given.length ? given : leaf(node, at))
}

/**
 * What a call hands to a callback among its arguments, for one of the callback's parameters; undefined when that cannot
 * be told.
 */
function handed(call: ts.CallExpression, position: number, parameter: number, at: At): readonly Origin[] | undefined {
  const callee = bare(call.expression)
  const inside = { ...at, depth: at.depth + 1 }
  if (ts.isPropertyAccessExpression(callee) && position === 0) {
    const method = callee.name.text
    const list = (): readonly Origin[] => elements(from(callee.expression, inside), inside)
    if (ELEMENT_FIRST.has(method) && (parameter === 0 || (parameter === 1 && /^(to)?sort/i.test(method)))) return list()
    if (/^reduce(Right)?$/.test(method)) {
      if (parameter === 1) return list()
      if (parameter === 0) return call.arguments[1] ? from(call.arguments[1], inside) : list()
      return undefined
    }
    if (method === 'then' && parameter === 0) return from(callee.expression, inside)
    if (method === 'catch' || method === 'finally') return undefined
  }
  const name = lastName(callee)
  if (name === 'from' && position === 1 && parameter === 0 && call.arguments[0])
    return elements(from(call.arguments[0], inside), inside)
  // A function of the project that calls what it is given.
  const own = targets(callee, inside).flatMap(target => {
    const taken = target.node.parameters[position]?.name
    if (!taken || !ts.isIdentifier(taken)) return []
    const there: At = {
      ...inside,
      file: target.file,
      frame: frameOf(target.node, call, inside),
    }
    const index = indexOf(target.file.ast)
    const direct = (index.calls.get(taken.text) ?? []).flatMap(one => {
      const argument = one.arguments?.[parameter]
      return argument && isTheName(one.expression, taken) ? from(argument, there) : []
    })
    const further = (index.handedOn.get(taken.text) ?? []).flatMap(one =>
      one.arguments.flatMap((argument, at) =>
        isTheName(argument, taken) ? (handed(one, at, parameter, there) ?? []) : [],
      ),
    )
    return [...direct, ...further]
  })
  if (own.length) return own
  // Of a library: `pMap(records, async (record) => …)`.
  return position >= 1 && parameter === 0 && name !== undefined && OVER_LIST.test(name) && call.arguments[0]
    ? elements(from(call.arguments[0], inside), inside)
    : undefined
}

const isTheName = (node: ts.Expression, declared: ts.Identifier): boolean => {
  const name = bare(node)
  return ts.isIdentifier(name) && resolveName(name)?.identifier === declared
}

function givenByCallers(fn: FunctionNode, parameter: number, at: At): readonly Origin[] {
  return sitesOf(fn, at.file, at.handlers).flatMap(({ call, file, position }) => {
    const there: At = { ...at, file, frame: undefined, depth: at.depth + 1 }
    if (position !== undefined) return handed(call as ts.CallExpression, position, parameter, there) ?? []
    const argument = call.arguments?.[parameter]
    return argument && !ts.isSpreadElement(argument) ? from(argument, there) : []
  })
}

/** A call that a function takes part in. */
export interface Site {
  readonly call: ts.CallExpression | ts.NewExpression
  readonly file: CodeFile
  /** Where the function stands among the arguments; undefined when it is what is called. */
  readonly position: number | undefined
}

/** Where a named function is called, or handed on: in its file, and in the files of the handlers. */
export function sitesOf(fn: ts.Node, home: CodeFile, handlers: readonly Handler[]): readonly Site[] {
  const known = sitesOfFunctions.get(fn)
  if (known && isSame(known.handlers, handlers)) return known.sites
  const sites = findSites(fn, home, handlers)
  sitesOfFunctions.set(fn, { handlers, sites })
  return sites
}

/**
 * Every parameter on the way of a value asks for the callers of its function, and in a bundle that is a search over
 * megabytes.
 */
const sitesOfFunctions = new WeakMap<
  ts.Node,
  { readonly handlers: readonly Handler[]; readonly sites: readonly Site[] }
>()

const isSame = <T>(one: readonly T[], other: readonly T[]): boolean =>
  one === other || (one.length === other.length && one.every((each, index) => each === other[index]))

function findSites(fn: ts.Node, home: CodeFile, handlers: readonly Handler[]): readonly Site[] {
  const name = nameOf(fn)
  const files = [...new Set([home, ...handlers.flatMap(handler => handler.files)])].filter(file => !file.generated)
  const found: Site[] = []
  for (const one of new Set([...(name === undefined ? [] : [name]), ...aliasesOf(name, home, files)])) {
    for (const file of files) {
      if (found.length >= MAX_CALLERS) return found.slice(0, MAX_CALLERS)
      if (!file.source.text.includes(one)) continue
      const index = indexOf(file.ast)
      for (const call of index.calls.get(one) ?? [])
        if (isBehind(call.expression, fn, file)) found.push({ call, file, position: undefined })
      for (const call of index.handedOn.get(one) ?? [])
        call.arguments.forEach((argument, position) => {
          if (lastName(argument) === one && isBehind(argument, fn, file)) found.push({ call, file, position })
        })
    }
  }
  return found
}

interface OtherNames {
  /** By a name: those that it is given beside it. */
  readonly of: ReadonlyMap<string, readonly string[]>
  /** The module has a default, or is one value. */
  readonly hasDefault: boolean
}

const namesOfTexts = new Map<string, OtherNames>()
const MAX_TEXTS = 500

/** Found in one walk over a text, because every function of a file asks. */
function otherNames(text: string): OtherNames {
  const before = namesOfTexts.get(text)
  if (before) return before
  const of = new Map<string, string[]>()
  const add = (name: string | undefined, other: string | undefined): void => {
    if (name === undefined || other === undefined) return
    const list = of.get(name)
    if (!list) of.set(name, [other])
    else if (!list.includes(other)) list.push(other)
  }
  for (const match of text.matchAll(/(?<![\w$#])([\w$#]+)\s+as\s+(\w+)/g)) add(match[1], match[2])
  for (const match of text.matchAll(/\b(\w+)\s*[:=]\s*(?=([\w$#]+)(?!\s*[(.\w$]))/g)) add(match[2], match[1])
  const found = { of, hasDefault: /\bexport\s+default\b|\bas\s+default\b|\bmodule\.exports\s*=/.test(text) }
  if (namesOfTexts.size >= MAX_TEXTS) namesOfTexts.clear()
  namesOfTexts.set(text, found)
  return found
}

/**
 * Other names that a function may go by: `export { write as save }`, `exports.save = write`, `import save from …` of a
 * default.
 */
function aliasesOf(name: string | undefined, home: CodeFile, files: readonly CodeFile[]): readonly string[] {
  const aliases: string[] = []
  if (name !== undefined) for (const file of files) aliases.push(...(otherNames(file.source.text).of.get(name) ?? []))
  if (!otherNames(home.source.text).hasDefault) return aliases
  for (const file of files)
    for (const one of file.imports)
      if (one.file === home) {
        const before = file.source.text.slice(Math.max(0, one.loc.start - 200), one.loc.start)
        const local = /(?:\bimport\s+(\w+)[^;]*|\b(?:const|let|var)\s+(\w+)\s*=\s*require\s*\(\s*)$/.exec(before)
        if (local) aliases.push(local[1] ?? local[2] ?? '')
      }
  return aliases
}

const isBehind = (node: ts.Expression, fn: ts.Node, file: CodeFile): boolean =>
  functionsBehind(node, file).some(one => one.node === fn)

function nameOf(fn: ts.Node): string | undefined {
  if (ts.isFunctionDeclaration(fn) || ts.isMethodDeclaration(fn))
    return fn.name && (ts.isIdentifier(fn.name) || ts.isPrivateIdentifier(fn.name)) ? fn.name.text : undefined
  const { parent } = fn
  // `exports.save = async () => …` is called by that name where it is imported.
  if (ts.isBinaryExpression(parent)) return lastName(parent.left)
  if (ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)) return propertyName(parent.name)
  return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? parent.name.text : undefined
}

const frameOf = (fn: ts.Node, call: ts.CallExpression | ts.NewExpression, at: At): Frame => ({
  fn,
  outer: at.frame,
  argument: index => {
    const argument = call.arguments?.[index]
    return argument && (ts.isSpreadElement(argument) ? elements(from(argument.expression, at), at) : from(argument, at))
  },
})

/** The functions that a callee may be. */
function targets(
  callee: ts.Expression,
  at: At,
): readonly { readonly node: FunctionNode; readonly file: CodeFile; readonly frame: Frame | undefined }[] {
  const found = distinct(from(callee, { ...at, through: 'value', callers: false }))
  return found
    .flatMap(one => {
      if (one.path.length) return []
      if (isFunctionNode(one.node)) return [{ node: one.node, file: one.file, frame: one.frame }]
      // `const save = retry(async () => …)`: the function is an argument of what wraps it.
      if (ts.isCallExpression(one.node) && one.node !== callee.parent)
        return one.node.arguments.flatMap(argument =>
          isFunctionNode(argument) ? [{ node: argument, file: one.file, frame: one.frame }] : [],
        )
      return []
    })
    .slice(0, MAX_TARGETS)
}

function fromCall(call: ts.CallExpression, at: At): readonly Origin[] {
  const [argument] = call.arguments
  const callee = bare(call.expression)
  const name = globalName(callee)
  if (argument && (name === 'Promise.resolve' || name === 'Object.freeze' || name === 'Object.seal'))
    return from(argument, at)
  if (ts.isPropertyAccessExpression(callee)) {
    const method = callee.name.text
    if (method === 'bind') return from(callee.expression, at)
    if (method === 'catch' || method === 'finally') return from(callee.expression, at)
    if (method === 'then' && argument) {
      const answered = returned(argument, call, index => (index === 0 ? from(callee.expression, at) : undefined), at)
      if (answered) return answered
    }
    if (ONE_ELEMENT.has(method)) {
      const list = from(callee.expression, at)
      // A part of a text.
      if (at.through === 'content' && /\.split\([^)]*\)$/.test(callee.expression.getText())) return list
      if (list.some(one => isListNode(one.node) || one.path.length)) return elements(list, at)
    }
  }
  if (at.through === 'content') {
    const through = contentOfCall(call, callee, name, at)
    if (through) return through
  }
  // Whoever asks for the one expression sees it without the call that led to it.
  if (at.through === 'one' && call.arguments.length > 0) return leaf(call, at)
  return returned(callee, call, undefined, at) ?? leaf(call, at)
}

/** What functions of the project return for a call; undefined when there are none, or they cannot be followed. */
function returned(
  callee: ts.Expression,
  call: ts.CallExpression,
  given: ((index: number) => readonly Origin[] | undefined) | undefined,
  at: At,
): readonly Origin[] | undefined {
  const found = isFunctionNode(callee)
    ? [{ node: callee as FunctionNode, file: at.file, frame: at.frame }]
    : targets(callee, at)
  const usable = found.filter(one => one.node.body && !one.node.asteriskToken && !isWithin(at.frame, one.node))
  const [first] = usable
  if (!first || usable.length < found.length) return undefined
  if (at.through === 'one' && (usable.length > 1 || returnsOf(first.node).length !== 1)) return undefined
  const all = usable.flatMap(target => {
    const frame: Frame = given
      ? { fn: target.node, argument: given, outer: at.frame }
      : { ...frameOf(target.node, call, at), outer: target.frame ?? at.frame }
    const inside: At = { ...at, file: target.file, frame, depth: at.depth + 1 }
    return returnsOf(target.node).flatMap(one => (one ? from(one, inside) : []))
  })
  return all.length ? all : undefined
}

function isWithin(frame: Frame | undefined, fn: ts.Node): boolean {
  for (let one = frame; one; one = one.outer) if (one.fn === fn) return true
  return false
}

/** `JSON.parse`, `String`: a global by its name. */
function globalName(callee: ts.Expression): string | undefined {
  if (ts.isIdentifier(callee)) return isGlobal(callee) ? callee.text : undefined
  return ts.isPropertyAccessExpression(callee) && ts.isIdentifier(callee.expression) && isGlobal(callee.expression)
    ? `${callee.expression.text}.${callee.name.text}`
    : undefined
}

/** What a call keeps of a text or of what holds one; undefined when it says nothing. */
function contentOfCall(
  call: ts.CallExpression,
  callee: ts.Expression,
  name: string | undefined,
  at: At,
): readonly Origin[] | undefined {
  const [argument] = call.arguments
  const all = (): readonly Origin[] => call.arguments.flatMap(one => pieces(from(one, at), at))
  if (name !== undefined && DECODES.has(name)) return argument ? inForm(from(argument, at), 'decoded') : []
  if (name === 'JSON.stringify') return argument ? pieces(from(argument, at), at) : []
  const made = importOf(callee)
  if (made && /^(node:)?(querystring|qs)$/.test(made.module) && /(^|\.)(parse|decode)$/.test(made.name))
    return argument ? inForm(from(argument, at), 'decoded') : []
  if (made && /^(node:)?path$/.test(made.module) && /(^|\.)(join|resolve|normalize)$/.test(made.name)) return all()
  if (made && /^(node:)?util$/.test(made.module) && /(^|\.)format$/.test(made.name)) return all()
  if (!ts.isPropertyAccessExpression(callee)) return undefined
  const method = callee.name.text
  if (/^reduce(Right)?$/.test(method) && argument) {
    const answered = returned(
      argument,
      call,
      index => {
        if (index === 1) return elements(from(callee.expression, at), at)
        return index === 0 && call.arguments[1] ? from(call.arguments[1], at) : undefined
      },
      at,
    )
    if (answered) return answered
  }
  if (method === 'join') return pieces(elements(from(callee.expression, at), at), at)
  if (method === 'concat') {
    const left = from(callee.expression, at)
    return left.some(one => isListNode(one.node)) ? undefined : [...pieces(left, at), ...all()]
  }
  if (method === 'get') {
    const left = from(callee.expression, at)
    if (!left.some(one => one.path.length || ts.isParameter(one.node))) return undefined
    return argument && ts.isStringLiteralLike(argument) ? left.map(one => below(one, argument.text)) : left
  }
  if (KEEPS_TEXT.has(method)) {
    const left = from(callee.expression, at)
    return left.some(one => isListNode(one.node) && !one.path.length) ? undefined : left
  }
  // A decoded key of a bucket: `decodeURIComponent(key.replace(/\+/g, ' '))`.
  if (/^replace(All)?$/.test(method) && argument && /^(\/\\\+\/g|'\+'|"\+")$/.test(argument.getText()))
    return from(callee.expression, at)
  return undefined
}

/** Whether a node is a list as far as its own syntax tells. */
const isListNode = (node: ts.Node): boolean => ts.isArrayLiteralExpression(node) || isListCall(node)

function isListCall(node: ts.Node): node is ts.CallExpression {
  if (!ts.isCallExpression(node)) return false
  const name = lastName(node.expression)
  if (name === undefined || ts.isIdentifier(bare(node.expression))) return false
  return (
    name === 'map' ||
    name === 'flatMap' ||
    name === 'entries' ||
    name === 'from' ||
    name === 'of' ||
    name === 'all' ||
    name === 'keys' ||
    SAME_ELEMENTS.has(name)
  )
}

/** The elements of lists. */
function elements(origins: readonly Origin[], at: At): readonly Origin[] {
  if (at.depth > MAX_DEPTH || at.budget.left-- <= 0) return origins.map(one => below(one, '[]'))
  return origins.flatMap(one => {
    if (one.path.length) return below(one, '[]')
    const inside = placed(one, at)
    if (ts.isArrayLiteralExpression(one.node)) {
      const written = one.node.elements.flatMap(element =>
        ts.isSpreadElement(element) ? elements(from(element.expression, inside), inside) : from(element, inside),
      )
      return [...written, ...pushed(one.node, inside)]
    }
    if (ts.isCallExpression(one.node)) return elementsOfCall(one.node, inside) ?? below(one, '[]')
    if (ts.isNewExpression(one.node) && /^(Set|Map)$/.test(one.node.expression.getText())) {
      const [list] = one.node.arguments ?? []
      return list ? elements(from(list, inside), inside) : []
    }
    return below(one, '[]')
  })
}

/** `rows.push(x)`, for the list that a variable is declared with. */
function pushed(list: ts.ArrayLiteralExpression, at: At): readonly Origin[] {
  const declaration = list.parent
  if (!ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return []
  const { name } = declaration
  const index = indexOf(at.file.ast)
  return [...(index.calls.get('push') ?? []), ...(index.calls.get('unshift') ?? [])].flatMap(call => {
    const callee = bare(call.expression)
    if (!ts.isPropertyAccessExpression(callee) || !isTheName(callee.expression, name)) return []
    return (call.arguments ?? []).flatMap(one =>
      ts.isSpreadElement(one) ? elements(from(one.expression, at), at) : from(one, at),
    )
  })
}

function elementsOfCall(call: ts.CallExpression, at: At): readonly Origin[] | undefined {
  const callee = bare(call.expression)
  if (!ts.isPropertyAccessExpression(callee)) return undefined
  const method = callee.name.text
  const [argument] = call.arguments
  const name = globalName(callee)
  if (name === 'Object.values' || name === 'Object.entries' || name === 'Object.keys') {
    if (!argument) return undefined
    const held = from(argument, at).flatMap(one =>
      ts.isObjectLiteralExpression(one.node) && !one.path.length ? everyMember(one, at) : below(one, '[]'),
    )
    if (name === 'Object.keys') return at.through === 'content' ? held : undefined
    return name === 'Object.entries' ? held.map(one => ({ ...one, path: [...one.path, PAIR] })) : held
  }
  if (name === 'Promise.all' || name === 'Array.of') return argument && elements(from(argument, at), at)
  if (name === 'Array.from') {
    if (!argument) return undefined
    const mapped = call.arguments[1]
    const list = (): readonly Origin[] => elements(from(argument, at), at)
    return mapped ? returned(mapped, call, index => (index === 0 ? list() : undefined), at) : list()
  }
  const list = (): readonly Origin[] => elements(from(callee.expression, at), at)
  if ((method === 'map' || method === 'flatMap') && argument) {
    const made = returned(argument, call, index => (index === 0 ? list() : undefined), at)
    return made && method === 'flatMap' ? made.flatMap(one => (isListNode(one.node) ? elements([one], at) : one)) : made
  }
  if (method === 'entries') return list().map(one => ({ ...one, path: [...one.path, PAIR] }))
  if (SAME_ELEMENTS.has(method))
    return method === 'concat' ? [...list(), ...call.arguments.flatMap(one => elements(from(one, at), at))] : list()
  return undefined
}

/** Stands in a path for a pair of key and value until one of them is taken. */
const PAIR = '(pair)'

/** A member of each of these. */
function member(origins: readonly Origin[], name: string, at: At): readonly Origin[] {
  return origins.flatMap(one => memberOf(one, name, at))
}

function memberOf(origin: Origin, name: string, at: At): readonly Origin[] {
  if (origin.path.at(-1) === PAIR) return name === '1' ? [{ ...origin, path: origin.path.slice(0, -1) }] : []
  if (origin.path.length || at.depth > MAX_DEPTH || at.budget.left-- <= 0) return [below(origin, name)]
  const { node } = origin
  const inside = placed(origin, at)
  if (ts.isObjectLiteralExpression(node)) return memberOfObject(origin, node, name, inside)
  if (ts.isArrayLiteralExpression(node) && /^\d+$/.test(name)) {
    const element = node.elements[Number(name)]
    if (element && !node.elements.some(ts.isSpreadElement)) return from(element, inside)
    return elements([origin], at)
  }
  if (name === '[]' || (/^\d+$/.test(name) && isListCall(node))) return elements([origin], at)
  if (ts.isNewExpression(node)) {
    const made = targetsOfNew(node, inside)
    return made ? memberOfClass(made.node, name, false, made.at) : [below(origin, name)]
  }
  if (ts.isClassLike(node)) return memberOfClass(node, name, true, inside)
  if (node.kind === ts.SyntaxKind.ThisKeyword) return memberOfThis(origin, name, inside)
  if (ts.isParameter(node) && ts.isIdentifier(node.name))
    return [below(origin, name), ...writtenTo(node.name, name, inside)]
  if (ts.isIdentifier(node)) return memberOfModule(node, name, inside) ?? [below(origin, name)]
  if (ts.isCallExpression(node)) {
    const module = requiredModule(node)
    const target = module && inside.file.imports.find(one => one.specifier === module)?.file
    if (target) return exported(target, name, inside) ?? [below(origin, name)]
    if (globalName(bare(node.expression)) === 'Object.assign') {
      const written = node.arguments.flatMap(one => member(from(one, inside), name, inside))
      return written.length ? written : [below(origin, name)]
    }
  }
  return [below(origin, name)]
}

function requiredModule(call: ts.CallExpression): string | undefined {
  const [argument] = call.arguments
  const isRequire =
    (ts.isIdentifier(call.expression) && call.expression.text === 'require') ||
    call.expression.kind === ts.SyntaxKind.ImportKeyword
  return isRequire && argument && ts.isStringLiteralLike(argument) ? argument.text : undefined
}

/** `lib.save`, where `lib` is a module of the project. */
function memberOfModule(identifier: ts.Identifier, name: string, at: At): readonly Origin[] | undefined {
  const binding = resolveName(identifier)
  const imported = binding?.imported
  if (!imported || (imported.name !== '*' && imported.name !== 'default')) return undefined
  const target = at.file.imports.find(one => one.specifier === imported.module)?.file
  return target && exported(target, name, at)
}

/** The last that is written wins; what an unknown spread holds may win too, and so may what is written later. */
function memberOfObject(origin: Origin, node: ts.ObjectLiteralExpression, name: string, at: At): readonly Origin[] {
  const found: Origin[] = [...writtenLater(node, name, at)]
  for (const property of [...node.properties].reverse()) {
    if (ts.isSpreadAssignment(property)) {
      const spread = from(property.expression, at)
      found.push(...member(spread, name, at))
      if (spread.every(one => isClosed(one) && has(one.node as ts.ObjectLiteralExpression, name))) return found
      continue
    }
    const own = propertyName(property.name)
    if (own === undefined && name !== '[]') {
      // A computed name may be this one.
      if (ts.isPropertyAssignment(property) && at.through === 'content') found.push(...from(property.initializer, at))
      continue
    }
    if (own !== name && name !== '[]') continue
    if (ts.isPropertyAssignment(property)) found.push(...read(property.initializer, at))
    else if (ts.isShorthandPropertyAssignment(property)) found.push(...read(property.name, at))
    else if (ts.isMethodDeclaration(property)) found.push(...leaf(property, at))
    else found.push(below(origin, name))
    if (name !== '[]') return found
  }
  return found
}

const isClosed = (origin: Origin): boolean =>
  !origin.path.length &&
  ts.isObjectLiteralExpression(origin.node) &&
  origin.node.properties.every(one => !ts.isSpreadAssignment(one) && propertyName(one.name) !== undefined)
const has = (node: ts.ObjectLiteralExpression, name: string): boolean =>
  node.properties.some(one => propertyName(one.name) === name)

/** `params.Key = …`, for the object that a variable is declared with. */
function writtenLater(node: ts.ObjectLiteralExpression, name: string, at: At): readonly Origin[] {
  const { parent: declaration } = outermost(
    node,
    ts.isAsExpression,
    ts.isSatisfiesExpression,
    ts.isParenthesizedExpression,
  )
  return ts.isVariableDeclaration(declaration) && ts.isIdentifier(declaration.name)
    ? writtenTo(declaration.name, name, at)
    : []
}

/** `event.body = …`: what a member of a name is given later. */
function writtenTo(identifier: ts.Identifier, name: string, at: At): readonly Origin[] {
  return (indexOf(at.file.ast).memberWrites.get(name) ?? []).flatMap(one => {
    const left = bare(one.left)
    const object =
      ts.isPropertyAccessExpression(left) || ts.isElementAccessExpression(left) ? left.expression : undefined
    return object && isTheName(object, identifier) ? read(one.right, at) : []
  })
}

function memberOfThis(origin: Origin, name: string, at: At): readonly Origin[] {
  for (let current: ts.Node | undefined = origin.node.parent; current; current = current.parent) {
    if (ts.isClassLike(current)) return memberOfClass(current, name, false, at)
    // In a method of an object, `this` is the object.
    const isMethod = ts.isMethodDeclaration(current) || ts.isFunctionExpression(current)
    const object = isMethod ? objectAround(current) : undefined
    if (object) {
      return memberOfObject({ ...origin, node: object, path: [] }, object, name, at)
    }
  }
  return [below(origin, name)]
}

function objectAround(fn: ts.Node): ts.ObjectLiteralExpression | undefined {
  const { parent } = fn
  if (ts.isObjectLiteralExpression(parent)) return parent
  return ts.isPropertyAssignment(parent) && ts.isObjectLiteralExpression(parent.parent) ? parent.parent : undefined
}

/** The class that a `new` makes one of, and its constructor's call. */
function targetsOfNew(
  node: ts.NewExpression,
  at: At,
): { readonly node: ts.ClassLikeDeclaration; readonly at: At } | undefined {
  const [made] = from(node.expression, { ...at, through: 'value', callers: false })
  if (!made || made.path.length || !ts.isClassLike(made.node)) return undefined
  const maker = constructorOf(made.node)
  return {
    node: made.node,
    at: { ...at, file: made.file, frame: maker ? frameOf(maker, node, at) : made.frame },
  }
}

const constructorOf = (node: ts.ClassLikeDeclaration): ts.ConstructorDeclaration | undefined =>
  node.members.find(
    (one): one is ts.ConstructorDeclaration => ts.isConstructorDeclaration(one) && one.body !== undefined,
  )

/**
 * What a member of a class is: a method, what it is declared with, what is assigned to it, a parameter of the
 * constructor, of what it extends.
 */
function memberOfClass(node: ts.ClassLikeDeclaration, name: string, isStatic: boolean, at: At): readonly Origin[] {
  const found: Origin[] = []
  let declared = false
  for (const one of node.members) {
    if (ts.isConstructorDeclaration(one)) {
      const parameter = isStatic
        ? undefined
        : one.parameters.find(
            parameter =>
              ts.isParameterPropertyDeclaration(parameter, one) &&
              ts.isIdentifier(parameter.name) &&
              parameter.name.text === name,
          )
      if (parameter) {
        declared = true
        found.push(...fromParameter(parameter, at))
      }
      continue
    }
    if (propertyName(one.name) !== name) continue
    const own = ts.canHaveModifiers(one) && ts.getModifiers(one)?.some(it => it.kind === ts.SyntaxKind.StaticKeyword)
    if ((own ?? false) !== isStatic) continue
    declared = true
    if (ts.isMethodDeclaration(one)) return leaf(one, at)
    if (ts.isPropertyDeclaration(one) && one.initializer && !isNothing(one.initializer))
      found.push(...read(one.initializer, at))
    if (ts.isGetAccessor(one))
      for (const value of returnsOf(one as unknown as FunctionNode)) if (value) found.push(...read(value, at))
  }
  if (!isStatic)
    for (const write of indexOf(node.getSourceFile()).memberWrites.get(name) ?? []) {
      const left = bare(write.left)
      const object = ts.isPropertyAccessExpression(left) ? left.expression : undefined
      if (object?.kind !== ts.SyntaxKind.ThisKeyword || classAround(write) !== node) continue
      declared = true
      found.push(...read(write.right, at))
    }
  if (found.length || declared) return found
  const base = node.heritageClauses?.find(one => one.token === ts.SyntaxKind.ExtendsKeyword)?.types[0]?.expression
  const [parent] = base ? from(base, { ...at, through: 'value', callers: false }) : []
  return parent && !parent.path.length && ts.isClassLike(parent.node)
    ? memberOfClass(parent.node, name, isStatic, { ...placed(parent, at), frame: undefined })
    : []
}

function classAround(node: ts.Node): ts.Node | undefined {
  for (let current: ts.Node | undefined = node.parent; current; current = current.parent)
    if (ts.isClassLike(current)) return current
  return undefined
}
