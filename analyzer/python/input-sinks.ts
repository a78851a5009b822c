/** Calls and texts of Python that run, read, ask for or show what they are given. */
import type { PyNode, PythonFile } from '../application/python.ts'
import type { SinkKind } from '../dataflow/input-sinks.ts'
import { qualifiedName } from './file.ts'
import { isLogCall } from './logging.ts'
import { ancestors, argumentsOf, collect, dottedName, enclosingFunction, literalOf, textOf } from './syntax.ts'

/** A place where a text becomes a command, a statement, code or an address. */
export interface PythonSink {
  readonly kind: SinkKind
  readonly text: PyNode
  /** It is put together here, and a call elsewhere will have it. */
  readonly isLoose?: true
  /** The call, where the name of its method alone says what it does. */
  readonly guessed?: PyNode
}

/**
 * Every sink of a file; a text that becomes a statement where it is executed is told there, and not where it is made.
 */
export function pythonSinks(file: PythonFile): readonly PythonSink[] {
  const calls = collect(file.root, node => node.type === 'call').flatMap(node => sinksOf(node, file))
  const executing = new Set(calls.filter(one => one.kind === 'sql').map(one => enclosingFunction(one.text)))
  const texts = collect(file.root, isComposed)
    .filter(node => ![...ancestors(node)].some(isComposed))
    .filter(node => !isForPeople(node, file))
    .flatMap(node => textSink(node, executing))
  const answers = collect(file.root, node => node.type === 'dictionary').flatMap(answerSinks)
  return [...calls, ...texts, ...answers]
}

type Arguments = ReturnType<typeof argumentsOf>

function sinksOf(call: PyNode, file: PythonFile): readonly PythonSink[] {
  const fn = call.field('function')
  const name = qualifiedName(fn, file) ?? ''
  const method = fn?.type === 'attribute' ? textOf(fn.field('attribute') ?? fn) : ''
  const args = argumentsOf(call)
  const [first, second] = args.positional
  const of = (kind: SinkKind, ...texts: readonly (PyNode | undefined)[]): readonly PythonSink[] =>
    texts.flatMap(text => (text ? [{ kind, text }] : []))
  const commands = commandOf(name, method, args)
  if (commands) return of('shell', ...commands)
  if (EVALUATES.test(name)) return of('eval', first)
  if (name === 'yaml.load' && !/Safe/.test(textOf(args.keywords.get('Loader') ?? second ?? call)))
    return of('eval', first)
  if (/^re\.(compile|search|match|fullmatch|split|findall|finditer|subn?)$/.test(name)) return of('pattern', first)
  if (/^lxml\.etree\.(fromstring|parse|XML|iterparse)$/.test(name) && readsEntities(args, file)) return of('xml', first)
  if (/^(__import__|importlib\.(import_module|__import__))$/.test(name))
    return of('module', first ?? args.keywords.get('name'))
  if (PATHS.test(name)) return of('path', first, name === 'pathlib.Path' ? second : undefined)
  if (/^(requests|httpx)\.(get|post|put|patch|delete|head|request)$/.test(name))
    return of(
      'url',
      name.endsWith('.request') ? (second ?? args.keywords.get('url')) : (first ?? args.keywords.get('url')),
    )
  if (/^urllib\.request\.(urlopen|Request|urlretrieve)$/.test(name)) return of('url', first)
  if (method === 'request' && file.imports.some(one => one.module === 'urllib3')) return of('url', second)
  if (/^(execute|executemany|executescript|read_sql|read_sql_query|raw|mogrify)$/.test(method))
    return of('sql', statementOf(first, file)).map(one => ({ ...one, guessed: call }))
  return [
    ...of('sql', args.keywords.get('QueryString'), args.keywords.get('sql'), args.keywords.get('Statement')),
    ...of('nosql', ...EXPRESSIONS.map(one => args.keywords.get(one))),
    ...of('request', ...wholeRequests(call, file)),
  ]
}

const EVALUATES =
  /^(eval|exec|compile|(c?_?pickle|cPickle|marshal|dill|shelve|jsonpickle|joblib|cloudpickle)\.(loads?|open|decode|Unpickler)|yaml\.(unsafe_load|full_load|load_all|unsafe_load_all)|jinja2\.(Template|Environment\.from_string)|flask\.render_template_string|mako\.template\.Template|code\.InteractiveInterpreter\.runcode)$/
