/** The probe as files that can be deployed as they are. Pure: nothing is written here. */
import { stringify } from 'yaml'
import { buildProbeZip, FLAVOURS, type Flavour, probeSource } from './flavours.ts'
import { PROBE_ROLES } from './roles.ts'

/** For which tool the probes are written. */
export type ExportFormat = 'serverless' | 'sam' | 'zip'

/** A file to be written, by its path below the chosen folder. */
export interface ExportedFile {
  /** Relative, with forward slashes. */
  readonly path: string
  readonly content: string | Uint8Array
  readonly executable: boolean
}

const FOLDER = 'probe'

/**
 * `formats`: what to deploy with. With `serverless` and `sam` the sources come as a folder, with `zip` as one archive;
 * the part of an endpoint file is always there.
 */
export function exportProbes(
  flavour: Flavour,
  runtime: string,
  formats: readonly ExportFormat[],
): readonly ExportedFile[] {
  const files: ExportedFile[] = []
  if (formats.includes('serverless') || formats.includes('sam')) {
    for (const one of FLAVOURS[flavour].files)
      files.push({ path: `${FOLDER}/${one.name}`, content: probeSource(one), executable: one.executable })
  }
  if (formats.includes('serverless')) files.push(text('serverless.yml', serverless(flavour, runtime)))
  if (formats.includes('sam')) files.push(text('template.yaml', sam(flavour, runtime)))
  if (formats.includes('zip') || (formats.includes('serverless') && isArchived(flavour))) {
    files.push({ path: archiveName(flavour), content: buildProbeZip(flavour), executable: false })
  }
  return [...files, text('lambdacheck.config.yaml', endpointFile())]
}

/** What the function of a role is called once it is deployed. */
function deployedName(role: string): string {
  return `lambdacheck-${role}`
}

function serverless(flavour: Flavour, runtime: string): string {
  const functions = PROBE_ROLES.map(({ role, configuration }) => [
    role,
    {
      name: deployedName(role),
      handler: isArchived(flavour) ? FLAVOURS[flavour].handler : `${FOLDER}/${FLAVOURS[flavour].handler}`,
      memorySize: configuration.MemorySize,
      timeout: configuration.Timeout,
      ...(configuration.Environment === undefined ? {} : { environment: configuration.Environment.Variables }),
    },
  ])
  return stringify({
    service: 'lambdacheck-probes',
    provider: { name: 'aws', runtime, stage: 'probes', logRetentionInDays: 1 },
    package: isArchived(flavour) ? { artifact: archiveName(flavour) } : { patterns: ['!**', `${FOLDER}/**`] },
    plugins: ['serverless-offline'],
    functions: Object.fromEntries(functions) as object,
  })
}

/** A bootstrap must lie at the top of its package: Serverless deploys that flavour from its archive. */
function isArchived(flavour: Flavour): boolean {
  return flavour === 'provided'
}

function archiveName(flavour: Flavour): string {
  return `probe-${flavour}.zip`
}

function sam(flavour: Flavour, runtime: string): string {
  const resources = PROBE_ROLES.map(({ role, purpose, configuration }) => [
    `${role[0]?.toUpperCase() ?? ''}${role.slice(1)}Probe`,
    {
      Type: 'AWS::Serverless::Function',
      Properties: {
        FunctionName: deployedName(role),
        Description: purpose,
        CodeUri: `${FOLDER}/`,
        Handler: FLAVOURS[flavour].handler,
        Runtime: runtime,
        ...configuration,
      },
    },
  ])
  return stringify({
    AWSTemplateFormatVersion: '2010-09-09',
    Transform: 'AWS::Serverless-2016-10-31',
    Description: 'The probe of lambdacheck, once for each role',
    Resources: Object.fromEntries(resources) as object,
  })
}

function endpointFile(): string {
  return stringify({
    endpoints: {
      mine: {
        url: 'http://127.0.0.1:3002',
        capabilities: { create: false },
        probes: Object.fromEntries(PROBE_ROLES.map(({ role }) => [role, deployedName(role)])),
      },
    },
  })
}

function text(path: string, content: string): ExportedFile {
  return { path, content, executable: false }
}
