/**
 * A language server: findings of the linter as diagnostics, its fixes as code actions, pages of rules on hovering. A
 * project is linted as it lies on the disk, when it is opened and whenever a file is saved: rules see code, templates
 * and policies together, and half of an edit says nothing.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { groupBy } from '../../base/group-by.ts'
import { isObject } from '../../base/is-object.ts'
import { messageOf } from '../../base/message-of.ts'
import type { Finding } from '../../reports/evidence.ts'
import { diagnosticOf, type Position, rangeOf, uriOf, workspaceEdit } from './diagnostics.ts'
import type { Message } from './framing.ts'

/** What the server is put together of. */
export interface ServerParts {
  readonly version: string
  /** What is found in a project, suppressed findings left out. */
  lint(root: string): Promise<readonly Finding[]>
  /** The page of a rule, as Markdown; undefined for a rule that there is not. */
  pageOf(rule: string): string | undefined
  send(message: Message): void
}

/** A server that is being talked to. */
export interface Server {
  /** Resolves when what the message asks for is done. Gives the exit code when the message ends the server. */
  take(message: Message): Promise<number | undefined>
}

const METHOD_NOT_FOUND = -32601
const NOT_INITIALIZED = -32002
const INTERNAL_ERROR = -32603

interface State {
  root: string | undefined
  findings: readonly Finding[]
  /** Documents that have diagnostics, so that these can be taken away again. */
  marked: ReadonlySet<string>
  /** Documents with changes that are not saved: places in them have moved. */
  readonly changed: Set<string>
  isShutDown: boolean
  /** The linting under way, and whether another is due after it. */
  running: Promise<void> | undefined
  due: boolean
}

/** A language server that answers messages one after the other; it never throws for what an editor sends. */
export function createServer(parts: ServerParts): Server {
  const state: State = {
    root: undefined,
    findings: [],
    marked: new Set(),
    changed: new Set(),
    isShutDown: false,
    running: undefined,
    due: false,
  }
  return {
    async take(message) {
      const { method, id } = message
      if (method === 'exit') return state.isShutDown ? 0 : 1
      if (method === undefined) return undefined
      if (id === undefined || id === null) {
        await notified(method, message.params, state, parts)
        return undefined
      }
      if (state.root === undefined && method !== 'initialize') {
        parts.send({ id, error: { code: NOT_INITIALIZED, message: 'the server was not initialized' } })
        return undefined
      }
      try {
        const result = answer(method, message.params, state, parts)
        if (result === undefined)
          parts.send({ id, error: { code: METHOD_NOT_FOUND, message: `there is no method ${method}` } })
        else parts.send({ id, result })
      } catch (error) {
        parts.send({ id, error: { code: INTERNAL_ERROR, message: messageOf(error) } })
      }
      return undefined
    },
  }
}

/** What a request is answered with; undefined for one that is not known. */
function answer(method: string, params: unknown, state: State, parts: ServerParts): unknown {
  switch (method) {
    case 'initialize':
      state.root = rootOf(params)
      return {
        capabilities: {
          positionEncoding: 'utf-16',
          textDocumentSync: { openClose: true, change: 1, save: true },
          hoverProvider: true,
          codeActionProvider: { codeActionKinds: ['quickfix'] },
        },
        serverInfo: { name: 'lambdacheck', version: parts.version },
      }
    case 'shutdown':
      state.isShutDown = true
      return null
    case 'textDocument/hover':
      return hover(params, state, parts)
    case 'textDocument/codeAction':
      return codeActions(params, state)
    default:
      return undefined
  }
}

async function notified(method: string, params: unknown, state: State, parts: ServerParts): Promise<void> {
  const uri = documentOf(params)
  switch (method) {
    case 'initialized':
      return publish(state, parts)
    case 'textDocument/didChange':
      if (uri !== undefined) state.changed.add(uri)
      return undefined
    case 'textDocument/didClose':
      if (uri !== undefined) state.changed.delete(uri)
      return undefined
    case 'textDocument/didSave':
      if (uri !== undefined) state.changed.delete(uri)
      return publish(state, parts)
    case 'workspace/didChangeWatchedFiles':
      return publish(state, parts)
    default:
      return undefined
  }
}

