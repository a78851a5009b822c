/**
 * Where parts of the event go in Python: through names, members, texts that are put together, loops, and parameters of
 * functions of the project.
 */
import type { PyNode, PythonFile, PythonHandler } from '../application/python.ts'
import type { EventPath } from '../dataflow/event-origins.ts'
import { isBeforeName } from '../dataflow/input-sinks.ts'
import { classAround, classesBehind, heirsOf, lineageOf, methodOf, returnsOf } from './classes.ts'
import type { PythonClass } from './classes.ts'
import { callsNamed } from './calls-by-name.ts'
import { qualifiedName } from './file.ts'
import { ancestors, argumentsOf, collect, dottedName, enclosingFunction, literalOf, textOf } from './syntax.ts'

/** A part of the event that reaches an expression. */
export interface PythonFlow {
  readonly path: EventPath
  /** The expression is this part, or this part decoded; not a text that it is a piece of. */
  readonly exact: boolean
  /** Nothing but a scheme stands in front of it: as an address it decides over the host. */
  readonly first: boolean
  /** In a statement it stands where the name of a table or database does: nothing else can be put there. */
  readonly isName: boolean
  /** Names that it has on its way. */
  readonly names: readonly string[]
}

interface Walk {
  readonly file: PythonFile
  readonly handler: PythonHandler
  readonly budget: { left: number }
  readonly depth: number
  /** A call whose result is looked for, in place of the event. */
  readonly isSource?: (call: PyNode) => boolean
}

const MAX_STEPS = 2000
const MAX_DEPTH = 48

/** All parts of the event that reach an expression. */
export const pythonEventFlows = (node: PyNode, file: PythonFile, handler: PythonHandler): readonly PythonFlow[] =>
  flowsOf(node, { file, handler, budget: { left: MAX_STEPS }, depth: 0 })

/** All parts of the results of some calls that reach an expression. */
export const pythonResultFlows = (
  node: PyNode,
  file: PythonFile,
  handler: PythonHandler,
  isSource: (call: PyNode) => boolean,
): readonly PythonFlow[] => flowsOf(node, { file, handler, budget: { left: MAX_STEPS }, depth: 0, isSource })

const WHOLE: PythonFlow = { path: [], exact: true, first: true, isName: false, names: [] }

/** What gives back what it is given, in another form. */
const DECODES =
  /^(json\.loads|str|bytes|urllib\.parse\.(unquote|unquote_plus|parse_qs)|base64\.(b64decode|urlsafe_b64decode)|bytes\.fromhex|binascii\.unhexlify|dict|list|copy\.(copy|deepcopy)|next|parse)$/
/** Methods whose result is the text, or a part of it. */
const KEEPS =
  /^(strip|lstrip|rstrip|lower|upper|title|capitalize|decode|encode|split|rsplit|splitlines|replace|removeprefix|removesuffix|join|copy|values|items|pop|get|setdefault)$/

function flowsOf(node: PyNode | undefined, walk: Walk): readonly PythonFlow[] {
  if (!node || walk.depth > MAX_DEPTH || walk.budget.left-- <= 0) return []
  const on = (next: PyNode | undefined): readonly PythonFlow[] => flowsOf(next, { ...walk, depth: walk.depth + 1 })
  switch (node.type) {
    case 'identifier':
      return named(textOf(node), flowsOfName(node, walk))
    case 'parenthesized_expression':
    case 'await':
    case 'list_splat':
    case 'keyword_argument':
      return on(node.field('value') ?? node.children[0])
    case 'subscript': {
      const key = literalOf(node.field('subscript'))
      return below(on(node.field('value')), key ?? '[]')
    }
    case 'attribute':
      return dottedName(node.field('object')) === 'self'
        ? flowsOfMember(node, walk)
        : below(on(node.field('object')), textOf(node.field('attribute') ?? node))
    case 'list_comprehension':
    case 'generator_expression':
      return on(node.field('body')).map(flow => ({ ...flow, exact: false }))
    case 'call':
      return flowsOfCall(node, walk, on)
    case 'string':
      return pieces(
        node.children.filter(child => child.type === 'interpolation' || child.type === 'string_content'),
        child => (child.type === 'interpolation' ? on(child.field('expression') ?? child.children[0]) : []),
      )
    case 'concatenated_string':
    case 'binary_operator':
      return pieces(node.children, on)
    case 'boolean_operator':
      return node.children.flatMap(on)
    case 'conditional_expression':
      return [...on(node.children[0]), ...on(node.children[2])]
    case 'tuple':
    case 'list':
    case 'set':
      return node.children.flatMap(on).map(flow => ({ ...flow, exact: false }))
  }
  return []
}

