/**
 * The probe without an interpreter as files: a task folder, a folder for `/opt`, their archives, and how to start them
 * under the RIE. Pure.
 */
import { stringify } from 'yaml'
import type { ExportedFile } from './export.ts'
import { RUNTIME_ROLES } from './roles.ts'
import { EXTENSION_LAUNCHER, extensionsZip, runtimeZip, staticBinary, type Architecture } from './static.ts'

/**
 * AWS's Runtime Interface Emulator looks for extensions in /opt alone: a mount namespace gives it a folder of ours
 * there.
 */
const START = `#!/bin/sh
# Starts AWS's Runtime Interface Emulator with the runtime and the extension of this folder:
#   ./start-rie.sh PATH-OF-aws-lambda-rie [PORT]
set -e
folder=$(cd "$(dirname "$0")" && pwd)
rie=\${1:?the path of aws-lambda-rie is missing}
port=\${2:-9000}
export AWS_LAMBDA_FUNCTION_NAME=function AWS_LAMBDA_FUNCTION_TIMEOUT=10 AWS_LAMBDA_FUNCTION_MEMORY_SIZE=128 _HANDLER=bootstrap.main
export PROBE_EXTENSIONS='{"watcher":{}}'
# What processes tell lies in files: of this start alone.
TMPDIR=$(mktemp -d)
export TMPDIR
run='cd "$0/task" && exec "$1" --runtime-interface-emulator-address "127.0.0.1:$2" --runtime-api-address "127.0.0.1:$(($2 + 1))" ./bootstrap'
if [ -w /opt ] && [ "$(id -u)" = 0 ]; then make='--mount'; else make='--map-root-user --mount'; fi
exec unshare $make sh -c "mount --bind \\"\\$0/opt\\" /opt && $run" "$folder" "$rie" "$port"
`

/** The files with which the probe without an interpreter is deployed. */
export function exportStaticProbe(architecture: Architecture): readonly ExportedFile[] {
  const [extended] = RUNTIME_ROLES.filter(one => Object.keys(one.extensions).length > 0)
  const names = Object.keys(extended?.extensions ?? {})
  const binary = staticBinary(architecture)
  return [
    { path: 'task/bootstrap', content: binary, executable: true },
    { path: 'opt/bin/lambdacheck-probe', content: binary, executable: true },
    ...names.map(name => ({ path: `opt/extensions/${name}`, content: EXTENSION_LAUNCHER, executable: true })),
    { path: 'probe-static.zip', content: Buffer.from(runtimeZip(architecture), 'base64'), executable: false },
    { path: 'layer.zip', content: Buffer.from(extensionsZip(architecture, names), 'base64'), executable: false },
    { path: 'start-rie.sh', content: START, executable: true },
    { path: 'lambdacheck.config.yaml', content: endpointFile(), executable: false },
  ]
}

function endpointFile(): string {
  return stringify({
    endpoints: {
      rie: {
        url: 'http://127.0.0.1:9000',
        capabilities: { create: false },
        probes: Object.fromEntries(RUNTIME_ROLES.map(({ role }) => [role, 'function'])),
        limits: { concurrency: 1 },
      },
    },
  })
}
