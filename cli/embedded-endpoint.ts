/** The embedded endpoint as a target like any other: a command of ours, in a process of its own. */
import type { EndpointConfig } from '../suites/endpoint/config.ts'
import { packageFile } from './package-file.ts'

export function embeddedEndpoint(): EndpointConfig {
  const program = [process.execPath, packageFile('bin/lambdacheck.js')]
    .map(one => `'${one.replace(/'/g, `'\\''`)}'`)
    .join(' ')
  return {
    url: 'http://127.0.0.1:0',
    start: { command: `${program} serve --port 0`, ready: { log: 'listening on (?<url>http://\\S+)' }, timeout: 30 },
  }
}