/** Parts of a text that is put together: what comes first decides over the host of an address. */
function pieces(parts: readonly PyNode[], on: (part: PyNode) => readonly PythonFlow[]): readonly PythonFlow[] {
  let before = ''
  return parts.flatMap(part => {
    const first = /^(https?:\/\/)?$/.test(before)
    const isName = isBeforeName(before)
    before += writtenText(part)
    return on(part).map(flow => ({ ...flow, exact: false, first: first && flow.first, isName: isName || flow.isName }))
  })
}

/** A text as it is written, with a mark for each part that is worked out. */
function writtenText(part: PyNode): string {
  if (part.type === 'binary_operator') return part.children.map(writtenText).join('')
  if (part.type === 'line_continuation') return ''
  return literalOf(part) ?? (part.type === 'string_content' ? textOf(part) : '\0')
}

const below = (flows: readonly PythonFlow[], step: string): readonly PythonFlow[] =>
  flows.map(flow => ({ ...flow, path: [...flow.path, step] }))

const named = (name: string, flows: readonly PythonFlow[]): readonly PythonFlow[] =>
  flows.map(flow => ({ ...flow, names: [...flow.names, name] }))

function flowsOfCall(
  node: PyNode,
  walk: Walk,
  on: (next: PyNode | undefined) => readonly PythonFlow[],
): readonly PythonFlow[] {
  if (walk.isSource?.(node)) return [WHOLE]
  const fn = node.field('function')
  const { positional, keywords } = argumentsOf(node)
  const name = qualifiedName(fn, walk.file) ?? ''
  if (DECODES.test(name)) return on(positional[0])
  if (name === 'os.path.join' || name === 'urllib.parse.urljoin') return pieces(positional, on)
  const method = fn?.type === 'attribute' ? textOf(fn.field('attribute') ?? fn) : undefined
  if (method === 'format')
    return pieces(
      [...(fn?.field('object') ? [fn.field('object') as PyNode] : []), ...positional, ...keywords.values()],
      on,
    )
  if (method === 'join') return positional.flatMap(on).map(flow => ({ ...flow, exact: false }))
  if (method !== undefined && KEEPS.test(method)) {
    const key = method === 'get' || method === 'pop' || method === 'setdefault' ? literalOf(positional[0]) : undefined
    const flows = on(fn?.field('object'))
    return key === undefined ? flows : below(flows, key)
  }
  return flowsOfResult(node, walk)
}

/** What a function of the project gives back. */
function flowsOfResult(call: PyNode, walk: Walk): readonly PythonFlow[] {
  const fn = call.field('function')
  const name = dottedName(fn)?.split('.').at(-1)
  if (name === undefined) return []
  const object = fn?.type === 'attribute' ? fn.field('object') : undefined
  const methods = classesBehind(object, walk.file, walk.handler).flatMap(one => methodOf(one, name, walk.handler) ?? [])
  const functions = walk.handler.files.flatMap(file => {
    const node = file.functions.get(name)
    return node ? [{ node, file }] : []
  })
  return [...methods, ...functions].flatMap(({ node, file }) =>
    returnsOf(node).flatMap(given => flowsOf(given, { ...walk, file, depth: walk.depth + 4 })),
  )
}

