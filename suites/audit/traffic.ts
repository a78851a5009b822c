/** Reads recorded traffic from a file, one exchange at a time. */
import { createReadStream } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Spec } from '../../spec/model.ts'
import type { TrafficItem } from './exchange.ts'
import { readHar } from './har.ts'
import { readLine } from './json-lines.ts'

/** The file as a whole cannot be read: it is not there, or is neither of the two formats. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile'
}

/**
 * JSON Lines are streamed, however long the file; HAR is one JSON document and is read whole. Which of the two it is, its beginning says.
 * Throws `UnreadableFile`.
 */
export async function* readTraffic(spec: Pick<Spec, 'actions'>, file: string): AsyncIterable<TrafficItem> {
  if (await isHar(file)) {
    yield* await readWhole(spec, file)
    return
  }
  let line = 0
  const lines = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })
  for await (const text of lines) {
    line++
    const trimmed = line === 1 ? text.replace(/^\uFEFF/, '').trim() : text.trim()
    if (trimmed !== '') yield readLine(spec, trimmed, line)
  }
}

async function readWhole(spec: Pick<Spec, 'actions'>, file: string): Promise<readonly TrafficItem[]> {
  try {
    return readHar(spec, JSON.parse((await readFile(file, 'utf8')).replace(/^\uFEFF/, '')))
  } catch (error) {
    throw new UnreadableFile(`${file} cannot be read as HAR: ${messageOf(error)}`)
  }
}

const LOOKED_AT = 4096

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
    throw new UnreadableFile(`${file} cannot be read: ${messageOf(error)}`)
  }
}

function messageOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EISDIR') return 'it is a directory'
  if (code === 'EACCES') return 'permission is denied'
  return error instanceof Error ? error.message.slice(0, 200) : String(error)
}
