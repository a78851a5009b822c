import { createHash } from 'node:crypto'
import { listZip } from './zip.ts'

/** The code of a function version or the content of a layer version. */
export type Package = ZipPackage | ImagePackage

/** A deployment package in a ZIP archive, with its digest and size. */
export interface ZipPackage {
  readonly kind: 'zip'
  readonly zip: Buffer
  /** SHA-256 of the zip, base64. */
  readonly sha256: string
  /** Bytes of all files. */
  readonly unzippedSize: number
}

/** A container image, which this endpoint does not run. */
export interface ImagePackage {
  readonly kind: 'image'
  readonly uri: string
  /** `sha256:` and hex digits. The endpoint pulls no images; the digest stands for what the tag points to. */
  readonly digest: string
}

/** By their digest: many functions have the same code, and one copy of its bytes serves as long as any has them. */
const kept = new Map<string, WeakRef<Buffer>>()
const forgetting = new FinalizationRegistry<string>(sha256 => {
  if (kept.get(sha256)?.deref() === undefined) kept.delete(sha256)
})

/**
 * Another package each time: whoever uploads code has changed it, even if the bytes are the same.
 * @throws NotAZip
 */
export function zipPackage(zip: Buffer): ZipPackage {
  const sha256 = createHash('sha256').update(zip).digest('base64')
  const unzippedSize = listZip(zip).reduce((sum, entry) => sum + entry.size, 0)
  return { kind: 'zip', zip: sharedBytes(zip, sha256), sha256, unzippedSize }
}

function sharedBytes(zip: Buffer, sha256: string): Buffer {
  const known = kept.get(sha256)?.deref()
  if (known !== undefined) return known
  kept.set(sha256, new WeakRef(zip))
  forgetting.register(zip, sha256)
  return zip
}

/** The image of a URI. */
export function imagePackage(uri: string): ImagePackage {
  const given = /@(sha256:[0-9a-f]{64})$/.exec(uri)?.[1]
  return { kind: 'image', uri, digest: given ?? `sha256:${createHash('sha256').update(uri).digest('hex')}` }
}

/** `CodeSha256` as answers show it: base64 for a zip, hex for an image. */
export function packageHash(code: Package): string {
  return code.kind === 'zip' ? code.sha256 : code.digest.slice('sha256:'.length)
}

/** Bytes. */
export function packageSize(code: Package): number {
  return code.kind === 'zip' ? code.zip.length : 0
}
