/**
 * The probe that needs no interpreter: one program that is a runtime, or an extension. Built by
 * `scripts/build-static-probe.ts`.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { writeZip, type ZipFile } from '../../base/write-zip.ts'
import type { ProbeFlavour } from '../case.ts'
import { probesFolder } from './flavours.ts'

/** Architectures of Lambda, and what Go calls them. */
export const ARCHITECTURES = { x86_64: 'amd64', arm64: 'arm64' } as const
/** An architecture for which there is a probe without an interpreter. */
export type Architecture = keyof typeof ARCHITECTURES

/** Runtimes that take a bootstrap, the newest first. */
export const STATIC_RUNTIMES = ['provided.al2023', 'provided.al2'] as const

/** Of the program as a function like any other. A custom runtime may do with it what it likes; endpoints must pass it on as it is. */
const STATIC_HANDLER = 'bootstrap.handler'

/** Where the binaries are. */
export function staticFolder(): string {
  return join(probesFolder(), 'static')
}

/** The file of the binary for an architecture. */
export function binaryFile(architecture: string): string {
  return join(staticFolder(), `probe-${architecture}.br`)
}

/** The file with the digests of the binaries. */
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

/** The binary, unpacked and compared with its digest. Throws when it is another. */
export function staticBinary(architecture: Architecture): Uint8Array {
  const known = binaries.get(architecture) ?? brotliDecompressSync(readFileSync(binaryFile(architecture)))
  binaries.set(architecture, known)
  return known
}

const zips = new Map<string, string>()

/** Base64 of an archive, made once. */
function zipOnce(key: string, files: () => readonly ZipFile[]): string {
  const known = zips.get(key) ?? writeZip(files()).toString('base64')
  zips.set(key, known)
  return known
}

/** The program as a function like any other. */
export function staticFlavour(runtime: string, architecture: Architecture): ProbeFlavour {
  return { runtime, handler: STATIC_HANDLER, zipFile: runtimeZip(architecture), runs: true }
}

/** Base64 of the deployment package: the program as `bootstrap`. */
export function runtimeZip(architecture: Architecture): string {
  return zipOnce(architecture, () => [{ name: 'bootstrap', content: staticBinary(architecture), executable: true }])
}

/** What starts an extension: the program beside it, which is told by which name. `sh` is in every image. */
export const EXTENSION_LAUNCHER = '#!/bin/sh\nexec "${0%/*}/../bin/lambdacheck-probe" extension "$0"\n'

/** Base64 of a layer with extensions of these names. */
export function extensionsZip(architecture: Architecture, names: readonly string[]): string {
  const launcher = new TextEncoder().encode(EXTENSION_LAUNCHER)
  return zipOnce(`${architecture} ${names.join(' ')}`, () => [
    { name: 'bin/lambdacheck-probe', content: staticBinary(architecture), executable: true },
    ...names.map(name => ({ name: `extensions/${name}`, content: launcher, executable: true })),
  ])
}