const PATHS =
  /^(open|io\.open|os\.(remove|unlink|rename|listdir|rmdir)|shutil\.(rmtree|copy|copyfile|move)|pathlib\.Path)$/
const EXPRESSIONS = [
  'FilterExpression',
  'KeyConditionExpression',
  'ConditionExpression',
  'UpdateExpression',
  'ScanFilter',
  'QueryFilter',
]

/** Whether a parser of lxml is told to read what entities name. */
function readsEntities({ positional, keywords }: Arguments, file: PythonFile): boolean {
  const given = positional[1] ?? keywords.get('parser')
  const parser = given?.type === 'identifier' ? boundTo(given, file) : given
  if (parser?.type !== 'call') return false
  const options = argumentsOf(parser).keywords
  const isSet = (name: string, value: string): boolean => textOf(options.get(name) ?? parser) === value
  return isSet('resolve_entities', 'True') || isSet('load_dtd', 'True') || isSet('no_network', 'False')
}

/** What a name is set to, when that happens once in its function or file. */
function boundTo(name: PyNode, file: PythonFile): PyNode | undefined {
  const [only, ...others] = collect(
    enclosingFunction(name) ?? file.root,
    one => one.type === 'assignment' && textOf(one.field('left') ?? one) === textOf(name),
  )
  return others.length ? undefined : (only?.field('right') ?? file.bindings.get(textOf(name)))
}

/** The page of an answer with `Content-Type: text/html`, and the address that it sends a browser to. */
function answerSinks(answer: PyNode): readonly PythonSink[] {
  const status = valueOfKey(answer, /^statusCode$/)
  const headers = status && valueOfKey(answer, /^headers$/)
  if (headers?.type !== 'dictionary') return []
  const location = /^3\d\d$/.test(textOf(status ?? headers)) ? valueOfKey(headers, /^location$/i) : undefined
  const isPage = /^text\/html/i.test(literalOf(valueOfKey(headers, /^content-type$/i)) ?? '')
  const body = isPage ? valueOfKey(answer, /^body$/) : undefined
  return [
    ...(location ? [{ kind: 'redirect' as const, text: location }] : []),
    ...(body && !isComposed(body) && body.type !== 'identifier' ? [{ kind: 'html' as const, text: body }] : []),
  ]
}

/** The value of a key of a dictionary that is written out. */
const valueOfKey = (dictionary: PyNode, key: RegExp): PyNode | undefined =>
  dictionary.children.find(pair => pair.type === 'pair' && key.test(literalOf(pair.field('key')) ?? ''))?.field('value')

/** The texts that a call runs as commands or programs; undefined for calls that run nothing. */
function commandOf(name: string, method: string, args: Arguments): readonly (PyNode | undefined)[] | undefined {
  const { positional, keywords } = args
  const [first, second, third] = positional
  if (/^(os\.(system|popen\d?)|subprocess\.(getoutput|getstatusoutput)|commands\.getoutput)$/.test(name)) return [first]
  if (/^os\.(spawn|posix_spawn)/.test(name))
    return name.startsWith('os.posix') ? [first] : [second, ...positional.slice(2, 3)]
  if (/^os\.exec/.test(name)) return [first]
  if (/^asyncio\.create_subprocess_shell$/.test(name)) return [first]
  if (name === 'asyncio.create_subprocess_exec') return isShell(first) && literalOf(second) === '-c' ? [third] : [first]
  if (method === 'subprocess_exec' || method === 'subprocess_shell') return [second]
  if (!/^subprocess\.(run|call|check_call|check_output|Popen)$/.test(name)) return undefined
  const command = listBehind(first ?? keywords.get('args'))
  const shell = keywords.get('shell')
  if (shell && textOf(shell) === 'True') return [command]
  const list = command?.type === 'binary_operator' ? command.children.find(one => one.type === 'list') : command
  if (list?.type !== 'list') return [command]
  const [program, flag, script] = list.children
  return isShell(program) && literalOf(flag) === '-c' ? [script] : [program]
}

/** `command = ['7za', 'x', name]`, and then `run(command)`: the list that a name of the function stands for. */
function listBehind(node: PyNode | undefined): PyNode | undefined {
  const fn = node?.type === 'identifier' ? enclosingFunction(node) : undefined
  if (!node || !fn) return node
  const values = collect(fn, one => one.type === 'assignment' && textOf(one.field('left') ?? one) === textOf(node)).map(
    one => one.field('right'),
  )
  const [only, ...others] = values
  return only?.type === 'list' && !others.length ? only : node
}

