/**
 * `npm run replay -- FILE [--endpoint URL] [--half first|second]`: plays recorded call sequences against an endpoint,
 * the embedded one when none is named, and lists where its answers differ. `--half` takes the sequences of one half
 * only, which half by a hash of the test's name: what was mended while looking at one half alone is measured on the
 * other.
 */
import { parseArgs } from 'node:util'
import { playFile, type Half } from './replay/play-file.ts'
import { renderReplay } from './replay/report.ts'

const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter(one => one !== '--'),
  allowPositionals: true,
  options: { endpoint: { type: 'string' }, half: { type: 'string' }, all: { type: 'boolean' } },
})
const [file] = positionals
if (file === undefined || (values.half !== undefined && values.half !== 'first' && values.half !== 'second')) {
  console.error('usage: npm run replay -- FILE [--endpoint URL] [--half first|second] [--all]')
  process.exit(2)
}
const replay = await playFile(file, { endpoint: values.endpoint, half: values.half as Half | undefined })
process.stdout.write(renderReplay(replay, { all: values.all === true }))
process.exitCode = replay.unexplained.length === 0 ? 0 : 1
