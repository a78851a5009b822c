/** Templates of CloudFormation and SAM, and those that the CDK writes. */
import { evaluate } from './intrinsics.ts'
import type { Scope } from './intrinsics.ts'
import { isMadeByCdk } from './made-by-cdk.ts'
import { rawGet, rawItems, rawScalar } from './raw.ts'
import type { Raw } from './raw.ts'
import { expandPart, isPartOfService } from './service-part.ts'
import type { Loc, SourceText } from './source.ts'
import { absentValue } from './value.ts'
import type { Value } from './value.ts'
import type { Resource, Template, TemplateFormat } from './model.ts'

/** A template whose functions are still to be derived from its resources. */
export interface TemplateShell {
  readonly source: SourceText
  readonly format: TemplateFormat
  readonly root: Value
  readonly resources: Map<string, Resource>
  /** SAM's `Globals`; absent elsewhere. */
  readonly globals: Value
  readonly open: boolean
}

/** Whether a text looks like a template at all, before anybody parses it. */
export const mayBeCloudFormation = (text: string): boolean =>
  /["']?Type["']?\s*:\s*["']?AWS::[A-Za-z0-9]+::/.test(text) || /AWSTemplateFormatVersion/.test(text)

/** Whether a parsed file is a template: its `Resources` hold at least one thing with a type, or it says so itself. */
export function isCloudFormation(raw: Raw): boolean {
  const resources = rawGet(raw, 'Resources')
  if (resources?.kind !== 'map') return false
  return (
    rawGet(raw, 'AWSTemplateFormatVersion') !== undefined ||
    resources.entries.some(entry => /^[A-Za-z0-9]+::/.test(String(rawScalar(rawGet(entry.value, 'Type')) ?? '')))
  )
}

/** Makes resources of a raw template. `template()` gives the finished template, to which the resources refer back. */
export function loadCloudFormation(
  raw: Raw,
  source: SourceText,
  format: TemplateFormat,
  template: () => Template,
  around: Pick<Scope, 'given' | 'imports'> = {},
): TemplateShell {
  const resources = new Map<string, Resource>()
  const isPart = isPartOfService(raw, source.text)
  const scope = { ...cloudFormationScope(raw, source, resources), ...(isPart && { expand: expandPart }), ...around }
  const declared = rawGet(raw, 'Resources')
  let open = rawGet(raw, 'Fn::Transform') !== undefined || hasMacro(raw) || isPart
  const root = evaluate(raw, scope)
  for (const entry of declared?.kind === 'map' ? declared.entries : []) {
    if (entry.key.startsWith('Fn::')) {
      open = true
      continue
    }
    const loc: Loc = { source, start: entry.keyStart, end: entry.keyEnd }
    // From the root, so that the path of each value names its resource.
    const value = root.at('Resources', entry.key)
    if (format === 'cdk' && isMadeByCdk(entry.key, entry.value)) continue
    resources.set(entry.key, makeResource(entry.key, loc, value, template))
  }
  return { source, format, root, resources, globals: root.at('Globals'), open }
}

/** A resource over a value that has `Type`, `Properties` and the rest of CloudFormation's resource attributes. */
export function makeResource(id: string, loc: Loc, value: Value, template: () => Template): Resource {
  const written = value.at('Properties')
  const properties = written.isAbsent ? absentValue(loc) : written
  const condition = value.at('Condition').string()
  return {
    id,
    type: value.at('Type').string() ?? '',
    get template() {
      return template()
    },
    loc,
    properties,
    value,
    metadata: value.at('Metadata'),
    ...(condition === undefined ? {} : { condition }),
    dependsOn: value
      .at('DependsOn')
      .items('single')
      .flatMap(item => item.string() ?? []),
    property: (...path) => properties.at(...path),
  }
}

/** What the intrinsic functions of a raw template can look up. */
export function cloudFormationScope(
  raw: Raw,
  source: SourceText,
  resources: ReadonlyMap<string, Resource>,
  expand?: Scope['expand'],
): Scope {
  return {
    source,
    parameters: byName(rawGet(raw, 'Parameters')),
    mappings: rawGet(raw, 'Mappings'),
    conditions: byName(rawGet(raw, 'Conditions')),
    resources,
    active: new Set(),
    decided: new Map(),
    ...(expand ? { expand } : {}),
  }
}

const byName = (raw: Raw | undefined): Map<string, Raw> =>
  new Map(raw?.kind === 'map' ? raw.entries.map(entry => [entry.key, entry.value]) : [])

/** A macro of the account may change anything; the transforms of AWS are known. */
function hasMacro(raw: Raw): boolean {
  const transform = rawGet(raw, 'Transform')
  const names = rawItems(transform)
  return names.some(
    name => !/^AWS::(Serverless-|LanguageExtensions|SecretsManager|CodeDeploy)/.test(String(rawScalar(name) ?? '')),
  )
}