/** What an object keeps as `self.x`, in whatever method of its class, or of one that it extends, it is set. */
function flowsOfMember(node: PyNode, walk: Walk): readonly PythonFlow[] {
  const own = classAround(node, walk.file)
  const written = dottedName(node)
  if (!own || written === undefined) return []
  const [, member = '', ...rest] = written.split('.')
  const flows = lineageOf(own, walk.handler).flatMap(({ node: body, file }) =>
    collect(body, one => one.type === 'assignment' && dottedName(one.field('left')) === `self.${member}`).flatMap(one =>
      flowsOf(one.field('right'), { ...walk, file, depth: walk.depth + 2 }),
    ),
  )
  return rest.reduce<readonly PythonFlow[]>((found, step) => below(found, step), flows)
}

function flowsOfName(node: PyNode, walk: Walk): readonly PythonFlow[] {
  const name = textOf(node)
  const on = (next: PyNode | undefined): readonly PythonFlow[] => flowsOf(next, { ...walk, depth: walk.depth + 1 })
  for (const around of ancestors(node)) {
    // `for x in …` of a comprehension speaks for the whole of it.
    if (/_comprehension$|^generator_expression$/.test(around.type)) {
      const clause = around.children.find(
        child => child.type === 'for_in_clause' && bindsName(child.field('left'), name),
      )
      if (clause) return below(on(clause.field('right')), '[]')
    }
    if (around.type !== 'function_definition' && around.type !== 'lambda') continue
    const bound = collect(around, one => binds(one, name)).filter(one => enclosingFunction(one) === around)
    if (bound.length) return bound.flatMap(one => flowsOfBinding(one, on))
    const position = parameterAt(around, name)
    if (position !== undefined) return flowsOfParameter(around, position, name, walk)
  }
  const value = walk.file.bindings.get(name)
  return value && value !== node ? on(value) : []
}

const binds = (node: PyNode, name: string): boolean =>
  node.type === 'assignment' ||
  node.type === 'augmented_assignment' ||
  node.type === 'for_statement' ||
  node.type === 'named_expression'
    ? bindsName(node.field('left') ?? node.field('name'), name)
    : false

/** `self.x = …` and `x[0] = …` bind no name. */
const bindsName = (target: PyNode | undefined, name: string): boolean =>
  target !== undefined &&
  !/^(attribute|subscript)$/.test(target.type) &&
  (target.type === 'identifier' ? textOf(target) === name : target.children.some(child => bindsName(child, name)))

function flowsOfBinding(node: PyNode, on: (next: PyNode | undefined) => readonly PythonFlow[]): readonly PythonFlow[] {
  if (node.type === 'for_statement') return below(on(node.field('right')), '[]')
  if (node.type === 'named_expression') return on(node.field('value'))
  const flows = on(node.field('right'))
  return node.type === 'augmented_assignment' ? flows.map(flow => ({ ...flow, exact: false })) : flows
}

function parameterAt(fn: PyNode, name: string): number | undefined {
  const index = (fn.field('parameters')?.children ?? []).findIndex(
    parameter =>
      textOf(
        parameter.field('name') ?? (parameter.type === 'identifier' ? parameter : (parameter.children[0] ?? parameter)),
      ) === name,
  )
  return index < 0 ? undefined : index
}

/** The event itself in the handler; elsewhere what those who call the function hand over. */
function flowsOfParameter(fn: PyNode, position: number, name: string, walk: Walk): readonly PythonFlow[] {
  if (fn === walk.handler.node) return position === 0 && !walk.isSource ? [WHOLE] : []
  const own = fn.field('name')
  if (!own) return []
  const called = textOf(own)
  const isMethod = isInClass(fn) && !isStatic(fn)
  const made = called === '__init__' ? classAround(fn, walk.file) : undefined
  const makers = made && makersOf(made, walk.handler)
  return walk.handler.files.flatMap(file => {
    const calls = makers
      ? [...makers, '__init__'].flatMap(one => callsNamed(one, file).filter(call => mayMake(call, made, makers, file)))
      : callsNamed(called, file).filter(call => mayCall(call, called, isMethod, file, walk.handler))
    return calls.slice(0, 20).flatMap(call => {
      const { positional, keywords } = argumentsOf(call)
      const argument = keywords.get(name) ?? positional[isMethod ? position - 1 : position]
      return flowsOf(argument, { ...walk, file, depth: walk.depth + 3 })
    })
  })
}

