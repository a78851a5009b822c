/**
 * Builds the probe that needs no interpreter, for every architecture of Lambda, from `suites/probes/static/`. With
 * `--check` nothing is written: the files that are there must be those that the sources give.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import { ARCHITECTURES, binaryFile, digestFile, sourceDigest, staticFolder } from '../suites/probes/static.ts'

const check = process.argv.includes('--check')
const scratch = mkdtempSync(join(tmpdir(), 'lambdacheck-static-probe-'))
try {
  for (const [architecture, GOARCH] of Object.entries(ARCHITECTURES)) {
    const built = join(scratch, architecture)
    // Without paths, version control and build ids the same sources give the same bytes on every machine.
    execFileSync('go', ['build', '-trimpath', '-buildvcs=false', '-ldflags=-s -w -buildid=', '-o', built, '.'], {
      cwd: staticFolder(),
      env: { ...process.env, CGO_ENABLED: '0', GOOS: 'linux', GOARCH },
      stdio: 'inherit',
    })
    const bytes = readFileSync(built)
    const file = binaryFile(architecture)
    if (check) {
      if (!brotliDecompressSync(readFileSync(file)).equals(bytes))
        throw new Error(
          `${file} is not what the sources give with ${execFileSync('go', ['version'], { encoding: 'utf8' })}`,
        )
    } else {
      const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 }
      writeFileSync(file, brotliCompressSync(bytes, { params }))
    }
    process.stdout.write(`${architecture}: ${bytes.length} bytes\n`)
  }
  if (!check) writeFileSync(digestFile(), `${sourceDigest()}\n`)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
