/**
 * The code of a container image that is built of a Dockerfile of the project: which folder becomes the function's root,
 * and what the image starts. As far as the file says it plainly; nothing is built.
 */
import { joinPath } from './functions.ts'
import type { LambdaFunction } from './model.ts'

/** Where the handler of an image is. */
export interface ImageSource {
  /** The folder of the project whose files stand at the root of the function. */
  readonly directory: string
  /** `app.handler`. */
  readonly handler: string
  /** Python; else JavaScript. */
  readonly isPython: boolean
}

/** What an image starts; undefined where the Dockerfile does not tell. */
export function sourceOfImage(fn: LambdaFunction, read: (path: string) => string | undefined): ImageSource | undefined {
  const built = fn.packaging.image ?? builtBySam(fn)
  const text = built && read(joinPath(built.context, built.dockerfile))
  const steps = text === undefined ? [] : lastStage(text)
  const language = steps.flatMap(step => /^FROM\s+\S*\blambda\/(python|nodejs)\b/i.exec(step)?.[1] ?? [])[0]
  if (!built || language === undefined) return undefined
  const command = fn.property('ImageConfig', 'Command')
  const handler = command.isAbsent ? commandOf(steps) : command.items('single')[0]?.string()
  const module = /^([\w./-]+)\.\w+$/.exec(handler ?? '')?.[1]
  if (handler === undefined || module === undefined) return undefined
  const isPython = language.toLowerCase() === 'python'
  const files = isPython ? [`${module.replaceAll('.', '/')}.py`] : ['js', 'mjs', 'cjs'].map(end => `${module}.${end}`)
  const directory = foldersAtRoot(steps, built.context).find(folder =>
    files.some(file => read(joinPath(folder, file)) !== undefined),
  )
  return directory === undefined ? undefined : { directory, handler, isPython }
}

/** What SAM builds an image of. */
function builtBySam(fn: LambdaFunction): LambdaFunction['packaging']['image'] {
  const { metadata, type } = fn.resource
  const context = metadata.at('DockerContext').string()
  if (context === undefined || type !== 'AWS::Serverless::Function') return undefined
  const file = metadata.at('Dockerfile')
  return {
    context: joinPath(fn.template.source.path.split('/').slice(0, -1).join('/'), context),
    dockerfile: file.isAbsent ? 'Dockerfile' : (file.string() ?? ''),
  }
}

/** The instructions of the stage that becomes the image, each on one line. */
function lastStage(text: string): readonly string[] {
  const steps = text
    .replace(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
  return steps.slice(steps.findLastIndex(step => /^FROM\s/i.test(step)))
}

/** The first word of the last `CMD ["app.handler"]`. */
const commandOf = (steps: readonly string[]): string | undefined =>
  steps.flatMap(step => /^CMD\s+\[\s*"([^"]+)"/i.exec(step)?.[1] ?? []).at(-1)

const ROOT = /^(?:\.\/?|\/var\/task\/?|\$\{?LAMBDA_TASK_ROOT\}?\/?)$/

/** Folders whose files are copied to the root of the function: `COPY app/* ${LAMBDA_TASK_ROOT}/`. */
function foldersAtRoot(steps: readonly string[], context: string): readonly string[] {
  return steps.flatMap(step => {
    const [instruction = '', ...words] = step
      .replace(/[[\]",]/g, ' ')
      .trim()
      .split(/\s+/)
    if (!/^(COPY|ADD)$/i.test(instruction) || words.some(word => word.startsWith('--from'))) return []
    const places = words.filter(word => !word.startsWith('--'))
    const target = places.pop() ?? ''
    // A file may be copied under its own name.
    const [only] = places
    const isOne = places.length === 1 && only !== undefined && target.endsWith(`/${only.split('/').at(-1)}`)
    if (!ROOT.test(isOne ? target.slice(0, target.lastIndexOf('/') + 1) : target)) return []
    return places.map(place => joinPath(context, /\.\w+$|\*/.test(place) ? place.replace(/[^/]*$/, '') : place))
  })
}
