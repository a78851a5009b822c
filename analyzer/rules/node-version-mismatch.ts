import { mapValue } from '../application/value.ts'
import type { Value } from '../application/value.ts'
import type { Loc } from '../application/source.ts'
import type { Application, LambdaFunction } from '../application/model.ts'
import { defineRule } from '../engine/rule.ts'
import { nearestManifest, nodeMajor } from '../packaging/packages.ts'

/** A project that is made for a newer Node.js than the runtime has. */
export const rule = defineRule({
  id: 'node-version-mismatch',
  fn(fn, { app, report }) {
    const runtime = nodeMajor(fn.runtime.string())
    if (runtime === undefined) return
    const asked = newest(fn, app, runtime)
    if (!asked) return
    report({
      at: fn.runtime,
      message: `${fn.id} runs on Node.js ${runtime}, but ${asked.what} asks for Node.js ${asked.major}`,
      help: `Take nodejs${asked.major}.x, or build for Node.js ${runtime}`,
      related: asked.at ? [{ at: asked.at, message: 'asked for here' }] : [],
    })
  },
})

interface Asked {
  readonly major: number
  readonly what: string
  readonly at?: { readonly loc: Loc } | undefined
}

/** The first thing that asks for more than the runtime has. */
function newest(fn: LambdaFunction, app: Application, runtime: number): Asked | undefined {
  const target = targetOf(fn.packaging.settings)
  if (target && target.major > runtime) return { ...target, what: 'the target of its bundler' }
  if (target) return undefined
  const directory = fn.entry?.file.path.split('/').slice(0, -1).join('/')
  if (directory === undefined) return undefined
  const manifest = nearestManifest(app, directory)
  const least = manifest?.nodeRange === undefined ? undefined : leastMajor(manifest.nodeRange)
  if (manifest && least !== undefined && least > runtime)
    return { major: least, what: `engines.node of ${manifest.path} (${manifest.nodeRange})` }
  return undefined
}

/** `node20` among the targets of esbuild. */
function targetOf(settings: Value): { readonly major: number; readonly at: Value } | undefined {
  const map = settings.kind === 'map' ? settings : mapValue(settings.loc, [])
  const written = map.at('Target').isAbsent ? map.at('target') : map.at('Target')
  for (const one of written.items('single')) {
    const major = /\bnode(\d+)/i.exec(one.string() ?? '')?.[1]
    if (major !== undefined) return { major: Number(major), at: one }
  }
  return undefined
}

/** The least major version that a range lets in; undefined when it has no lower end, or is no plain range. */
function leastMajor(range: string): number | undefined {
  const ends = range
    .split('||')
    .map(part => /^(?:>=|\^|~|=|v)?\s*v?(\d+)(?:\.[\dx*]+){0,2}(?:\s|$)/.exec(part.trimStart().slice(0, 100))?.[1])
  return ends.some(end => end === undefined) ? undefined : Math.min(...ends.map(Number))
}
