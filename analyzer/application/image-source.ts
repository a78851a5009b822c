/**
 * The code of a container image that SAM builds of a Dockerfile of the project: which folder becomes the function's
 * root, and what the image starts. As far as the file says it plainly; nothing is built.
 */
import { joinPath } from './functions.ts'
import type { LambdaFunction } from './model.ts'

/** Where the handler of an image is. */
export interface ImageSource {
  /** The folder of the project whose files stand at the root of the function. */
  readonly directory: string
  /** `app.handler`. */
  readonly handler: string
}

/** The Python that an image starts; undefined where the Dockerfile does not tell. */
export function pythonOfImage(fn: LambdaFunction, read: (path: string) => string | undefined): ImageSource | undefined {
  const written = fn.resource.metadata.at('DockerContext').string()
  if (written === undefined || fn.resource.type !== 'AWS::Serverless::Function') return undefined
  const context = joinPath(fn.template.source.path.split('/').slice(0, -1).join('/'), written)
  const file = fn.resource.metadata.at('Dockerfile')
  const text = read(joinPath(context, file.isAbsent ? 'Dockerfile' : (file.string() ?? '')))
  const steps = text === undefined ? [] : lastStage(text)
  if (!steps.some(step => /^FROM\s+\S*\blambda\/python\b/i.test(step))) return undefined
  const command = fn.property('ImageConfig', 'Command')
  const handler = command.isAbsent ? commandOf(steps) : command.items('single')[0]?.string()
  const module = /^([\w./-]+)\.\w+$/.exec(handler ?? '')?.[1]?.replaceAll('.', '/')
  if (handler === undefined || module === undefined) return undefined
  const directory = foldersAtRoot(steps, context).find(folder => read(joinPath(folder, `${module}.py`)) !== undefined)
  return directory === undefined ? undefined : { directory, handler }
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
