/** Places where text becomes something else: a command, a statement, code, a path, an address, a page. */
import { ts } from '../application/typescript.ts'
import type { CodeFile } from '../application/code.ts'
import { bare, importOf, isGlobal, propertyName, propertyOf, resolveName } from '../syntax/syntax.ts'
import { assignmentsTo, follow } from './origins.ts'
import { textOf } from './values.ts'

/** What must not take input as it comes. */
export type SinkKind =
  | 'shell'
  | 'sql'
  | 'eval'
  | 'path'
  | 'module'
  | 'url'
  | 'html'
  | 'nosql'
  | 'request'
  | 'redirect'
  | 'pattern'
  | 'xml'

/** A place in the code that runs, opens or sends what it is given. */
export interface Sink {
  readonly kind: SinkKind
  /** The text that becomes it. */
  readonly text: ts.Expression
}

type Made = ReturnType<typeof importOf>

/** What a call or `new` makes of its arguments. */
export function sinksOf(node: ts.CallExpression | ts.NewExpression, file: CodeFile): readonly Sink[] {
  const args = node.arguments ?? []
  const callee = bare(node.expression)
  if (args.length === 0) return []
  const made = importOf(callee)
  return [
    ...evaluates(node, callee, args, made),
    ...commands(callee, args, made, file),
    ...statements(node, callee, args, made, file),
    ...paths(callee, args, made),
    ...addresses(callee, args, made, file),
    ...queries(callee, args, file),
    ...patterns(callee, args, file),
    ...documents(args, made, file),
  ]
}

const sink = (kind: SinkKind, ...texts: readonly (ts.Expression | undefined)[]): readonly Sink[] =>
  texts.flatMap(text => (text ? [{ kind, text }] : []))

/** What a name stands for, where that is written in the same file: findings stand in the file that is looked at. */
function here(node: ts.Expression, file: CodeFile): ts.Expression | undefined {
  const expression = bare(node)
  // Every call of a project comes by here, and what it is given is mostly no name of anything.
  if (!ts.isIdentifier(expression) || resolveName(expression)?.kind === 'parameter') return expression
  const target = follow(expression, file)
  return target.file === file ? target.node : undefined
}

function memberOf(node: ts.Expression, name: string, file: CodeFile): ts.Expression | undefined {
  const object = here(node, file)
  return object && ts.isObjectLiteralExpression(object) ? propertyOf(object, name) : undefined
}

/** `eval`, `new Function`, and what `vm` runs. */
function evaluates(
  node: ts.CallExpression | ts.NewExpression,
  callee: ts.Expression,
  args: readonly ts.Expression[],
  made: Made,
): readonly Sink[] {
  if (ts.isIdentifier(callee) && isGlobal(callee)) {
    if (callee.text === 'eval' && ts.isCallExpression(node)) return sink('eval', args[0])
    if (callee.text === 'Function') return sink('eval', ...args)
    // A timer that is given a text runs it.
    if (/^set(Timeout|Interval)$/.test(callee.text) && args[0] && isComposed(args[0])) return sink('eval', args[0])
    return []
  }
  if (
    made &&
    /^(node-serialize|serialize-to-js|funcster)$/.test(made.module) &&
    /unserialize|deserialize|deepDeserialize/.test(made.name)
  )
    return sink('eval', args[0])
  return made &&
    /^(node:)?vm$/.test(made.module) &&
    /(^|\.)(runIn(New|This)?Context|compileFunction|Script)$/.test(made.name)
    ? sink('eval', args[0])
    : []
}