/** Lints, and tells the editor. Of several that are asked for while one is under way, one is made after it. */
function publish(state: State, parts: ServerParts): Promise<void> {
  state.due = true
  state.running ??= (async () => {
    while (state.due) {
      state.due = false
      await publishOnce(state, parts)
    }
  })().finally(() => {
    state.running = undefined
  })
  return state.running
}

async function publishOnce(state: State, { lint, send }: ServerParts): Promise<void> {
  const { root } = state
  if (root === undefined) return
  try {
    state.findings = await lint(root)
  } catch (error) {
    send({ method: 'window/showMessage', params: { type: 1, message: `lambdacheck: ${messageOf(error)}` } })
    return
  }
  const byFile = groupBy(state.findings, one => uriOf(root, one.location.file))
  for (const uri of new Set([...state.marked, ...byFile.keys()]))
    send({
      method: 'textDocument/publishDiagnostics',
      params: { uri, diagnostics: (byFile.get(uri) ?? []).map(one => diagnosticOf(one, root)) },
    })
  state.marked = new Set(byFile.keys())
}

function hover(params: unknown, state: State, { pageOf }: ServerParts): unknown {
  const found = findingsAt(state, documentOf(params), positionOf(params))
  const pages = [...new Set(found.map(one => one.rule))].flatMap(rule => {
    const page = pageOf(rule)
    return page === undefined ? [] : [page]
  })
  if (found[0] === undefined || pages.length === 0) return null
  return { contents: { kind: 'markdown', value: pages.join('\n\n---\n\n') }, range: rangeOf(found[0].location) }
}

function codeActions(params: unknown, state: State): unknown {
  const uri = documentOf(params)
  const { root } = state
  const range = isObject(params) && isObject(params['range']) ? params['range'] : {}
  if (root === undefined) return []
  const read = (file: string): string | undefined => savedText(file, root, state)
  return findingsBetween(state, uri, readPosition(range['start']), readPosition(range['end'])).flatMap(finding =>
    finding.fixes.flatMap(fix => {
      const edit = workspaceEdit(fix, root, read)
      if (edit === undefined) return []
      return [
        {
          title: fix.description,
          kind: 'quickfix',
          isPreferred: fix.kind === 'fix',
          diagnostics: [diagnosticOf(finding, root)],
          edit,
        },
      ]
    }),
  )
}

/** The text in which the offsets of a fix count; none for a document that was changed since. */
function savedText(file: string, root: string, { changed }: State): string | undefined {
  if (changed.has(uriOf(root, file))) return undefined
  try {
    return readFileSync(path.resolve(root, file), 'utf8')
  } catch {
    return undefined
  }
}

function findingsAt(state: State, uri: string | undefined, at: Position | undefined): readonly Finding[] {
  return findingsBetween(state, uri, at, at)
}

function findingsBetween(
  { findings, root }: State,
  uri: string | undefined,
  from: Position | undefined,
  to: Position | undefined,
): readonly Finding[] {
  if (root === undefined || from === undefined || to === undefined) return []
  return findings.filter(({ location }) => {
    const { start, end } = rangeOf(location)
    return uriOf(root, location.file) === uri && !isBefore(end, from) && !isBefore(to, start)
  })
}

const isBefore = (one: Position, other: Position): boolean =>
  one.line < other.line || (one.line === other.line && one.character < other.character)

/** The address of the document that a message is about, as this server writes addresses. */
function documentOf(params: unknown): string | undefined {
  const document = isObject(params) ? params['textDocument'] : undefined
  const uri = isObject(document) ? document['uri'] : undefined
  if (typeof uri !== 'string' || !uri.startsWith('file:')) return undefined
  try {
    return uriOf('/', fileURLToPath(uri))
  } catch {
    return undefined
  }
}

function positionOf(params: unknown): Position | undefined {
  return isObject(params) ? readPosition(params['position']) : undefined
}

function readPosition(value: unknown): Position | undefined {
  if (!isObject(value)) return undefined
  const { line, character } = value
  return typeof line === 'number' && typeof character === 'number' ? { line, character } : undefined
}

/** The first folder of the workspace; a workspace without one is where the server stands. */
function rootOf(params: unknown): string {
  if (!isObject(params)) return process.cwd()
  const folders: unknown = params['workspaceFolders']
  const [first] = Array.isArray(folders) ? (folders as readonly unknown[]) : []
  const uri = isObject(first) ? first['uri'] : params['rootUri']
  return typeof uri === 'string' && uri.startsWith('file:') ? fileURLToPath(uri) : process.cwd()
}