const isShell = (node: PyNode | undefined): boolean => /(^|\/)(ba|z|da)?sh$/.test(literalOf(node) ?? '')

/** What stands in `text(…)` of SQLAlchemy is the statement. */
function statementOf(node: PyNode | undefined, file: PythonFile): PyNode | undefined {
  if (node?.type !== 'call' || !/(^|\.)(text|SQL)$/.test(qualifiedName(node.field('function'), file) ?? '')) return node
  return argumentsOf(node).positional[0]
}

/** Methods of boto3 that ask for something. */
const REQUEST =
  /^(query|scan|publish|invoke|(get|put|delete|update|list|describe|create|send|batch|execute|start|stop|copy|upload|transact|receive)_\w+)$/

/** What makes clients and resources, by the name of the last call before a request. */
const MAKER = /(^|_)(client|resource|table|bucket|queue|topic|object|machine)$/i

/** Whether a method may be one of a client: of what has a name, or of what the same chain makes. */
function mayBeClient(node: PyNode | undefined): boolean {
  if (node?.type === 'parenthesized_expression') return mayBeClient(node.children[0])
  if (node?.type === 'attribute') return mayBeClient(node.field('object'))
  if (node?.type !== 'call') return dottedName(node) !== undefined
  const made = node.field('function')
  return MAKER.test(textOf(made?.field('attribute') ?? made ?? node))
}

/** `client.get_object(**event)`: whoever sends it chooses every option. */
function wholeRequests(call: PyNode, file: PythonFile): readonly PyNode[] {
  const fn = call.field('function')
  const method = fn?.type === 'attribute' ? textOf(fn.field('attribute') ?? fn) : ''
  if (
    !file.imports.some(one => /^(boto3|aioboto3)$/.test(one.module)) ||
    !REQUEST.test(method) ||
    !mayBeClient(fn?.field('object'))
  )
    return []
  const given = call.field('arguments')?.children ?? []
  // Methods of boto3 take keywords alone: what is given by position goes to something else.
  if (given.some(one => one.type !== 'dictionary_splat' && one.type !== 'keyword_argument')) return []
  return given.filter(one => one.type === 'dictionary_splat').flatMap(one => one.children[0] ?? [])
}

/** A text that is put together: an f-string, a sum, a format, a join with %. */
function isComposed(node: PyNode): boolean {
  if (node.type === 'string') return node.children.some(child => child.type === 'interpolation')
  if (node.type === 'binary_operator') return firstText(node) !== undefined
  if (node.type !== 'call') return false
  const fn = node.field('function')
  return (
    fn?.type === 'attribute' &&
    textOf(fn.field('attribute') ?? fn) === 'format' &&
    fn.field('object')?.type === 'string'
  )
}

/** A text that is logged, or the words of an exception. */
const isForPeople = (node: PyNode, file: PythonFile): boolean => {
  const call = node.parent?.parent
  return (
    call?.type === 'call' &&
    (isLogCall(call, file) || /(Error|Exception)$/.test(textOf(call.field('function') ?? call)))
  )
}

/** What a text that is put together begins with, when it is known. */
function firstText(node: PyNode): string | undefined {
  if (node.type === 'string') {
    const [first] = node.children.filter(child => /^(string_content|interpolation)$/.test(child.type))
    return first?.type === 'string_content' ? textOf(first) : undefined
  }
  if (node.type === 'call') return firstText(node.field('function')?.field('object') ?? node.children[0] ?? node)
  return node.type === 'binary_operator' && node.children[0] ? firstText(node.children[0]) : undefined
}

const STATEMENT =
  /^\s*(select\s[\s\S]*\sfrom\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|(create|drop|alter|truncate)\s+(table|database|schema|user|view)\s)/i
const PAGE =
  /^\s*<(!doctype html|html|body|head|div|p|h[1-6]|span|a|img|table|ul|ol|li|b|strong|em|br|form|script)[\s>]/i

function textSink(node: PyNode, executing: ReadonlySet<PyNode | undefined>): readonly PythonSink[] {
  const start = firstText(node)
  if (start === undefined) return []
  if (PAGE.test(start)) return [{ kind: 'html', text: node }]
  return STATEMENT.test(start) && !executing.has(enclosingFunction(node))
    ? [{ kind: 'sql', text: node, isLoose: true }]
    : []
}
