/**
 * The probe that needs no interpreter: one program that is a runtime, or an extension. Built by
 * `scripts/build-static-probe.ts`.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { zipSync, type Zippable } from 'fflate'
import { probesFolder } from './flavours.ts'

/** Architectures of Lambda, and what Go calls them. */
export const ARCHITECTURES = { x86_64: 'amd64', arm64: 'arm64' } as const
export type Architecture = keyof typeof ARCHITECTURES

/** Runtimes that take a bootstrap, the newest first. */
export const STATIC_RUNTIMES = ['provided.al2023', 'provided.al2'] as const

export function staticFolder(): string {
  return join(probesFolder(), 'static')
}

export function binaryFile(architecture: string): string {
  return join(staticFolder(), `probe-${architecture}.br`)
}

export function digestFile(): string {
  return join(staticFolder(), 'sources.sha256')
}

/** SHA-256 over the sources, in hex: tells whether the binaries were built from them. */
export function sourceDigest(): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(staticFolder()).sort())
    if (/\.go$|^go\.mod$/.test(name)) hash.update(`${name}\0`).update(readFileSync(join(staticFolder(), name)))
  return hash.digest('hex')
}

const binaries = new Map<Architecture, Uint8Array>()

export function staticBinary(architecture: Architecture): Uint8Array {
  const known = binaries.get(architecture) ?? brotliDecompressSync(readFileSync(binaryFile(architecture)))
  binaries.set(architecture, known)
  return known
}

/** DOS time is local time: this instant is the same everywhere. */
const EPOCH = new Date(1980, 0, 1)

/** 3 is Unix, whose file modes are the upper half of the attributes. */
function executable(content: Uint8Array, level: 0 | 6): Zippable[string] {
  return [content, { os: 3, attrs: 0o100755 << 16, mtime: EPOCH, level }]
}

const zips = new Map<string, string>()

/** Base64 of an archive, made once. */
function zipOnce(key: string, entries: () => Zippable): string {
  const known = zips.get(key) ?? Buffer.from(zipSync(entries())).toString('base64')
  zips.set(key, known)
  return known
}

/** Base64 of the deployment package: the program as `bootstrap`. */
export function runtimeZip(architecture: Architecture): string {
  return zipOnce(architecture, () => ({ bootstrap: executable(staticBinary(architecture), 6) }))
}

/** What starts an extension: the program beside it, which is told by which name. `sh` is in every image. */
export const EXTENSION_LAUNCHER = '#!/bin/sh\nexec "${0%/*}/../bin/lambdacheck-probe" extension "$0"\n'

/** Base64 of a layer with extensions of these names. */
export function extensionsZip(architecture: Architecture, names: readonly string[]): string {
  return zipOnce(`${architecture} ${names.join(' ')}`, () => ({
    'bin/lambdacheck-probe': executable(staticBinary(architecture), 6),
    ...Object.fromEntries(
      names.map(name => [`extensions/${name}`, executable(new TextEncoder().encode(EXTENSION_LAUNCHER), 0)]),
    ),
  }))
}
