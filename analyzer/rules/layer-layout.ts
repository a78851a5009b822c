import type { Application, Resource } from '../application/model.ts'
import { joinPath } from '../application/functions.ts'
import type { Value } from '../application/value.ts'
import { defineRule } from '../engine/rule.ts'
import type { RuleContext } from '../engine/rule.ts'

/** Where the runtimes look for what is in a layer, below `/opt`. */
const LOOKED_FOR: readonly (readonly [runtime: RegExp, language: string, folder: string, packages: RegExp])[] = [
  [/^nodejs/, 'Node.js', 'nodejs', /^(node_modules|package\.json|package-lock\.json|index\.[cm]?js)$/],
  [/^python/, 'Python', 'python', /^(requirements\.txt|__init__\.py|[\w-]+\.(py|dist-info))$/],
]

/** A layer whose packages lie where no runtime looks for them: the functions that use it fail when they are loaded. */
export const rule = defineRule({
  id: 'layer-layout',
  resource: {
    'AWS::Serverless::LayerVersion': (layer, context) => check(layer, layer.property('ContentUri'), context),
    'AWS::Lambda::LayerVersion': (layer, context) => check(layer, layer.property('Content'), context),
  },
})

function check(layer: Resource, content: Value, { app, report }: RuleContext): void {
  // `sam build` puts everything where it belongs.
  if (!layer.metadata.at('BuildMethod').isAbsent || layer.metadata.isUnknown) return
  const directory = directoryOf(layer, content, app)
  if (directory === undefined) return
  const runtimes = layer.property('CompatibleRuntimes').items('single')
  const names = app.files.list(directory).map(one => one.name)
  for (const [runtime, language, folder, packages] of LOOKED_FOR) {
    const meant = runtimes.find(one => runtime.test(one.string() ?? ''))
    if (runtimes.length ? !meant || runtimes.some(one => !runtime.test(one.string() ?? '')) : language !== 'Node.js')
      continue
    if (names.includes(folder) || names.includes('lib') || names.includes('bin') || names.includes('Makefile')) continue
    const lost = names.find(name => packages.test(name))
    if (lost === undefined) continue
    report({
      at: content,
      message:
        `${layer.id} has ${lost} at its top, and ${language} looks only below ${folder}/: ` +
        'what is in the layer is not found',
      help:
        `Move it to ${joinPath(directory, folder)}/${folder === 'nodejs' ? 'node_modules' : ''}, or let sam build ` +
        'do it with Metadata: BuildMethod',
      ...(meant ? { related: [{ at: meant, message: `for ${language}` }] } : {}),
    })
  }
}

/** The directory of the project that a layer is made of. */
function directoryOf(layer: Resource, content: Value, app: Application): string | undefined {
  const written = content.string()
  if (written === undefined || /^(s3|https?):|\.(zip|jar)$/.test(written)) return undefined
  const home = layer.loc.source.path.split('/').slice(0, -1).join('/')
  const directory = joinPath(home, written)
  return app.files.isDirectory(directory) ? directory : undefined
}
