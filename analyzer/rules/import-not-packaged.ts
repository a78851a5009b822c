import { parseJson } from '../../base/parse-json.ts'
import type { Application, LambdaFunction } from '../application/model.ts'
import { joinPath } from '../application/functions.ts'
import { defineRule } from '../engine/rule.ts'
import { isOptional, modulesOf, packageOf, runtimeBrings } from '../packaging/packages.ts'
import type { Modules } from '../packaging/packages.ts'

/** An import of a package that is not in what is deployed: the function fails before its handler runs. */
export const rule = defineRule({
  id: 'import-not-packaged',
  fn(fn, { app, report }) {
    const modules = modulesOf(fn, app)
    if (!modules) return
    for (const file of fn.entry!.files) {
      if (file.generated) continue
      const seen = new Set<string>()
      for (const one of file.imports) {
        const name = one.kind === 'type' || one.file ? undefined : packageOf(one.specifier)
        // The SDK v2 where it is not: a rule of its own.
        if (
          name === undefined ||
          seen.has(name) ||
          name === 'aws-sdk' ||
          runtimeBrings(fn.runtime.string(), name) !== false
        )
          continue
        const why = missing(name, modules, fn, app)
        if (why === undefined || isOptional(one, file)) continue
        seen.add(name)
        report({
          at: one.loc,
          message: `${name} will not be in the package of ${fn.id}: ${why}`,
          help: modules.manifest
            ? `Add ${name} to the dependencies of ${modules.manifest.path}`
            : `Put a package.json with ${name} among its dependencies beside the code, or bundle it`,
          related: [{ at: fn.code.isAbsent ? fn : fn.code, message: `what ${fn.id} is packaged of` }],
        })
      }
    }
  },
})

/** Why a package is surely not there. */
function missing(
  name: string,
  { manifest, installed }: Modules,
  fn: LambdaFunction,
  app: Application,
): string | undefined {
  if (installed === 'nothing')
    return `there is no package.json in ${fn.packaging.directory || 'the directory of the template'}, and nothing is installed`
  if (!manifest || manifest.dependencies.has(name) || manifest.name === name) return undefined
  if (manifest.devDependencies.has(name)) {
    // Another package may bring it along.
    return isInstalledFor(name, fn, app)
      ? undefined
      : `${manifest.path} names it under devDependencies, which are left out`
  }
  if (app.files.isDirectory(joinPath(fn.packaging.directory!, 'node_modules', name))) return undefined
  return lockOf(fn, app) === undefined
    ? `${manifest.path} does not name it`
    : isInstalledFor(name, fn, app)
      ? undefined
      : `${manifest.path} does not name it, and no dependency brings it along`
}

const lockOf = (fn: LambdaFunction, app: Application): string | undefined =>
  app.files.read(joinPath(fn.packaging.directory!, 'package-lock.json'))

/** Whether the lock file installs a package without development dependencies. */
function isInstalledFor(name: string, fn: LambdaFunction, app: Application): boolean {
  try {
    const lock = parseJson(lockOf(fn, app) ?? '{}') as {
      packages?: Record<string, { dev?: boolean }>
      dependencies?: Record<string, { dev?: boolean }>
    }
    const entry = lock.packages ? lock.packages[`node_modules/${name}`] : lock.dependencies?.[name]
    return entry !== undefined && entry.dev !== true
  } catch {
    return true
  }
}