/** Commands: `exec`, and `spawn` of a shell. */
function commands(
  callee: ts.Expression,
  args: readonly ts.Expression[],
  imported: Made,
  file: CodeFile,
): readonly Sink[] {
  const made = imported ?? promisified(callee, file)
  if (!made) return []
  const name = made.name.split('.').at(-1) ?? ''
  if (/^(node:)?child_process$/.test(made.module)) {
    if (name === 'exec' || name === 'execSync') return sink('shell', args[0])
    if (!/^(spawn|execFile)(Sync)?$/.test(name)) return []
    const list = args[1] && here(args[1], file)
    const given = list && ts.isArrayLiteralExpression(list) ? list.elements : []
    const last = args.length > 1 ? args.at(-1) : undefined
    const options = last && memberOf(last, 'shell', file)
    if (options && bare(options).kind !== ts.SyntaxKind.FalseKeyword) return sink('shell', args[0], ...given)
    const shell =
      args[0] && /(^|\/)(ba|z|da)?sh$/.test(textOf(args[0], file) ?? '') && given[0] && textOf(given[0], file) === '-c'
    return shell ? sink('shell', given[1]) : sink('shell', args[0])
  }
  if (made.module === 'execa' && /^(execaCommand(Sync)?|command(Sync)?)$/.test(name)) return sink('shell', args[0])
  return made.module === 'shelljs' && name === 'exec' ? sink('shell', args[0]) : []
}

/** `const run = promisify(exec)`. */
function promisified(
  callee: ts.Expression,
  file: CodeFile,
): { readonly module: string; readonly name: string } | undefined {
  if (!ts.isIdentifier(callee)) return undefined
  const made = follow(callee, file).node
  if (!ts.isCallExpression(made) || !made.arguments[0]) return undefined
  const wrapper = importOf(made.expression)
  return wrapper && /^(node:)?util$/.test(wrapper.module) && wrapper.name.endsWith('promisify')
    ? importOf(made.arguments[0])
    : undefined
}

