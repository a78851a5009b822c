/** The embedded endpoint as a target like any other: a command of ours, in a process of its own. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { EndpointConfig } from '../config/config.ts'
import { hasFileSystems } from '../reference/invoke/file-systems.ts'
import { packageFile } from './package-file.ts'

/**
 * Of new objects little lives on; without the first Node.js keeps three times 16 MB for them. What lives on grows slowly: without the second
 * the heap may become several times as large before anybody looks what of it is still wanted.
 */
const HEAP = ['--max-semi-space-size=4', '--heap-growing-percent=30']

/**
 * What glibc's allocator does for a program that is short of memory: large buffers go back to the system when they are
 * freed, as they do from the start until the first of them was. Payloads and packages of megabytes come and go, and 80 MB
 * were kept for them. Other systems do not know these names.
 */
const MALLOC = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' }

/** It answers this run alone: with a key that nobody else knows, and that is not the user's. */
export function embeddedEndpoint(): EndpointConfig {
  const accessKeyId = `lambdacheck${randomBytes(16).toString('hex')}`
  const program = [process.execPath, ...HEAP, packageFile('bin/lambdacheck.js')]
    .map(one => `'${one.replace(/'/g, `'\\''`)}'`)
    .join(' ')
  return {
    url: 'http://127.0.0.1:0',
    // It knows its key, and does not look at signatures; it runs what the machine has.
    capabilities: {
      auth: false,
      ...(hasProgram('python3') ? {} : { python: false }),
      ...(hasFileSystems() ? {} : { folders: false }),
    },
    // Starts in a hundredth of the time that Node.js takes, with a fifth of the memory.
    flavour: 'static',
    // Most of what it is asked for waits for functions: two cores are busy with so many, and not before.
    limits: { concurrency: 12 },
    credentials: { accessKeyId, secretAccessKey: randomBytes(30).toString('base64') },
    start: {
      // Away from the project, whose node_modules/.bin would come before the programs of the machine.
      cwd: path.dirname(packageFile('package.json')),
      command: `${program} serve --port 0`,
      env: { LAMBDACHECK_SERVE_KEY: accessKeyId, ...MALLOC },
      ready: { log: 'listening on (?<url>http://\\S+)' },
      timeout: 30,
    },
  }
}

function hasProgram(name: string): boolean {
  return (process.env['PATH'] ?? '').split(path.delimiter).some(folder => existsSync(path.join(folder, name)))
}
