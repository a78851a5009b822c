import { parseJson } from '../../base/parse-json.ts'
import type { Application, LambdaFunction } from '../application/model.ts'
import { joinPath } from '../application/functions.ts'
import type { Loc } from '../application/source.ts'
import { defineRule } from '../engine/rule.ts'
import type { Report } from '../engine/rule.ts'
import { isOptional, modulesOf, packageOf, runtimeBrings } from '../packaging/packages.ts'
import type { Modules } from '../packaging/packages.ts'
import { missingModules } from '../packaging/python-packages.ts'

/** An import of a package that is not in what is deployed: the function fails before its handler runs. */
export const rule = defineRule({
  id: 'import-not-packaged',
  application(app, { report, turnTo }) {
    // One cause, one finding: a package that a manifest lacks is missing once, for however many functions and files.
    const causes = new Map<string, Missing[]>()
    for (const fn of app.functions) {
      turnTo(fn)
      for (const one of missingFor(fn, app)) {
        const key = `${one.name}\n${one.modules.manifest?.path ?? fn.packaging.directory}`
        const same = causes.get(key)
        if (same) same.push(one)
        else causes.set(key, [one])
      }
    }
    for (const same of causes.values()) {
      const [{ name, at, why, modules, fn }] = same as [Missing, ...Missing[]]
      const fns = [...new Set(same.map(one => one.fn))]
      const others = same.slice(1).filter(one => one.at.source !== at.source || one.at.start !== at.start)
      const missing: Report = {
        at,
        message:
          `${name} will not be in the package of ` +
          `${fn.id}${fns.length > 1 ? ` and ${fns.length - 1} more` : ''}: ${why}`,
        help: modules.manifest
          ? `Add ${name} to the dependencies of ${modules.manifest.path}`
          : `Put a package.json with ${name} among its dependencies beside the code, or bundle it`,
        related: [
          ...fns
            .slice(0, 3)
            .map(one => ({ at: one.code.isAbsent ? one : one.code, message: `what ${one.id} is packaged of` })),
          ...distinctPlaces(others)
            .slice(0, 3)
            .map(one => ({ at: one.at, message: 'imported here too' })),
        ],
      }
      for (const fn of fns) {
        turnTo(fn)
        report(missing)
      }
    }
  },
  fn(fn, { app, report }) {
    for (const { name, at, why } of missingModules(fn, app))
      report({
        at,
        message: `${name} will not be in the package of ${fn.id}: ${why}`,
        help: `Name what brings ${name} in a requirements.txt beside the code, or put it into a layer`,
        related: [{ at: fn.code.isAbsent ? fn : fn.code, message: `what ${fn.id} is packaged of` }],
      })
  },
})

interface Missing {
  readonly fn: LambdaFunction
  readonly name: string
  readonly at: Loc
  readonly why: string
  readonly modules: Modules
}

const distinctPlaces = (all: readonly Missing[]): readonly Missing[] =>
  all.filter(
    (one, index) =>
      all.findIndex(other => other.at.source === one.at.source && other.at.start === one.at.start) === index,
  )

function missingFor(fn: LambdaFunction, app: Application): readonly Missing[] {
  const modules = modulesOf(fn, app)
  if (!modules) return []
  const found: Missing[] = []
  for (const file of fn.entry?.files ?? []) {
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
      found.push({ fn, name, at: one.loc, why, modules })
    }
  }
  return found
}

/** Why a package is surely not there. */
function missing(
  name: string,
  { manifest, installed }: Modules,
  fn: LambdaFunction,
  app: Application,
): string | undefined {
  if (installed === 'nothing')
    return (
      `there is no package.json in ${fn.packaging.directory || 'the directory of the template'}, ` +
      'and nothing is installed'
    )
  if (!manifest || manifest.dependencies.has(name) || manifest.name === name) return undefined
  if (manifest.devDependencies.has(name)) {
    // Another package may bring it along.
    return isInstalledFor(name, fn, app)
      ? undefined
      : `${manifest.path} names it under devDependencies, which are left out`
  }
  if (app.files.isDirectory(joinPath(fn.packaging.directory ?? '', 'node_modules', name))) return undefined
  if (lockOf(fn, app) === undefined) return `${manifest.path} does not name it`
  return isInstalledFor(name, fn, app)
    ? undefined
    : `${manifest.path} does not name it, and no dependency brings it along`
}

const lockOf = (fn: LambdaFunction, app: Application): string | undefined =>
  app.files.read(joinPath(fn.packaging.directory ?? '', 'package-lock.json'))

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
