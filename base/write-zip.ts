/** Archives of a few files, the same bytes for the same files. */
import { crc32, deflateRawSync } from 'node:zlib'

/** A file of an archive, or a folder. */
export interface ZipFile {
  /** Its path, with slashes; a folder has one at its end, and no content. */
  readonly name: string
  readonly content: Uint8Array
  /** Whoever unpacks it may run it. */
  readonly executable?: boolean
}

/** 2.0: deflated. */
const VERSION = 20
/** Unix made it, whose file modes are the upper half of the attributes. */
const MADE_BY = (3 << 8) | VERSION
/** Names are UTF-8. */
const FLAGS = 0x0800
const STORED = 0
const DEFLATED = 8
/** What DOS calls a directory, beside what Unix does. */
const FOLDER = ((0o040755 << 16) | 0x10) >>> 0
/** The first of January 1980, as DOS writes it: the earliest day that there is. */
const DAY = (1 << 5) | 1
/** Bytes. */
const LARGE = 1_000_000

interface Packed {
  readonly crc: number
  readonly bytes: Buffer
}

const NOTHING: Packed = { crc: 0, bytes: Buffer.alloc(0) }

/** The same program is packed into many archives. */
const packed = new WeakMap<Uint8Array, Packed>()

/** The archive, without a comment. At most 65,535 files, of less than 4 GiB together. */
export function writeZip(files: readonly ZipFile[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const file of files) {
    const name = Buffer.from(file.name, 'utf8')
    const isFolder = file.name.endsWith('/')
    const { crc, bytes } = isFolder ? NOTHING : pack(file.content)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(VERSION, 0)
    common.writeUInt16LE(FLAGS, 2)
    common.writeUInt16LE(isFolder ? STORED : DEFLATED, 4)
    common.writeUInt16LE(DAY, 8)
    common.writeUInt32LE(crc, 10)
    common.writeUInt32LE(bytes.length, 14)
    common.writeUInt32LE(file.content.length, 18)
    common.writeUInt16LE(name.length, 22)
    parts.push(signature('PK\x03\x04'), common, name, bytes)
    const rest = Buffer.alloc(14)
    const mode = file.executable === true ? 0o100755 : 0o100644
    rest.writeUInt32LE(isFolder ? FOLDER : (mode << 16) >>> 0, 6)
    rest.writeUInt32LE(offset, 10)
    const madeBy = Buffer.alloc(2)
    madeBy.writeUInt16LE(MADE_BY)
    directory.push(signature('PK\x01\x02'), madeBy, common, rest, name)
    offset += 4 + common.length + name.length + bytes.length
  }
  const end = Buffer.alloc(18)
  end.writeUInt16LE(files.length, 4)
  end.writeUInt16LE(files.length, 6)
  end.writeUInt32LE(
    directory.reduce((sum, one) => sum + one.length, 0),
    8,
  )
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...parts, ...directory, signature('PK\x05\x06'), end])
}

function signature(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}

function pack(content: Uint8Array): Packed {
  const known = packed.get(content)
  if (known !== undefined) return known
  // A program of megabytes is a twentieth larger when it is packed in half of the time.
  const level = content.length > LARGE ? 3 : 6
  const one = { crc: crc32(content), bytes: deflateRawSync(content, { level }) }
  packed.set(content, one)
  return one
}
