/** The language server as an editor meets it: a process that speaks the protocol on its standard streams. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createReader, framed, type Message } from '../../cli/lsp/framing.ts'
import { ensureBuilt } from './built.ts'
import { ROOT } from './run-cli.ts'

const TEMPLATE = `AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs22.x, Handler: app.handler, CodeUri: src, MemorySize: 100}
`
const HANDLER = `import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
const client = new DynamoDBClient({})
export const handler = async event => {
  client.send(new PutItemCommand({ TableName: 't', Item: { id: { S: event.id } } }))
  return {}
}
`

let root: string
let server: ChildProcess
const inbox: Message[] = []
let waiting: (() => void) | undefined
let ids = 0

beforeAll(async () => {
  await ensureBuilt()
  root = mkdtempSync(path.join(tmpdir(), 'lambdacheck-lsp-'))
  mkdirSync(path.join(root, 'src'))
  writeFileSync(path.join(root, 'template.yaml'), TEMPLATE)
  writeFileSync(path.join(root, 'src/app.mjs'), HANDLER)
  // Configuration that is code is not run by opening a folder.
  writeFileSync(
    path.join(root, 'lambdacheck.config.mjs'),
    `import { writeFileSync } from 'node:fs'\nwriteFileSync(${JSON.stringify(path.join(root, 'ran'))}, '')\nexport default {}\n`,
  )
  server = spawn(process.execPath, [path.join(ROOT, 'bin/lambdacheck.js'), 'lsp', '--stdio'], { cwd: tmpdir() })
  const read = createReader()
  server.stdout!.on('data', (chunk: Uint8Array) => {
    inbox.push(...read(chunk))
    waiting?.()
  })
}, 180_000)
afterAll(() => {
  server?.kill()
  rmSync(root, { recursive: true, force: true })
})

const send = (message: Message): void => void server.stdin!.write(framed(message))
async function receive(wanted: (message: Message) => boolean): Promise<any> {
  for (;;) {
    const at = inbox.findIndex(wanted)
    if (at !== -1) return inbox.splice(at, 1)[0]
    await new Promise<void>(resolve => {
      waiting = resolve
    })
  }
}
async function ask(method: string, params: unknown): Promise<any> {
  const id = ++ids
  send({ id, method, params })
  const answer = await receive(one => one.id === id)
  return answer.error ?? answer.result
}
const uri = (file: string): string => pathToFileURL(path.join(root, file)).href
const published = async (file: string): Promise<any[]> => {
  const { params } = await receive(
    one => one.method === 'textDocument/publishDiagnostics' && (one.params as any).uri === uri(file),
  )
  return params.diagnostics
}

test('an editor is told what is wrong, why, and how to mend it', { timeout: 120_000 }, async () => {
  expect(await ask('textDocument/hover', {})).toMatchObject({ code: -32002 })
  const { capabilities, serverInfo } = await ask('initialize', {
    processId: null,
    rootUri: pathToFileURL(root).href,
    capabilities: {},
  })
  expect(serverInfo.name).toBe('lambdacheck')
  expect(capabilities).toMatchObject({ hoverProvider: true, positionEncoding: 'utf-16' })
  send({ method: 'initialized', params: {} })

  const diagnostics = await published('template.yaml')
  const memory = diagnostics.find(one => one.code === 'memory-out-of-range')
  expect(memory).toMatchObject({ severity: 1, source: 'lambdacheck', range: { start: { line: 5 } } })
  const shown = TEMPLATE.split('\n')[5]!.slice(memory.range.start.character, memory.range.end.character)
  expect(shown).toContain('100')

  const hover = await ask('textDocument/hover', {
    textDocument: { uri: uri('template.yaml') },
    position: memory.range.start,
  })
  expect(hover.contents.kind).toBe('markdown')
  expect(hover.contents.value).toContain(
    readFileSync(path.join(ROOT, 'spec/rules/memory-out-of-range.md'), 'utf8').split('\n\n')[1]!.slice(0, 60),
  )
  expect(
    await ask('textDocument/hover', {
      textDocument: { uri: uri('template.yaml') },
      position: { line: 0, character: 0 },
    }),
  ).toBeNull()
  expect(await ask('textDocument/definition', {})).toMatchObject({ code: -32601 })
})

interface Edit {
  readonly range: {
    readonly start: { line: number; character: number }
    readonly end: { line: number; character: number }
  }
  readonly newText: string
}

/** As an editor applies one edit. */
function applied(text: string, { range, newText }: Edit): string {
  const offset = ({ line, character }: Edit['range']['start']): number =>
    text.split('\n').slice(0, line).join('\n').length + (line > 0 ? 1 : 0) + character
  return text.slice(0, offset(range.start)) + newText + text.slice(offset(range.end))
}

test('a fix is an edit of the text as it was saved, and saving it takes the diagnostic away', {
  timeout: 120_000,
}, async () => {
  const app = uri('src/app.mjs')
  const before = (await published('src/app.mjs')).find(one => one.code === 'no-floating-promise-in-handler')
  const actionsAt = (): Promise<any[]> =>
    ask('textDocument/codeAction', { textDocument: { uri: app }, range: before.range, context: { diagnostics: [] } })
  const actions = await actionsAt()
  const fix = actions.find(one => one.title === 'Await the promise')
  expect(fix).toMatchObject({ kind: 'quickfix', isPreferred: true, diagnostics: [{ code: before.code }] })
  const policy = actions.find(one => one.title === 'Allow dynamodb:PutItem in Work')
  expect(policy).toMatchObject({ isPreferred: false, edit: { changes: { [uri('template.yaml')]: [{}] } } })

  // In a text that was changed and not saved, places have moved.
  send({ method: 'textDocument/didChange', params: { textDocument: { uri: app, version: 2 }, contentChanges: [] } })
  expect((await actionsAt()).map(one => one.title)).toEqual(['Allow dynamodb:PutItem in Work'])

  const [edit] = fix.edit.changes[app]
  const mended = applied(HANDLER, edit)
  expect(mended).toContain('  await client.send(')
  writeFileSync(path.join(root, 'src/app.mjs'), mended)
  send({ method: 'textDocument/didSave', params: { textDocument: { uri: app } } })
  expect((await published('src/app.mjs')).map(one => one.code)).toEqual(['sdk-permission-missing'])
  expect(existsSync(path.join(root, 'ran'))).toBe(false)
})

test('it ends as the protocol wants it', async () => {
  expect(await ask('shutdown', null)).toBeNull()
  const ended = new Promise<number | null>(resolve => server.once('exit', resolve))
  send({ method: 'exit' })
  expect(await ended).toBe(0)
})