/** The names by which an object of a class is made: its own, and those of classes that extend it and say no more. */
const makersOf = (of: PythonClass, handler: PythonHandler): ReadonlySet<string> =>
  new Set(
    [of, ...heirsOf(of, handler).filter(heir => !heir.file.functions.has(`${heir.name}.__init__`))].map(
      one => one.name,
    ),
  )

/** Whether a call makes an object of a class: by its name, or as one that extends it does first. */
function mayMake(call: PyNode, of: PythonClass, makers: ReadonlySet<string>, file: PythonFile): boolean {
  const callee = call.field('function')
  const last = dottedName(callee)?.split('.').at(-1)
  if (last !== undefined && last !== '__init__') return makers.has(last)
  // `super().__init__(…)`
  const around = classAround(call, file)
  return around?.bases.includes(of.name) === true && /^super\(.*\)\.__init__$/.test(callee ? textOf(callee) : '')
}

/** Whether a function is one of a class, decorated or not. */
function isInClass(fn: PyNode): boolean {
  const definition = fn.parent?.type === 'decorated_definition' ? fn.parent : fn
  return definition.parent?.parent?.type === 'class_definition'
}

/** `@staticmethod`: nothing stands for `self`. */
const isStatic = (fn: PyNode): boolean =>
  fn.parent?.type === 'decorated_definition' &&
  fn.parent.children.some(one => one.type === 'decorator' && /^@\s*staticmethod$/.test(textOf(one)))

/** Whether a call may mean a function of the project by its name: not one of the same name in a package. */
function mayCall(call: PyNode, name: string, isMethod: boolean, file: PythonFile, handler: PythonHandler): boolean {
  const parts = dottedName(call.field('function'))?.split('.') ?? []
  if (parts.at(-1) !== name) return false
  if (parts.length === 1 || isMethod) return true
  const imported = file.imports.find(one => one.local === parts[0])
  const module = imported?.module.replace(/^\.+/, '').split('.').at(-1)
  return (
    module !== undefined &&
    handler.files.some(one => one.path.endsWith(`${module}.py`) || one.path.endsWith(`${imported?.name ?? module}.py`))
  )
}

/**
 * Whether code looks at one of the names before it uses it: compares it, looks it up, matches it, hands it to what
 * validates.
 */
export function isPythonChecked(names: readonly string[], sink: PyNode): boolean {
  const fn = enclosingFunction(sink)
  if (!fn || !names.length) return false
  const about = names.filter(name => name !== 'event').map(name => name.replace(/[^\w]/g, ''))
  if (!about.length) return false
  const one = `(?:${about.join('|')})`
  const text = fn.loc.source.text.slice(fn.loc.start, sink.loc.start)
  return new RegExp(
    `(?<!\\bfor\\s[\\w\\s,()]*)\\b${one}\\b\\s+(?:not\\s+)?in\\b|\\b(?:re\\.|\\w+\\.)?(?:fullmatch|match)\\([^)]*\\b${one}\\b|\\b${one}\\b\\.(?:isdigit|isalnum|isdecimal|isidentifier|startswith|endswith)\\(|\\bif\\s+(?:not\\s+)?\\b${one}\\b\\s*(?:==|!=)|(?:valid|check|sanit|verif|allow|assert|escape|quote)\\w*\\([^)]*\\b${one}\\b`,
    'i',
  ).test(text)
}
