import type { Resource } from '../application/model.ts'
import { joinPath } from '../application/functions.ts'
import { defineRule } from '../engine/rule.ts'

/** A layer whose packages stand where no runtime looks for them. */
export const rule = defineRule({
  id: 'layer-layout-wrong',
  application(app, { report }) {
    for (const layer of app.ofType('AWS::Serverless::LayerVersion', 'AWS::Lambda::LayerVersion')) {
      const content =
        layer.type === 'AWS::Serverless::LayerVersion' ? layer.property('ContentUri') : layer.property('Content')
      const written = content.string()
      // A build makes the layout by itself.
      if (
        written === undefined ||
        !layer.metadata.at('BuildMethod').isAbsent ||
        /^[a-z0-9]+:\/\/|\.zip$/i.test(written)
      )
        continue
      const folder = joinPath(layer.template.source.path.split('/').slice(0, -1).join('/'), written)
      const has = (path: string): boolean => app.files.isDirectory(joinPath(folder, path))
      const wrong = misplaced(layer, has)
      if (!wrong) continue
      const [found, right] = wrong
      report({
        at: content,
        message: `${layer.id} has its packages in ${found}, and the runtime looks for them in ${right}`,
        help: `A layer is unpacked into /opt: move ${found} to ${right}, or let sam build do it with a BuildMethod`,
      })
    }
  },
})

/** Where packages are and where they belong; undefined when nothing is surely wrong. */
function misplaced(
  layer: Resource,
  has: (path: string) => boolean,
): readonly [found: string, right: string] | undefined {
  const runtimes = layer
    .property('CompatibleRuntimes')
    .items()
    .flatMap(item => item.string() ?? [])
  const forNode = runtimes.length > 0 && runtimes.every(runtime => runtime.startsWith('nodejs'))
  const forPython = runtimes.length > 0 && runtimes.every(runtime => runtime.startsWith('python'))
  if (has('node_modules') && !has('nodejs') && !forPython) return ['node_modules', 'nodejs/node_modules']
  if (forPython && !has('python') && (has('site-packages') || has('lib')))
    return [has('site-packages') ? 'site-packages' : 'lib', 'python']
  if (forNode && has('nodejs') && !has('nodejs/node_modules') && has('node_modules'))
    return ['node_modules', 'nodejs/node_modules']
  return undefined
}
