import type { Application, LambdaFunction } from '../application/model.ts'
import { defineRule } from '../engine/rule.ts'
import { hasNoLayers, packageOf } from '../packaging/packages.ts'
import { nativePackages } from '../packaging/native-modules.ts'
import type { NativePackage, Platform } from '../packaging/native-modules.ts'
import { own } from '../../base/own.ts'

/** A package with a binary for another system than the function runs on: it fails when it is loaded. */
export const rule = defineRule({
  id: 'native-module-arch',
  fn(fn, { app, report }) {
    const cpu = processorOf(fn)
    const directory = fn.packaging.directory
    if (
      cpu === undefined ||
      directory === undefined ||
      !fn.entry ||
      !hasNoLayers(fn) ||
      !isDeployedAsInstalled(fn, app)
    )
      return
    const imports = fn.entry.files
      .filter(file => !file.generated)
      .flatMap(file => file.imports.filter(one => one.kind !== 'type' && !one.file))
    const native = new Map<string, readonly NativePackage[]>()
    for (const one of imports) {
      const name = packageOf(one.specifier)
      if (name === undefined || native.has(name)) continue
      const found = nativePackages(app, directory, [name])
      native.set(name, found)
      const wrong = found.find(({ platforms }) => !platforms.some(platform => fits(platform, cpu)))
      if (!wrong) continue
      report({
        at: one.loc,
        message:
          `${fn.id} runs on linux ${cpu}, but the binary of ${wrong.name} in ${wrong.path} is for ` +
          `${[...new Set(wrong.platforms.map(nameOf))].join(', ')}`,
        help:
          `Install it for where it runs (npm install --os=linux --cpu=${cpu}, or in a container that is like ` +
          'Lambda), or change the architecture',
        related: [
          {
            at: fn.architectures.isAbsent ? fn : fn.architectures,
            message: fn.architectures.isAbsent
              ? `${fn.id} runs on x86_64, the default`
              : `the architecture of ${fn.id}`,
          },
        ],
      })
    }
  },
})

const fits = ({ os, cpu }: Platform, wanted: string): boolean => os === 'linux' && (cpu === undefined || cpu === wanted)
const nameOf = ({ os, cpu }: Platform): string => (cpu === undefined ? os : `${os} ${cpu}`)

/** As Node.js names it. */
function processorOf(fn: LambdaFunction): string | undefined {
  if (fn.architectures.isAbsent) return 'x64'
  return own({ arm64: 'arm64', x86_64: 'x64' }, fn.architectures.items('single')[0]?.string())
}

/**
 * Whether `node_modules` go into the package as they are: a build of SAM installs them anew, a bundler takes them
 * apart.
 */
function isDeployedAsInstalled(fn: LambdaFunction, app: Application): boolean {
  const { bundler, directory } = fn.packaging
  if (bundler !== 'none' || !app.files.isDirectory(`${directory || '.'}/node_modules`)) return false
  if (fn.template.format === 'sam') return !app.files.isFile(`${directory || '.'}/package.json`)
  return fn.template.format === 'cloudformation' || fn.template.format === 'serverless'
}
