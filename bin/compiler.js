/**
 * The TypeScript compiler of ts-morph, without the rest of it. An `import` of ts-morph has Node.js look through twelve
 * megabytes for names of exports first, which takes longer than running them. What V8 makes of the compiler is kept in
 * the user's own cache, and never in a project, whose files nobody has reason to trust.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { Script } from 'node:vm'

const ofTsMorph = createRequire(createRequire(import.meta.url).resolve('ts-morph'))

/** The file of the compiler; undefined where another version of ts-morph has it elsewhere. */
function fileOfCompiler() {
  try {
    const file = join(dirname(ofTsMorph.resolve('@ts-morph/common')), 'typescript.js')
    return statSync(file).isFile() ? file : undefined
  } catch {
    return undefined
  }
}

/** Where its code is kept, by what makes it and of what; undefined where the user has no folder for such things. */
function keptIn(file) {
  const folder = process.env['XDG_CACHE_HOME'] || (homedir() && join(homedir(), '.cache'))
  if (!folder) return undefined
  const { size, mtimeMs } = statSync(file)
  const made = createHash('sha1').update(JSON.stringify([process.version, process.arch, file, size, mtimeMs]))
  return join(folder, 'lambdacheck', `compiler-${made.digest('hex').slice(0, 16)}.v8`)
}

function read(file) {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}

/** Where nothing can be written nothing is kept, and that is all. */
function keep(file, data) {
  try {
    // One by one: asked for both at once, Node.js tries for ever where nothing can be made, as below /proc.
    for (const folder of [dirname(dirname(file)), dirname(file)])
      if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 })
    const draft = `${file}.${process.pid}`
    writeFileSync(draft, data, { mode: 0o600 })
    renameSync(draft, file)
  } catch {
    return
  }
}

function load() {
  const file = fileOfCompiler()
  if (file === undefined) return ofTsMorph('ts-morph').ts
  const known = ofTsMorph.cache[file]
  if (known) return known.exports
  const home = keptIn(file)
  const cachedData = home && read(home)
  const script = new Script(Module.wrap(readFileSync(file, 'utf8')), {
    filename: file,
    ...(cachedData && { cachedData }),
  })
  const module = new Module(file)
  module.filename = file
  module.loaded = true
  script.runInThisContext().call(module.exports, module.exports, ofTsMorph, module, file, dirname(file))
  // The rest of ts-morph, where it is asked for, takes this one.
  ofTsMorph.cache[file] = module
  // At the end, so that what was compiled on the way is kept as well.
  if (home && (!cachedData || script.cachedDataRejected))
    process.once('exit', () => keep(home, script.createCachedData()))
  return module.exports
}

export const ts = load()
