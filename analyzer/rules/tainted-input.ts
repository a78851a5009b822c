import { ts } from '../application/typescript.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext, PythonContext } from '../engine/rule.ts'
import { bare, enclosingFunction } from '../syntax/syntax.ts'
import { some } from '../application/walk.ts'
import { isChecked } from '../dataflow/checked-input.ts'
import { eventFlows } from '../dataflow/event-origins.ts'
import type { Flow } from '../dataflow/event-origins.ts'
import { kindsOf } from '../dataflow/event-kinds.ts'
import { trustOf } from '../dataflow/event-trust.ts'
import { isLogging } from '../dataflow/logging.ts'
import { follow } from '../dataflow/origins.ts'
import { beginsStatement, decidesHost, isBeforeName, pageOf, redirectOf, sinksOf } from '../dataflow/input-sinks.ts'
import type { Sink, SinkKind } from '../dataflow/input-sinks.ts'
import { textOf } from '../dataflow/values.ts'
import type { EventPath } from '../dataflow/event-origins.ts'
import { ownMethodsOf } from '../python/classes.ts'
import { isPythonChecked, pythonEventFlows } from '../python/event-flow.ts'
import { pythonSinks } from '../python/input-sinks.ts'
import { ancestors } from '../python/syntax.ts'
import { sdkCallsOf } from '../sdk/sdk-calls.ts'

/** What comes with an event, put as it is into a command, a statement, code, a path, an address or a page. */
export const rule = defineRule({
  id: 'tainted-input',
  python: checkPython,
  file(file, code) {
    for (const { node, input } of sdkCallsOf(file))
      if (input && input.file === file && !ts.isObjectLiteralExpression(bare(input.node)) && input.node.pos > node.pos)
        check({ kind: 'request', text: input.node }, code)
  },
  visit: {
    CallExpression: (node, code) => sinksOf(node, code.file).forEach(sink => check(sink, code)),
    NewExpression: (node, code) => sinksOf(node, code.file).forEach(sink => check(sink, code)),
    TemplateExpression(node, code) {
      if (isPage(node.head.text, code)) check({ kind: 'html', text: node }, code)
      else if (isLooseStatement(node, code)) check({ kind: 'sql', text: node }, code)
    },
    BinaryExpression(node, code) {
      const isSum = node.operatorToken.kind === ts.SyntaxKind.PlusToken
      if (!isSum || (ts.isBinaryExpression(node.parent) && node.parent.operatorToken.kind === ts.SyntaxKind.PlusToken))
        return
      let first: ts.Expression = node
      while (ts.isBinaryExpression(first)) first = bare(first.left)
      if (ts.isStringLiteralLike(first) && isPage(first.text, code)) check({ kind: 'html', text: node }, code)
      else if (isLooseStatement(node, code)) check({ kind: 'sql', text: node }, code)
    },
    ObjectLiteralExpression(node, code) {
      const page = pageOf(node, code.file)
      if (page) check(page, code)
      const redirect = redirectOf(node, code.file)
      if (redirect) check(redirect, code)
    },
  },
})

/** A text that is logged, or the words of an error. */
const isForPeople = ({ parent }: ts.Expression): boolean =>
  (ts.isCallExpression(parent) && isLogging(parent.expression)) ||
  (ts.isNewExpression(parent) && /Error$/.test(parent.expression.getText()))

/**
 * A statement that is put together in a function that hands none to a database by a call that is known: whoever gets it
 * will. Where a known call is, the call is looked at instead.
 */
function isLooseStatement(text: ts.Expression, code: CodeContext): boolean {
  const { file } = code
  if (!hasStatements(code) || !beginsStatement(text, file) || isForPeople(text)) return false
  const around = enclosingFunction(text)
  return (
    around !== undefined &&
    !some(around, one => ts.isCallExpression(one) && sinksOf(one, file).some(({ kind }) => kind === 'sql'))
  )
}

const stating = new WeakMap<CodeContext, boolean>()

