/**
 * Policy statements that grant what code needs, as text ready to paste, and as edits that add them where a function's
 * rights are written.
 */
import type { LambdaFunction, Resource, Template } from '../application/model.ts'
import { positionAt } from '../application/source.ts'
import type { SourceText } from '../application/source.ts'
import type { Value } from '../application/value.ts'
import { addEntry } from '../engine/edit.ts'
import type { Edit, Repair } from '../engine/rule.ts'
import { actionFacts } from '../data/iam.ts'
import { arnOfResource, kindOfResource } from '../application/resource-arns.ts'
import { roleOf } from './role-text.ts'
import type { Need } from '../sdk/sdk-needs.ts'

/** A statement to be: actions, and resources as the text of values. */
export interface Draft {
  readonly actions: readonly string[]
  readonly resources: readonly DraftResource[]
}

/**
 * A resource of a statement: a declared one, with what comes behind its ARN, or a text (with `${AWS::…}` in it or not).
 */
export type DraftResource =
  | { readonly resource: Resource; readonly below: string; readonly attribute?: string }
  | { readonly text: string }

/** Needs of one function as few statements: actions with the same resource stand together. */
export function draftsOf(needs: readonly Need[]): readonly Draft[] {
  const byResource = new Map<string, { actions: Set<string>; resource: DraftResource }>()
  for (const need of needs) {
    const resource = draftResource(need)
    const key = 'resource' in resource ? `${resource.resource.id}${resource.below}` : resource.text
    const known = byResource.get(key)
    if (known) known.actions.add(need.action)
    else byResource.set(key, { actions: new Set([need.action]), resource })
  }
  return [...byResource.values()].map(({ actions, resource }) => ({
    actions: [...actions].sort(),
    resources: [resource],
  }))
}

/**
 * The resource of a need as it is to be written; a text with a word in capitals for the reader to fill in when it is
 * not known.
 */
