import type { Application, LambdaFunction } from '../application/model.ts'
import type { CodeFile } from '../application/code.ts'
import { defineRule } from '../engine/rule.ts'
import { hasNoLayers, isOptional, nearestManifest, nodeMajor, packageOf } from '../packaging/packages.ts'

/** The SDK v2 where neither the runtime nor the package has it. */
export const rule = defineRule({
  id: 'sdk-v2-not-in-runtime',
  fn(fn, { app, report }) {
    const runtime = fn.runtime.string()
    if ((nodeMajor(runtime) ?? 0) < 18 || !fn.entry || !hasNoLayers(fn)) return
    for (const file of fn.entry.files) {
      if (file.generated) continue
      const one = file.imports.find(
        each => each.kind !== 'type' && packageOf(each.specifier) === 'aws-sdk' && !each.file,
      )
      if (!one || isPackaged(fn, file, app) || isOptional(one, file)) continue
      report({
        at: one.loc,
        message: `${fn.id} runs on ${runtime}, which has no aws-sdk any more, and its package has none`,
        help:
          'Use the clients of the SDK v3 (@aws-sdk/client-…), which the runtime has, or add aws-sdk to the ' +
          'dependencies',
        related: [{ at: fn.runtime, message: 'nodejs16.x was the last runtime with the SDK v2' }],
      })
    }
  },
})

/** Whether the package has, or may have, the SDK v2. */
function isPackaged(fn: LambdaFunction, file: CodeFile, app: Application): boolean {
  // Code in a template has no package beside it.
  if (!fn.property('InlineCode').isAbsent || !fn.property('Code', 'ZipFile').isAbsent) return false
  const { bundler, external, directory } = fn.packaging
  if (directory === undefined) return true
  if (bundler === 'esbuild' || bundler === 'webpack') {
    // What a bundler leaves out is not there; what it takes must be installed, which is not looked at.
    const left = external.items()
    return !left.some(one => one.string() === 'aws-sdk')
  }
  if (bundler !== 'none') return true
  if (app.files.isDirectory(`${directory || '.'}/node_modules/aws-sdk`)) return true
  const manifest = nearestManifest(app, file.path.split('/').slice(0, -1).join('/'))
  if (!manifest) return false
  const bundles = /esbuild|webpack|rollup|\bncc\b|tsup|vite|parcel|swc/.test(manifest.scripts)
  return bundles || manifest.dependencies.has('aws-sdk')
}