/** Whether any file that the handlers reach has a word that a statement begins with. */
function hasStatements(code: CodeContext): boolean {
  let answer = stating.get(code)
  if (answer === undefined)
    stating.set(
      code,
      (answer = code.handlers.some(handler =>
        handler.files.some(file =>
          /\b(select|insert|update|delete|create|drop|alter|truncate|with|replace|merge|call|exec|grant)\b/i.test(
            file.source.text,
          ),
        ),
      )),
    )
  return answer
}

/** A text that begins as a page does; where the file answers with pages, the answer is looked at instead. */
const isPage = (start: string, code: CodeContext): boolean =>
  /^\s*<(!doctype html|html|body|head|div|p|h[1-6]|span|a|img|table|ul|ol|li|b|strong|em|br|form|script)[\s>]/i.test(
    start,
  ) && !/text\/html/i.test(code.file.source.text)

const WORDS: { readonly [kind in SinkKind]: readonly [becomes: string, instead: string] } = {
  shell: [
    'part of a command',
    'Whoever sends it may add commands of their own. Call the program with execFile and a list of arguments, ' +
      'without a shell, and take only what you know',
  ],
  sql: [
    'part of an SQL statement',
    'Whoever sends it may change what the statement does. Put a placeholder there, and hand the value over as ' +
      'a parameter',
  ],
  eval: [
    'code that is run',
    'Whoever sends it may run anything with the rights of the function. Parse data with JSON.parse, ' +
      'and choose among functions of your own',
  ],
  path: [
    'part of a path',
    'With ../ it names any file of the environment. Take path.basename of it, or look it up among known names',
  ],
  module: [
    'the module that is loaded',
    'Whoever sends it chooses which code of the environment runs. Look it up in an object of the modules that you know',
  ],
  url: [
    'the host that is asked',
    'Whoever sends it makes the function ask any host that it can reach, those of its VPC too. ' +
      'Keep the host fixed, or look it up among known ones',
  ],
  html: ['part of a page', 'A script in it runs in the browser of whoever opens the page. Escape it for HTML'],
  redirect: [
    'the address that a browser is sent to',
    'Whoever makes a link to it sends your visitors where they like. Keep the host fixed, ' +
      'or look it up among known ones',
  ],
  pattern: [
    'a regular expression',
    'Whoever sends it may choose one that takes minutes to try. Escape its special characters, or compare texts',
  ],
  xml: [
    'a document whose entities are read',
    'Whoever sends it may have files of the environment and other hosts read. Read it without entities (noent: false)',
  ],
  request: [
    'the whole of a request to AWS',
    'Whoever sends it chooses the table, the bucket and every option that the role allows. ' +
      'Build the request of members that you know',
  ],
  nosql: [
    'part of a database expression',
    'Whoever sends it may change what is asked. Put a placeholder (:value) there, and hand the value over in ' +
      'ExpressionAttributeValues',
  ],
}

function check(sink: Sink, code: CodeContext): void {
  if (!code.inHandler(sink.text)) return
  const flows = isAddress(sink.kind) ? hostOf(sink.text, code) : eventFlows(sink.text, code)
  const kinds = new Set(code.handlers.flatMap(handler => [...kindsOf(handler)]))
  // All that reaches it counts, and the worst of it is told.
  const found = flows
    .map(flow => ({ flow, from: trustOf(flow.path, kinds) }))
    .filter(({ flow, from }) => !isHandedThrough(sink, flow, from))
    .filter(({ from }) => isTold(from, sink.kind, kinds.size === 0))
    .filter(({ flow }) => !isChecked(flow.spoken, sink.text))
    .sort((one, other) => Number(other.from === 'outside') - Number(one.from === 'outside'))
  const [worst] = found
  if (!worst || code.file.imports.some(one => VALIDATORS.test(one.specifier))) return
  if (sink.kind === 'sql' && worst.from === 'inside' && isNameAlone(sink.text, code)) return
  const [becomes, help] = WORDS[sink.kind]
  const { path } = worst.flow
  code.report({
    at: sink.text,
    message: `${eventText(path)} becomes ${becomes} as it comes`,
    help,
    // Who sends to a queue, or invokes by name, is mostly known.
    ...(worst.from === 'inside' || MILD.has(sink.kind) ? { severity: 'warning' as const } : {}),
  })
}

