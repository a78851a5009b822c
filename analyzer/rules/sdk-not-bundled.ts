import { defineRule } from '../engine/rule.ts'
import { isOptional, modulesOf, packageOf, runtimeBrings } from '../packaging/packages.ts'

/** The SDK as the runtime happens to have it: AWS chooses its version, and changes it. */
export const rule = defineRule({
  id: 'sdk-not-bundled',
  fn(fn, { app, report }) {
    const { bundler, external } = fn.packaging
    const left =
      bundler === 'esbuild'
        ? external.items().find(one => /^(@aws-sdk\/\*?|@aws-sdk\/client-.*|aws-sdk)$/.test(one.string() ?? ''))
        : undefined
    const modules = modulesOf(fn, app)
    const manifest = modules?.manifest
    if (!fn.entry || (!left && !manifest)) return
    for (const file of fn.entry.files) {
      if (file.generated) continue
      for (const one of file.imports) {
        const name = one.kind === 'type' || one.file ? undefined : packageOf(one.specifier)
        if (name === undefined || runtimeBrings(fn.runtime.string(), name) !== true || isOptional(one, file)) continue
        if (left ? !covers(left.string() ?? '', name) : manifest?.dependencies.has(name)) continue
        report({
          at: one.loc,
          message: `${fn.id} takes ${name} from its runtime, in the version that AWS puts there, and changes`,
          help: left
            ? 'Let the bundler take the SDK into the bundle'
            : `Add ${name} to the dependencies of ${manifest?.path}`,
          related: [
            left
              ? { at: left, message: 'left out of the bundle here' }
              : { at: fn.runtime, message: `${fn.runtime.string()} brings the SDK` },
          ],
        })
        break
      }
    }
  },
})

const covers = (pattern: string, name: string): boolean =>
  pattern === name ||
  (pattern.startsWith('@aws-sdk/') && /^@aws-sdk\/\*?$/.test(pattern) && name.startsWith('@aws-sdk/'))