function draftResource(need: Need): DraftResource {
  const { resource } = need
  if (resource && arnOfResource(resource)) return { resource, below: need.below }
  const written = need.named?.string()
  if (written?.startsWith('arn:')) return { text: `${written}${need.below}` }
  const scopes = actionFacts(need.action)?.resources.filter(
    arn => !/:accesspoint\//.test(arn) && isOfLevel(arn, need.below),
  )
  // Mail is sent from an identity; a configuration set says how.
  const scope = scopes?.find(arn => !/:configuration-set\//.test(arn)) ?? scopes?.[0]
  // Text messages go to no topic.
  if (scope === undefined || (need.kind === undefined && need.action === 'sns:Publish')) return { text: '*' }
  const name = written !== undefined && /^[\w.-]+$/.test(written) ? written : undefined
  const filled = scope.replace(/\$\{(\w+)\}/g, (_all, word: string) => {
    if (word === 'Partition' || word === 'Region') return `\${AWS::${word}}`
    if (word === 'Account') return '${AWS::AccountId}'
    if (word === 'ObjectName' || word === 'IndexName') return '*'
    return name ?? word.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase()
  })
  return { text: filled }
}

const isJson = (source: SourceText): boolean => /\.json$/i.test(source.path) || /^\s*\{/.test(source.text.slice(0, 200))

/** A statement as one line of YAML or JSON, whichever the template is written in. */
export function statementText(draft: Draft, template: Template): string {
  const resources = draft.resources.map(one => resourceText(one, template))
  const resource = resources.length === 1 ? (resources[0] ?? '') : `[${resources.join(', ')}]`
  const actions = draft.actions.length === 1 ? (draft.actions[0] ?? '') : undefined
  if (isJson(template.source))
    return (
      '{"Effect": "Allow", "Action": ' +
      `${actions === undefined ? JSON.stringify(draft.actions).replace(/","/g, '", "') : JSON.stringify(actions)}, "Resource": ${resource}}`
    )
  return `{Effect: Allow, Action: ${actions ?? `[${draft.actions.join(', ')}]`}, Resource: ${resource}}`
}

/** A resource as the text of a value. */
export function resourceText(one: DraftResource, template: Template): string {
  const json = isJson(template.source)
  if (template.format === 'terraform')
    return JSON.stringify(
      'text' in one
        ? one.text.replace(/\$\{AWS::Partition\}/g, 'aws').replace(/\$\{AWS::\w+\}/g, '*')
        : `\${${one.resource.id}.arn}${one.below}`,
    )
  if ('text' in one) {
    if (!one.text.includes('${')) return json ? JSON.stringify(one.text) : `"${one.text}"`
    return json ? `{"Fn::Sub": ${JSON.stringify(one.text)}}` : `!Sub "${one.text}"`
  }
  const { resource, below, attribute = 'Arn' } = one
  const byRef = ['topic', 'state-machine', 'secret'].includes(kindOfResource(resource) ?? '')
  if (below === '') {
    if (byRef) return json ? `{"Ref": "${resource.id}"}` : `!Ref ${resource.id}`
    return json ? `{"Fn::GetAtt": ["${resource.id}", "${attribute}"]}` : `!GetAtt ${resource.id}.${attribute}`
  }
  const text = `\${${resource.id}${byRef ? '' : `.${attribute}`}}${below}`
  return json ? `{"Fn::Sub": "${text}"}` : `!Sub "${text}"`
}

/** Replaces one action of a statement by several. */
export function replaceAction(action: Value, by: readonly string[]): Edit | undefined {
  const { source } = action.loc
  if (action.via.length || action.string() === undefined) return undefined
  const json = isJson(source)
  return replaceBy(
    action,
    by.map(one => (json ? JSON.stringify(one) : one)),
  )
}

/** Puts texts in the place of a value: as a list, or as further items of the list that it is in. */
function replaceBy(value: Value, texts: readonly string[]): Edit | undefined {
  const { source, start, end } = value.loc
  // A policy that is a text in a text has no place of its own for its parts.
  if (source.text.slice(start, end).replace(/^["']|["']$/g, '') !== value.string()) return undefined
  if (value.parent?.kind !== 'list')
    return { loc: value.loc, text: texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]` }
  const line = source.text.slice(source.text.lastIndexOf('\n', start - 1) + 1, start)
  const dash = isJson(source) ? null : /^(\s*)-(\s+)$/.exec(line)
  return { loc: value.loc, text: texts.join(dash ? `\n${dash[1]}-${dash[2]}` : ', ') }
}

/** Replaces the one resource of a statement by several. */
export function replaceResource(resource: Value, by: readonly DraftResource[], template: Template): Edit | undefined {
  const { source, start } = resource.loc
  // What a tag makes of a text is not seen here.
  if (resource.via.length || resource.string() === undefined || source.text.slice(0, start).trimEnd().endsWith('!Sub'))
    return undefined
  return replaceBy(
    resource,
    by.map(one => resourceText(one, template)),
  )
}

/**
 * Adds statements to the rights of a function, where these are written; nothing when there is no place that is surely
 * right.
 */
export function addStatements(fn: LambdaFunction, drafts: readonly Draft[]): readonly Repair[] {
  if (fn.template.format === 'terraform' || fn.template.format === 'cdk' || !drafts.length) return []
  const edit = editFor(fn, drafts)
  const actions = [...new Set(drafts.flatMap(draft => draft.actions))]
  return edit
    ? [
        {
          description:
            `Allow ${actions.length > 3 ? `${actions.length} actions` : actions.join(', ')} in ` + `${roleOf(fn)}`,
          kind: 'suggestion',
          edits: [edit],
        },
      ]
    : []
}

function editFor(fn: LambdaFunction, drafts: readonly Draft[]): Edit | undefined {
  const source = fn.template.source
  const statements = drafts.map(draft => statementText(draft, fn.template))
  for (const policy of fn.permissions.policies) {
    const list = policy.value.at('Statement')
    const edit = list.kind === 'list' && list.loc.source === source ? prepend(list, statements) : undefined
    if (edit) return edit
  }
  const { role } = fn.permissions
  const document = isJson(source)
    ? `{"Statement": [${statements.join(', ')}]}`
    : `{Statement: [${statements.join(', ')}]}`
  if (role) {
    const named = isJson(source)
      ? `{"PolicyName": "${fn.resource.id}", "PolicyDocument": ${document}}`
      : `{PolicyName: ${fn.resource.id}, PolicyDocument: ${document}}`
    return addToList(role, 'Policies', named)
  }
  return fn.permissions.kind === 'generated' && fn.resource.type === 'AWS::Serverless::Function'
    ? addToList(fn.resource, 'Policies', document)
    : undefined
}

/** Adds an item to a list among the properties of a resource, or makes the list. */
function addToList(resource: Resource, property: string, item: string): Edit | undefined {
  const list = resource.property(property)
  if (list.kind === 'list') return prepend(list, [item])
  if (!list.isAbsent || resource.properties.isAbsent) return undefined
  // The value is text already: the entry is made with a stand-in, which is then replaced.
  const entry = addEntry(resource.properties, property, '@@')
  return entry && { loc: entry.loc, text: entry.text.replace(/["']?@@["']?/, () => `[${item}]`) }
}

/** Attaches a policy that AWS keeps to the role of a function, where its policies are listed. */
export function addManagedPolicy(fn: LambdaFunction, name: string): readonly Repair[] {
  const { role } = fn.permissions
  if (!role || fn.template.format === 'terraform' || fn.template.format === 'cdk') return []
  const path = /^AWSLambda(?!_)/.test(name) ? 'service-role/' : ''
  const arn = `arn:aws:iam::aws:policy/${path}${name}`
  const edit = addToList(role, 'ManagedPolicyArns', isJson(role.loc.source) ? JSON.stringify(arn) : arn)
  return edit ? [{ description: `Attach ${name} to ${role.id}`, kind: 'suggestion', edits: [edit] }] : []
}

/** Puts items before the first of a list. */
function prepend(list: Value, items: readonly string[]): Edit | undefined {
  const first = list.items()[0]
  if (!first || first.loc.source !== list.loc.source || first.loc.start < list.loc.start) return undefined
  const { source } = list.loc
  const at = first.loc.start
  const flow = isJson(source) || source.text[list.loc.start] === '['
  // A tag before the first item belongs to it, and is not part of its place.
  if (flow && (at <= list.loc.start || !/[[]\s*$/.test(source.text.slice(list.loc.start, at)))) return undefined
  if (flow) return { loc: { source, start: at, end: at }, text: items.map(item => `${item}, `).join('') }
  const line = source.text.lastIndexOf('\n', at - 1) + 1
  const before = source.text.slice(line, at)
  const dash = /^(\s*)-(\s+)$/.exec(before)
  if (!dash) return undefined
  const indent = ' '.repeat(positionAt(source, at).column - 1 - (dash[2] ?? '').length - 1)
  return { loc: { source, start: at, end: at }, text: items.map(item => `${item}\n${indent}-${dash[2]}`).join('') }
}

/**
 * Whether an ARN of the service authorization reference is of the objects or indices below a resource, or of the
 * resource itself.
 */
function isOfLevel(arn: string, below: Need['below']): boolean {
  if (below === '/*') return /ObjectName/.test(arn)
  return below === '/index/*' ? /\/index\//.test(arn) : !/\/\$\{(IndexName|StreamLabel|BackupName)/.test(arn)
}