/** Only who decides over the host of an address decides where it leads. */
const isAddress = (kind: SinkKind): boolean => kind === 'url' || kind === 'redirect'

/** A whole page or statement that is handed through is meant so; a page that a request brings is not. */
const isHandedThrough = ({ kind }: Sink, flow: Flow, from: ReturnType<typeof trustOf>): boolean =>
  kind === 'request'
    ? !flow.exact || flow.path.length > 1
    : (kind === 'sql' || (kind === 'html' && from !== 'outside')) && flow.exact

/** Wherever it comes from, it may not become any of these. */
const DANGEROUS: ReadonlySet<SinkKind> = new Set(['shell', 'sql', 'eval'])
/** Where nothing says who sends the event, it may be anybody. */
const DOUBTFUL: ReadonlySet<SinkKind> = new Set(['html', 'nosql', 'request', 'redirect', 'pattern', 'xml'])
/** What harms the visitor, or takes time alone. */
const MILD: ReadonlySet<SinkKind> = new Set(['redirect', 'pattern'])

const isTold = (from: ReturnType<typeof trustOf>, kind: SinkKind, isUnknownSender: boolean): boolean =>
  from === 'outside' || (from === 'inside' && (DANGEROUS.has(kind) || (isUnknownSender && DOUBTFUL.has(kind))))

const VALIDATORS = /^(@middy\/validator|@aws-lambda-powertools\/(parser|validation))/

/** The parts of the event that decide over the host of an address. */
function hostOf(node: ts.Expression, code: CodeContext): readonly Flow[] {
  const { node: expression, file } = follow(node, code.file)
  if (file !== code.file) return []
  let before = ''
  for (const piece of piecesOf(expression, code)) {
    if (typeof piece === 'string') before += piece
    else {
      const known = textOf(piece, code.file)
      if (known === undefined) {
        if (!decidesHost(before)) return []
        const around = eventFlows(node, code).flatMap(flow => flow.spoken)
        return eventFlows(piece, code)
          .filter(flow => flow.exact)
          .map(flow => ({ ...flow, spoken: [...flow.spoken, ...around] }))
      }
      before += known
    }
  }
  return []
}

/**
 * Whether the event gives a statement nothing but names of tables and databases: which table it is, whoever deploys says,
 * and no placeholder could stand there.
 */
function isNameAlone(node: ts.Expression, code: CodeContext): boolean {
  const { node: expression, file } = follow(node, code.file)
  if (file !== code.file) return false
  let before = ''
  let isGiven = false
  for (const piece of piecesOf(expression, code)) {
    const known = typeof piece === 'string' ? piece : textOf(piece, file)
    if (known === undefined && eventFlows(piece as ts.Expression, code).length > 0) {
      if (!isBeforeName(before)) return false
      isGiven = true
    }
    before += known ?? '\0'
  }
  return isGiven
}

function piecesOf(node: ts.Expression, code: CodeContext): readonly (ts.Expression | string)[] {
  const expression = bare(node)
  if (ts.isTemplateExpression(expression))
    return [
      expression.head.text,
      ...expression.templateSpans.flatMap(span => [...piecesOf(span.expression, code), span.literal.text]),
    ]
  if (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return [...piecesOf(expression.left, code), ...piecesOf(expression.right, code)]
  const address = addressIn(expression, code)
  return address ? piecesOf(address, code) : [expression]
}

/** `new URL(address)`, its `href` and `toString()`. An absolute address does not care for a base. */
function addressIn(node: ts.Expression, code: CodeContext): ts.Expression | undefined {
  if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && /^(URL|Request)$/.test(node.expression.text))
    return node.arguments?.[0]
  const member = ts.isCallExpression(node) ? node.expression : node
  if (!ts.isPropertyAccessExpression(member) || !/^(href|toString)$/.test(member.name.text)) return undefined
  const left = follow(member.expression, code.file)
  return left.file === code.file && ts.isNewExpression(left.node) ? addressIn(left.node, code) : undefined
}

