/** Binary parts of installed packages, and the systems that they are for. */
import { isObject } from '../../base/is-object.ts'
import { parseJson } from '../../base/parse-json.ts'
import type { Application } from '../application/model.ts'
import { joinPath } from '../application/functions.ts'
import type { ProjectFiles } from '../application/files.ts'

/** A system as Node.js names it: `linux`, `x64`; the processor is undefined when every one will do. */
export interface Platform {
  readonly os: string
  readonly cpu: string | undefined
}

/** A package with binaries, and the platforms that they run on. */
export interface NativePackage {
  readonly name: string
  /** Of the binary, or the directory of the package. */
  readonly path: string
  readonly platforms: readonly Platform[]
}

const MAX_PACKAGES = 400

/** The packages with binaries that some packages need at run time, as they are installed below a directory. */
export function nativePackages(app: Application, directory: string, names: Iterable<string>): readonly NativePackage[] {
  const { files } = app
  const found: NativePackage[] = []
  const queue = [...names]
  const seen = new Set<string>()
  for (let name = queue.pop(); name !== undefined && seen.size < MAX_PACKAGES; name = queue.pop()) {
    if (seen.has(name)) continue
    seen.add(name)
    const home = joinPath(directory, 'node_modules', name)
    const manifest = readManifest(files, home)
    if (!manifest) continue
    queue.push(...Object.keys(manifest.dependencies ?? {}))
    // Beside its own binaries, a package can do without what is optional.
    const binaries = forPlatforms(files, directory, Object.keys(manifest.optionalDependencies ?? {}))
    if (binaries.length > 0) found.push({ name, path: home, platforms: binaries })
    const built = prebuilt(files, home) ?? compiled(files, home)
    if (built) found.push({ name, ...built })
  }
  return found
}

interface PackageManifest {
  readonly dependencies?: Record<string, string>
  readonly optionalDependencies?: Record<string, string>
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly libc?: readonly string[]
}

function readManifest(files: ProjectFiles, home: string): PackageManifest | undefined {
  const json = parseJson(files.read(joinPath(home, 'package.json')) ?? 'null')
  return isObject(json) ? json : undefined
}

/** Packages of which each holds the binary for one system (`@img/sharp-linux-x64`): those that are installed. */
function forPlatforms(files: ProjectFiles, directory: string, names: readonly string[]): readonly Platform[] {
  return names.flatMap((name): readonly Platform[] => {
    // Only a name that tells a system is for one.
    if (!/(linux|darwin|win32|freebsd|android)/.test(name)) return []
    const manifest = readManifest(files, joinPath(directory, 'node_modules', name))
    const systems = manifest?.os
    if (!Array.isArray(systems)) return []
    return systems.flatMap(os => (Array.isArray(manifest?.cpu) ? manifest.cpu : [undefined]).map(cpu => ({ os, cpu })))
  })
}

/** `prebuilds/linux-x64/…`: one of them is chosen when it is loaded. */
function prebuilt(files: ProjectFiles, home: string): Omit<NativePackage, 'name'> | undefined {
  const path = joinPath(home, 'prebuilds')
  const platforms = files.list(path).flatMap(({ name, kind }): readonly Platform[] => {
    const [, os, cpus] = /^([a-z0-9]+)-([a-z0-9+]+)$/.exec(name) ?? []
    return kind === 'directory' && os && cpus ? cpus.split('+').map(cpu => ({ os, cpu })) : []
  })
  return platforms.length > 0 ? { path, platforms } : undefined
}

/** What was compiled where it was installed. */
function compiled(files: ProjectFiles, home: string): Omit<NativePackage, 'name'> | undefined {
  const directory = joinPath(home, 'build/Release')
  for (const { name, kind } of files.list(directory)) {
    if (kind !== 'file' || !name.endsWith('.node')) continue
    const path = joinPath(directory, name)
    const head = files.bytes(path, 0, 20)
    const platform = head && platformOf(head)
    if (platform) return { path, platforms: [platform] }
  }
  return undefined
}

/** The system of a binary by its first twenty bytes; undefined when it is none that is known. */
export function platformOf(head: Uint8Array): Platform | undefined {
  const bytes = Buffer.from(head)
  if (bytes.length < 20) return undefined
  if (bytes.readUInt32BE(0) === 0x7f454c46) {
    const machine = bytes[5] === 2 ? bytes.readUInt16BE(18) : bytes.readUInt16LE(18)
    const cpu = { 62: 'x64', 183: 'arm64', 3: 'ia32', 40: 'arm' }[machine]
    return cpu === undefined ? undefined : { os: 'linux', cpu }
  }
  if (bytes.readUInt32LE(0) === 0xfeedfacf)
    return { os: 'darwin', cpu: bytes.readUInt32LE(4) === 0x0100000c ? 'arm64' : 'x64' }
  if (bytes.readUInt32BE(0) === 0xcafebabe) return { os: 'darwin', cpu: undefined }
  return bytes.toString('latin1', 0, 2) === 'MZ' ? { os: 'win32', cpu: undefined } : undefined
}