const STATEMENT =
  /^\s*(--.*\n\s*)*(select\b[\s\S]*\bfrom\b|insert\s+(into|ignore)\b|update\b[\s\S]*\bset\b|delete\s+from\b|(create|drop|alter|truncate)\s+(table|database|schema|user|view|index)\b|with\b[\s\S]*\bas\s*\(|replace\s+into\b|merge\s+into\b|call\s+\w|exec\s+\w|grant\b)/i

/** Parts of a statement that knex takes as they are. */
const RAW = /^(where|andWhere|orWhere|having|orHaving|orderBy|groupBy|join|from|select|on)Raw$/

/** Statements of SQL that are put together: `query`, `execute`, the data API, Athena, PartiQL. */
function statements(
  node: ts.Node,
  callee: ts.Expression,
  args: readonly ts.Expression[],
  made: Made,
  file: CodeFile,
): readonly Sink[] {
  if (ts.isNewExpression(node)) {
    return made && /^@aws-sdk\/(client|lib)-/.test(made.module)
      ? sink(
          'sql',
          ...['sql', 'Sql', 'QueryString', 'Statement'].map(name => args[0] && memberOf(args[0], name, file)),
        ).filter(one => isStatement(one, file))
      : []
  }
  if (ts.isPropertyAccessExpression(callee) && RAW.test(callee.name.text) && args[0] && isComposed(args[0]))
    return sink('sql', args[0])
  if (
    !ts.isPropertyAccessExpression(callee) ||
    !/^(query|execute|raw|unsafe|\$queryRawUnsafe|\$executeRawUnsafe|executeStatement|startQueryExecution|run|all|one|none|many|any|manyOrNone|oneOrNone|prepare)$/.test(
      callee.name.text,
    )
  )
    return []
  return sink(
    'sql',
    args[0],
    ...['sql', 'text', 'QueryString', 'Statement'].map(name => args[0] && memberOf(args[0], name, file)),
  ).filter(one => isStatement(one, file))
}

/** Whether a text is put together and begins as a statement does. */
const isStatement = ({ text }: Sink, file: CodeFile): boolean =>
  mayBeginStatement(text) && isComposed(text) && STATEMENT.test(outline(text, file))

/** Whether the first words of a text leave it open: most texts that are put together begin otherwise. */
function mayBeginStatement(text: ts.Expression): boolean {
  let first = bare(text)
  while (ts.isBinaryExpression(first)) first = bare(first.left)
  const head: ts.Node = ts.isTemplateExpression(first) ? first.head : first
  const written = ts.isTemplateHead(head) || ts.isStringLiteralLike(head) ? head.text : ''
  return /^\s*([a-z]*$|--|select|insert|update|delete|create|drop|alter|truncate|with|replace|merge|call|exec|grant)/i.test(
    written,
  )
}

/** Whether a text is put together of pieces. */
function isComposed(node: ts.Expression): boolean {
  const name = bare(node)
  if (ts.isIdentifier(name)) {
    const declared = resolveName(name)
    if (
      declared?.kind === 'variable' &&
      !declared.constant &&
      assignmentsTo(declared.identifier).some(one => one.operatorToken.kind === ts.SyntaxKind.PlusEqualsToken)
    )
      return true
  }
  const text = lastValue(node)
  return (
    ts.isTemplateExpression(text) ||
    (ts.isBinaryExpression(text) && text.operatorToken.kind === ts.SyntaxKind.PlusToken)
  )
}

/** What a name was set to where it was declared, also of a `let`. */
function lastValue(node: ts.Expression): ts.Expression {
  const expression = bare(node)
  if (!ts.isIdentifier(expression)) return expression
  const initializer = resolveName(expression)?.initializer
  return initializer && bare(initializer) !== expression ? lastValue(initializer) : expression
}

/** A text with `?` for each of its holes. */
function outline(node: ts.Expression, file: CodeFile): string {
  const text = lastValue(node)
  if (ts.isTemplateExpression(text))
    return (
      text.head.text +
      text.templateSpans.map(span => (textOf(span.expression, file) ?? '?') + span.literal.text).join('')
    )
  if (ts.isBinaryExpression(text) && text.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return outline(text.left, file) + outline(text.right, file)
  return textOf(text, file) ?? '?'
}

const FS =
  /^(readFile|createReadStream|createWriteStream|writeFile|appendFile|unlink|rm|rmdir|readdir|open|stat|mkdir|cp|copyFile|rename)(Sync)?$/

function paths(callee: ts.Expression, args: readonly ts.Expression[], made: Made): readonly Sink[] {
  if (ts.isIdentifier(callee) && callee.text === 'require' && isGlobal(callee)) return sink('module', args[0])
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return sink('module', args[0])
  if (!made || !/^(node:)?fs(\/promises)?$|^fs-extra$|^graceful-fs$/.test(made.module)) return []
  const name = made.name.split('.').at(-1) ?? ''
  return FS.test(name) ? sink('path', args[0], /^(cp|copyFile|rename)/.test(name) ? args[1] : undefined) : []
}

const CLIENTS = /^(axios|got|node-fetch|undici|needle|superagent|request|request-promise|ky|cross-fetch|phin)$/

/** Addresses that are asked. */
function addresses(callee: ts.Expression, args: readonly ts.Expression[], made: Made, file: CodeFile): readonly Sink[] {
  const [first] = args
  if (!first || !isRequest(callee, made)) return []
  const options = here(first, file)
  if (!options || !ts.isObjectLiteralExpression(options)) return sink('url', first)
  return sink('url', ...['url', 'uri', 'hostname', 'host', 'baseURL'].map(name => propertyOf(options, name)))
}

function isRequest(callee: ts.Expression, made: Made): boolean {
  if (ts.isIdentifier(callee) && callee.text === 'fetch' && isGlobal(callee)) return true
  if (!made) return false
  const name = made.name.replace(/^(default|\*)(\.|$)/, '')
  if (/^(node:)?https?$/.test(made.module)) return name === 'get' || name === 'request'
  return (
    CLIENTS.test(made.module) && (name === '' || /^(fetch|request|get|post|put|patch|delete|head|stream)$/.test(name))
  )
}

/** Whether what comes from outside decides over the host of an address: nothing before it ends the host. */
export function decidesHost(before: string): boolean {
  return before === '' || /^(https?:)?\/\/[^/?#]*$/i.test(before)
}

/** Expressions of DynamoDB that are put together, and code in filters of MongoDB. */
function queries(callee: ts.Expression, args: readonly ts.Expression[], file: CodeFile): readonly Sink[] {
  const [first] = args
  const input = first && here(first, file)
  if (!input || !ts.isObjectLiteralExpression(input)) return []
  const where =
    ts.isPropertyAccessExpression(callee) &&
    /^(find|findOne|findOneAnd\w+|update(One|Many)|delete(One|Many)|count(Documents)?|aggregate)$/.test(
      callee.name.text,
    )
      ? propertyOf(input, '$where')
      : undefined
  const expressions = ['FilterExpression', 'KeyConditionExpression', 'ConditionExpression', 'UpdateExpression']
    .flatMap(name => propertyOf(input, name) ?? [])
    .filter(isComposed)
  return sink('nosql', where, ...expressions)
}

/** Regular expressions that are made of a text. */
const patterns = (callee: ts.Expression, args: readonly ts.Expression[], file: CodeFile): readonly Sink[] =>
  ts.isIdentifier(callee) && callee.text === 'RegExp' && isGlobal(callee) && args[0] && !isEscaped(args[0], file)
    ? sink('pattern', args[0])
    : []

/** A text whose special characters have been replaced. */
function isEscaped(node: ts.Expression, file: CodeFile): boolean {
  const text = lastValue(node)
  if (ts.isTemplateExpression(text)) return text.templateSpans.every(span => isEscaped(span.expression, file))
  if (!ts.isCallExpression(text)) return textOf(text, file) !== undefined
  if (/escape/i.test(text.expression.getText())) return true
  return (
    ts.isPropertyAccessExpression(text.expression) &&
    /^replace(All)?$/.test(text.expression.name.text) &&
    text.arguments[0]?.kind === ts.SyntaxKind.RegularExpressionLiteral
  )
}

/** Documents of XML that are read with the entities that they declare. */
function documents(args: readonly ts.Expression[], made: Made, file: CodeFile): readonly Sink[] {
  if (!made || !/^libxmljs2?(-|$)/.test(made.module) || !/(^|\.)parse(Xml|XmlString|XmlAsync)?$/.test(made.name))
    return []
  const options = args[1] && here(args[1], file)
  if (!options || !ts.isObjectLiteralExpression(options)) return []
  const entities = ['noent', 'replaceEntities', 'dtdload'].map(name => propertyOf(options, name))
  return entities.some(one => one && bare(one).kind === ts.SyntaxKind.TrueKeyword) ? sink('xml', args[0]) : []
}

/** Where an answer sends the browser. */
export function redirectOf(answer: ts.ObjectLiteralExpression, file: CodeFile): Sink | undefined {
  const headers = propertyOf(answer, 'headers')
  const status = propertyOf(answer, 'statusCode')
  const object = headers && here(headers, file)
  if (!status || !object || !ts.isObjectLiteralExpression(object)) return undefined
  const location = object.properties.find(property => propertyName(property.name)?.toLowerCase() === 'location')
  // 201 says where what was made is.
  return location && ts.isPropertyAssignment(location) && /^3\d\d$/.test(textOf(status, file) ?? '')
    ? { kind: 'redirect', text: location.initializer }
    : undefined
}

/** Whether a text that is put together begins as a statement does. */
export const beginsStatement = (text: ts.Expression, file: CodeFile): boolean =>
  isStatement({ kind: 'sql', text }, file)

/** The page in an answer with `Content-Type: text/html`. */
export function pageOf(answer: ts.ObjectLiteralExpression, file: CodeFile): Sink | undefined {
  const body = propertyOf(answer, 'body')
  const headers = body && propertyOf(answer, 'headers')
  const object = headers && here(headers, file)
  if (!body || !object || !ts.isObjectLiteralExpression(object)) return undefined
  const type = object.properties.find(property => propertyName(property.name)?.toLowerCase() === 'content-type')
  return type && ts.isPropertyAssignment(type) && /^text\/html/i.test(textOf(type.initializer, file) ?? '')
    ? { kind: 'html', text: body }
    : undefined
}

/**
 * Whether the name of a table or database follows in a statement that is put together so far; `\0` is a part that is
 * worked out, such as the name of the database of the table.
 */
export const isBeforeName = (before: string): boolean =>
  /(\b|\\[nrt])(table|from|into|join|update|database|schema|exists)(\s|\\[nrt])+[`"]?(\0[`"]?\.[`"]?)?$/i.test(before)