/** The same in Python: calls that run, read or ask for what they are given. */
function checkPython(code: PythonContext): void {
  const kinds = new Set(code.functions.flatMap(fn => fn.events.map(event => event.kind)))
  const told = new Set<string>()
  // Calls come first: what they are given is told there, and not once more where it is put together.
  for (const sink of pythonSinks(code.file)) {
    if (!code.isInvoked(sink.text)) continue
    const { guessed } = sink
    const found = code.handlers
      .filter(handler => !guessed || !isOwnWork(ownMethodsOf(guessed, code.file, handler)))
      .flatMap(handler => pythonEventFlows(sink.text, code.file, handler))
      .filter(flow => sink.kind !== 'request' || (flow.exact && flow.path.length < 2))
      .filter(flow => !isAddress(sink.kind) || flow.first)
      .map(flow => ({ flow, from: trustOf(flow.path, kinds) }))
      .filter(
        ({ flow, from }) =>
          !(
            flow.exact &&
            // A whole event is no text, and a statement that is sent whole is what the function is there to run.
            ((sink.kind === 'sql' && flow.path.length !== 1) ||
              (sink.kind === 'html' && flow.path.length > 1 && from !== 'outside'))
          ),
      )
      .filter(({ from }) => isTold(from, sink.kind, kinds.size === 0))
      .filter(({ flow, from }) => !(sink.kind === 'sql' && from === 'inside' && flow.isName))
      .filter(({ flow }) => !isPythonChecked(flow.names, sink.text))
      .sort((one, other) => Number(other.from === 'outside') - Number(one.from === 'outside'))
    const [worst] = found
    if (!worst) continue
    const cause = `${sink.kind} ${worst.flow.path.join('.')}`
    if (sink.isLoose && told.has(cause)) continue
    told.add(cause)
    const [becomes] = WORDS[sink.kind]
    code.report({
      at: sink.text,
      message: `${eventText(worst.flow.path)} becomes ${becomes} as it comes`,
      help: PYTHON_HELP[sink.kind],
      ...(worst.from === 'inside' || MILD.has(sink.kind) ? { severity: 'warning' as const } : {}),
    })
  }
}

/** Whether methods of the project are called that run no statement themselves. */
const isOwnWork = (methods: ReturnType<typeof ownMethodsOf>): boolean =>
  methods.length > 0 &&
  !methods.some(({ node, file }) =>
    pythonSinks(file).some(one => one.kind === 'sql' && [...ancestors(one.text)].includes(node)),
  )

const eventText = (path: EventPath): string =>
  path.length ? `event.${path.join('.').replaceAll('.[]', '[]')}` : 'The whole event'

const PYTHON_HELP: { readonly [kind in SinkKind]: string } = {
  shell:
    'Whoever sends it may add commands of their own. Call subprocess.run with a list of arguments and without ' +
    'shell=True, and take only what you know',
  sql:
    'Whoever sends it may change what the statement does. Put a placeholder there (%s, ?), and hand the value ' +
    'over as the second argument',
  eval:
    'Whoever sends it may run anything with the rights of the function. ' +
    'Parse data with json.loads or ast.literal_eval, and choose among functions of your own',
  path: 'With ../ it names any file of the environment. Take os.path.basename of it, or look it up among known names',
  module:
    'Whoever sends it chooses which code of the environment runs. ' +
    'Look it up in a dictionary of the modules that you know',
  url:
    'Whoever sends it makes the function ask any host that it can reach, those of its VPC too. ' +
    'Keep the host fixed, or look it up among known ones',
  html: 'A script in it runs in the browser of whoever opens the page. Put html.escape(…) around it',
  nosql:
    'Whoever sends it may change what is asked. Build the expression of Key and Attr, and hand the value over ' +
    'in ExpressionAttributeValues',
  redirect:
    'Whoever makes a link to it sends your visitors where they like. Keep the host fixed, ' +
    'or look it up among known ones',
  pattern: 'Whoever sends it may choose one that takes minutes to try. Put re.escape(…) around it, or compare texts',
  xml:
    'Whoever sends it may have files of the environment and other hosts read. ' +
    'Read it with resolve_entities=False, or with defusedxml',
  request:
    'Whoever sends it chooses the table, the bucket and every option that the role allows. ' +
    'Build the request of members that you know',
}
