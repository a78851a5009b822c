/** Reads recorded traffic from a file, one exchange at a time. */
import { UserError } from '../../base/user-error.ts'
import { errorCode } from '../../base/error-code.ts'
import { messageOf } from '../../base/message-of.ts'
import { createReadStream } from 'node:fs'
import { open, readFile, stat } from 'node:fs/promises'
import { nestingDepth } from '../../base/nesting-depth.ts'
import { MAX_NESTING } from '../../base/parse-json.ts'
import type { Spec } from '../../spec/model.ts'
import type { TrafficItem } from './exchange.ts'
import { readHar } from './har.ts'
import { readLine } from './json-lines.ts'

/** The file as a whole cannot be read: it is not there, or is neither of the two formats. */
export class UnreadableFile extends UserError {
  override readonly name = 'UnreadableFile'
}

/**
 * JSON Lines are streamed, however long the file; HAR is one JSON document and is read whole. Which of the two it is,
 * its beginning says.
 * Throws `UnreadableFile`.
 */
export async function* readTraffic(spec: Pick<Spec, 'actions'>, file: string): AsyncIterable<TrafficItem> {
  if (await isHar(file)) {
    yield* await readWhole(spec, file)
    return
  }
  for await (const { line, text } of linesOf(file)) {
    if (text === null) {
      yield { unreadable: { line, problem: `a line of more than ${MAX_LINE / 1024 / 1024} MB` } }
      continue
    }
    const trimmed = line === 1 ? text.replace(/^\uFEFF/, '').trim() : text.trim()
    if (trimmed !== '') yield* readLine(spec, trimmed, line)
  }
}

/** Characters of one exchange; the largest answer that Lambda gives has six million. */
const MAX_LINE = 32 * 1024 * 1024

/** The lines of a file, one by one; null for one that is too long, of which nothing is kept. */
async function* linesOf(file: string): AsyncIterable<{ readonly line: number; readonly text: string | null }> {
  let line = 1
  let parts: string[] = []
  let length = 0
  const whole = (): string | null => (length > MAX_LINE ? null : parts.join('').replace(/\r$/, ''))
  for await (const chunk of createReadStream(file, 'utf8') as AsyncIterable<string>) {
    let from = 0
    for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', from)) {
      take(chunk.slice(from, end))
      yield { line: line++, text: whole() }
      parts = []
      length = 0
      from = end + 1
    }
    take(chunk.slice(from))
  }
  if (length > 0) yield { line, text: whole() }

  function take(part: string): void {
    length += part.length
    if (length > MAX_LINE) parts = []
    else parts.push(part)
  }
}

async function readWhole(spec: Pick<Spec, 'actions'>, file: string): Promise<readonly TrafficItem[]> {
  try {
    if ((await stat(file)).size > MAX_HAR)
      throw new Error(`it is larger than ${MAX_HAR / 1024 / 1024} MB: split it, or write JSON Lines, which have no end`)
    const text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '')
    const depth = nestingDepth(text)
    if (depth > MAX_NESTING) throw new Error(`it is nested ${depth} levels deep, more than ${MAX_NESTING}`)
    return readHar(spec, JSON.parse(text))
  } catch (error) {
    throw new UnreadableFile(`${file} cannot be read as HAR: ${reasonOf(error)}`)
  }
}

const LOOKED_AT = 4096
/** One document is parsed at once, and takes several times its size of memory. */
const MAX_HAR = 256 * 1024 * 1024

async function isHar(file: string): Promise<boolean> {
  try {
    const handle = await open(file)
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(LOOKED_AT), 0, LOOKED_AT, 0)
      return /^\uFEFF?\s*\{\s*"log"\s*:/.test(buffer.subarray(0, bytesRead).toString('utf8'))
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw new UnreadableFile(`${file} cannot be read: ${reasonOf(error)}`)
  }
}

function reasonOf(error: unknown): string {
  switch (errorCode(error)) {
    case 'ENOENT':
      return 'there is no such file'
    case 'EISDIR':
      return 'it is a directory'
    case 'EACCES':
      return 'permission is denied'
    default:
      return messageOf(error).slice(0, 200)
  }
}
