/**
 * Unpacked sizes of what is deployed: directories that are packaged as they are, and archives by their tables of
 * contents.
 */
import type { Application, LambdaFunction, Resource } from '../application/model.ts'
import { joinPath } from '../application/functions.ts'
import type { ProjectFiles } from '../application/files.ts'

/** A part of what is unpacked for a function: its code, or a layer. */
interface Part {
  readonly what: string
  readonly at: LambdaFunction | Resource
  readonly bytes: number
}

const MAX_ENTRIES = 60_000

/** Bytes of the function's own code, unzipped; undefined when what goes into the package is not surely known. */
function codeSize(fn: LambdaFunction, app: Application): number | undefined {
  const { directory, archive, bundler } = fn.packaging
  if (archive !== undefined) return unzippedSize(app.files, archive)
  const isWhole =
    directory !== undefined &&
    isPackagedWhole(fn, directory, app) &&
    (bundler === 'none' || fn.template.format === 'cdk')
  return isWhole ? directorySize(app.files, directory) : undefined
}

/**
 * The parts of a function's package whose sizes are surely known; what is not known is left out, so that their sum is
 * the least that it has.
 */
export function partsOf(fn: LambdaFunction, app: Application): readonly Part[] {
  const parts: Part[] = []
  const own = codeSize(fn, app)
  if (own !== undefined) parts.push({ what: 'its code', at: fn, bytes: own })
  for (const layer of fn.layers.items()) {
    const resource = layer.resource
    const bytes = resource && layerSize(resource, app)
    if (resource && bytes !== undefined) parts.push({ what: `layer ${resource.id}`, at: resource, bytes })
  }
  return parts
}

/**
 * Whether all that is in the directory is packaged: CDK's assets, and what CloudFormation's `package` zips. A build of
 * SAM packs what npm would.
 */
function isPackagedWhole(fn: LambdaFunction, directory: string, app: Application): boolean {
  if (directory === '') return false
  if (fn.template.format === 'cdk') return true
  if (fn.template.format === 'cloudformation') return true
  return fn.template.format === 'sam' && !app.files.isFile(joinPath(directory, 'package.json'))
}

function layerSize(layer: Resource, app: Application): number | undefined {
  if (layer.type !== 'AWS::Serverless::LayerVersion' && layer.type !== 'AWS::Lambda::LayerVersion') return undefined
  // What a build makes of the directory is another thing.
  if (!layer.metadata.at('BuildMethod').isAbsent) return undefined
  const written = (
    layer.property('ContentUri').isAbsent ? layer.property('Content') : layer.property('ContentUri')
  ).string()
  if (written === undefined || /^[a-z0-9]+:\/\//i.test(written)) return undefined
  const path = joinPath(layer.template.source.path.split('/').slice(0, -1).join('/'), written)
  return /\.(zip|jar)$/i.test(path) ? unzippedSize(app.files, path) : directorySize(app.files, path)
}

/** Bytes of the files below a directory; undefined when it is none, or holds too many to look at. */
function directorySize(files: ProjectFiles, directory: string): number | undefined {
  if (!files.isDirectory(directory)) return undefined
  let bytes = 0
  let entries = 0
  const queue = [directory]
  for (let current = queue.pop(); current !== undefined; current = queue.pop()) {
    for (const entry of files.list(current)) {
      if (++entries > MAX_ENTRIES) return undefined
      const path = `${current}/${entry.name}`
      if (entry.kind === 'directory') {
        if (!/^\.(git|aws-sam|serverless)$/.test(entry.name)) queue.push(path)
      } else if (entry.kind === 'file') bytes += files.size(path) ?? 0
    }
  }
  return bytes
}

const END = 0x06054b50
const ENTRY = 0x02014b50
const MAX_TABLE = 32 * 1024 * 1024

/** Bytes of what an archive unpacks to, by its table of contents; undefined when it has none that can be read. */
export function unzippedSize(files: ProjectFiles, path: string): number | undefined {
  const size = files.size(path)
  if (size === undefined) return undefined
  const tailStart = Math.max(0, size - 66_000)
  const tail = files.bytes(path, tailStart, size - tailStart)
  let end = -1
  for (let at = (tail?.length ?? 0) - 22; tail && at >= 0 && end < 0; at--) if (tail.readUInt32LE(at) === END) end = at
  if (!tail || end < 0) return undefined
  const length = tail.readUInt32LE(end + 12)
  const start = tail.readUInt32LE(end + 16)
  if (length > MAX_TABLE || start + length > size) return undefined
  const table = files.bytes(path, start, length)
  if (!table || table.length < length) return undefined
  let bytes = 0
  for (let at = 0; at + 46 <= table.length && table.readUInt32LE(at) === ENTRY; ) {
    bytes += table.readUInt32LE(at + 24)
    at += 46 + table.readUInt16LE(at + 28) + table.readUInt16LE(at + 30) + table.readUInt16LE(at + 32)
  }
  return bytes
}
