import { crc32, inflateRawSync } from 'node:zlib'

/** A file of an archive, as the central directory lists it. */
export interface ZipEntry {
  /** With forward slashes; never absolute and never with `..`. */
  readonly path: string
  readonly directory: boolean
  readonly executable: boolean
  /** Bytes after inflating, as the archive claims. */
  readonly size: number
  readonly read: () => Buffer
}

/** Thrown for bytes that are no archive that can be unpacked. */
export class NotAZip extends Error {}

const endOfDirectory = 0x06054b50
const directoryEntry = 0x02014b50
const localHeader = 0x04034b50

/**
 * Lists an archive from its central directory, which alone knows the Unix permissions that a package's `bootstrap`
 * needs.
 * @throws NotAZip
 */
export function listZip(zip: Buffer): ZipEntry[] {
  const end = findEnd(zip)
  const count = zip.readUInt16LE(end + 10)
  let at = zip.readUInt32LE(end + 16)
  const entries: ZipEntry[] = []
  for (let i = 0; i < count; i++) {
    if (at + 46 > zip.length || zip.readUInt32LE(at) !== directoryEntry)
      throw new NotAZip('the central directory is damaged')
    const madeByUnix = zip.readUInt8(at + 5) === 3
    const method = zip.readUInt16LE(at + 10)
    const checksum = zip.readUInt32LE(at + 16)
    const compressedSize = zip.readUInt32LE(at + 20)
    const size = zip.readUInt32LE(at + 24)
    const nameLength = zip.readUInt16LE(at + 28)
    const mode = zip.readUInt32LE(at + 38) >>> 16
    const offset = zip.readUInt32LE(at + 42)
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength).replaceAll('\\', '/')
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
    if (name.startsWith('/') || name.includes('\0') || name.split('/').includes('..'))
      throw new NotAZip('a file would be unpacked outside the package')
    entries.push({
      path: name,
      directory: name.endsWith('/'),
      // An archive that was made elsewhere says nothing of permissions: then everything may be executed.
      executable: !madeByUnix || (mode & 0o111) !== 0,
      size,
      read: () => readEntry(zip, { method, offset, checksum, compressedSize, size }),
    })
  }
  return entries
}

interface Stored {
  readonly method: number
  readonly offset: number
  readonly checksum: number
  readonly compressedSize: number
  readonly size: number
}

function readEntry(zip: Buffer, entry: Stored): Buffer {
  const { offset } = entry
  if (offset + 30 > zip.length || zip.readUInt32LE(offset) !== localHeader)
    throw new NotAZip('a file of the archive is damaged')
  const start = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28)
  const data = zip.subarray(start, start + entry.compressedSize)
  const content = entry.method === 0 ? data : inflate(data, entry)
  if (content.length !== entry.size || crc32(content) !== entry.checksum)
    throw new NotAZip('a file of the archive is damaged')
  return content
}

function inflate(data: Buffer, entry: Stored): Buffer {
  if (entry.method !== 8) throw new NotAZip(`compression method ${entry.method} is not supported`)
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(entry.size, 1) })
  } catch {
    throw new NotAZip('a file of the archive is damaged')
  }
}

/** The end record is the last thing in the file, but for a comment of at most 64 KB. */
function findEnd(zip: Buffer): number {
  for (let at = zip.length - 22; at >= 0 && at >= zip.length - 22 - 0xffff; at--) {
    if (zip.readUInt32LE(at) === endOfDirectory) return at
  }
  throw new NotAZip('there is no central directory')
}
