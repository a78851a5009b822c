/** What Terraform packages for a function: the folder that it zips, the files that it puts into a zip, or an image. */
import { joinPath } from '../functions.ts'
import type { Packaging } from '../model.ts'
import { absentValue, itemsOrItself } from '../value.ts'
import type { Value } from '../value.ts'
import type { DeclaredBlock } from './assemble.ts'
import { block } from './types.ts'

/** The blocks of a type of resource or data source. */
export type OfType = (type: string) => readonly DeclaredBlock[]

const pathOf = (value: Value): string | undefined => {
  const written = value.string()
  return written === undefined ? undefined : joinPath(written)
}

const given = (value: Value): Value | undefined => (value.isAbsent || value.kind === 'null' ? undefined : value)

/** The zip on the disk that a function is made of: its own, or that of the object of a bucket that it names. */
function zipOf(one: DeclaredBlock, ofType: OfType): Value {
  const file = one.attributes.at('filename')
  const key = one.attributes.at('s3_key')
  if (given(file) || !given(key)) return file
  const object = [...ofType('aws_s3_object'), ...ofType('aws_s3_bucket_object')].find(
    each =>
      key.reference?.id === each.address ||
      // What a plan fills in is filled in alike, where something else of it is known.
      (/\w/.test(key.text() ?? '') && key.text() === each.attributes.at('key').text()),
  )
  return object ? object.attributes.at('source') : file
}

/** The zip of a function that Terraform makes itself: it is known by what goes into it. */
export function archiveOf(one: DeclaredBlock, ofType: OfType): DeclaredBlock | undefined {
  const file = zipOf(one, ofType)
  return ofType('archive_file').find(
    each =>
      [file, one.attributes.at('source_code_hash')].some(value => value.reference?.id === each.address) ||
      // `x.zip` and `${path.module}/x.zip` of the root are the same file.
      (pathOf(file) !== undefined && pathOf(each.attributes.at('output_path')) === pathOf(file)),
  )
}

/** What goes into an archive under the name of a handler's file: `source { content, filename }`. */
export function codeInArchive({ attributes }: DeclaredBlock, handler: string | undefined): Value | undefined {
  const module = handler?.slice(0, handler.lastIndexOf('.')).replace(/^\.\//, '')
  const written = attributes.at('source')
  const single = { filename: attributes.at('source_content_filename'), content: attributes.at('source_content') }
  const files = [
    ...itemsOrItself(written).map(item => ({ filename: item.at('filename'), content: item.at('content') })),
    ...(single.content.isAbsent ? [] : [single]),
  ]
  return files.find(({ filename }) => filename.string()?.replace(/\.\w+$/, '') === module)?.content
}

/** How a function is packaged; `directory` is that of the root module, from which its paths count. */
export function packagingOf(one: DeclaredBlock, ofType: OfType, directory: string): Packaging {
  const local = (path: string): string => joinPath(directory, path)
  const nothing = absentValue(one.loc)
  const zip = zipOf(one, ofType).string()
  const archive = archiveOf(one, ofType)
  const from = archive && folderOf(archive)
  const packed = archive && codeInArchive(archive, one.attributes.at('handler').string())
  return {
    directory: from === undefined ? undefined : local(from),
    // Of texts that stand in it alone, only its name tells where they come from.
    archive: from === undefined && zip !== undefined ? local(zip) : undefined,
    bundler: archive ? 'none' : undefined,
    settings: nothing,
    external: nothing,
    renamed: renamed(packed, one.attributes.at('handler').string(), local),
    image: imageOf(one, ofType, local),
    builtAs: namesOf(one, zip, from),
  }
}

function folderOf({ attributes }: DeclaredBlock): string | undefined {
  const single = attributes.at('source_file').string()
  return (
    attributes.at('source_dir').string() ??
    (single === undefined ? undefined : single.split('/').slice(0, -1).join('/') || '.')
  )
}

/** A file of the project that an archive has under the name of the handler's. */
function renamed(
  content: Value | undefined,
  handler: string | undefined,
  local: (path: string) => string,
): Packaging['renamed'] {
  const [, folder = '', stem] = /^(.*\/)?([^/]+)\.\w+$/.exec(content?.file ?? '') ?? []
  if (stem === undefined || handler === undefined) return undefined
  return { directory: local(folder), handler: stem + handler.slice(handler.lastIndexOf('.')) }
}

/** The folder that `docker_image` builds of, where the image of a function is one. */
function imageOf(one: DeclaredBlock, ofType: OfType, local: (path: string) => string): Packaging['image'] {
  const mentioned = one.attributes
    .at('image_uri')
    .references()
    .map(each => each.reference?.id)
  const built = [...ofType('docker_image'), ...ofType('docker_registry_image')].find(
    each =>
      mentioned.includes(each.address) ||
      // The image that is pushed names the one that was built.
      ofType('docker_registry_image').some(
        pushed =>
          mentioned.includes(pushed.address) &&
          pushed.attributes
            .at('name')
            .references()
            .some(name => name.reference?.id === each.address),
      ),
  )
  const build = built && block(built.attributes.at('build'))
  const context = build?.at('context').string()
  if (!build || context === undefined) return undefined
  return { context: local(context), dockerfile: given(build.at('dockerfile'))?.string() ?? 'Dockerfile' }
}

/** What the folder of the code may be called: like the zip, the folder that a build fills, the function. */
function namesOf(one: DeclaredBlock, zip: string | undefined, folder: string | undefined): readonly string[] {
  const text = (name: string): readonly string[] => (one.attributes.at(name).text() ?? '').split('*')
  const written = [zip, ...text('s3_key')].flatMap(
    path =>
      path
        ?.split('/')
        .at(-1)
        ?.replace(/\.zip$/, '') ?? [],
  )
  const address = one.address.split(/[.[\]"]+/).filter(step => !/^(module|aws_lambda_function|this)$/.test(step))
  return [...written, ...(folder ?? '').split('/'), ...address, ...text('function_name')]
}
