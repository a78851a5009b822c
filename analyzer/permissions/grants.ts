/**
 * What the role of a function lets it do: statements, managed policies, SAM's policy templates and what a framework
 * adds, as one list.
 */
import { policiesOf } from '../application/policies.ts'
import type { LambdaFunction, Policy, Resource, Statement, Template } from '../application/model.ts'
import type { Loc } from '../application/source.ts'
import { itemsOrItself, type Value } from '../application/value.ts'
import { matchesGlob } from '../../base/glob.ts'
import { covers } from '../data/iam.ts'
import { managedPolicy } from '../data/managed-policies.ts'
import { samPolicyTemplate } from '../data/sam-policy-templates.ts'
import { ANY, coversResource, either, every, opposite, wildcards } from '../application/arn-pattern.ts'
import type { Answer, Pattern } from '../application/arn-pattern.ts'
import { frameworkGrants } from './framework-grants.ts'
import { locateArn, locateTemplateArn } from '../application/resource-arns.ts'
import type { Located } from '../application/resource-arns.ts'

/** What one statement, policy or template allows or denies. */
export interface Grant {
  readonly effect: 'Allow' | 'Deny'
  /** Action patterns (`s3:Get*`); with `exceptActions`, everything but these. */
  readonly actions: readonly string[]
  readonly exceptActions: boolean
  /** Each resource with the ARNs that it may turn out to be; with `exceptResources`, everything but these. */
  readonly resources: readonly (readonly Located[])[]
  readonly exceptResources: boolean
  /** An action or resource cannot be read: there may be more to it. */
  readonly open: boolean
  /** Holds under a condition only. */
  readonly conditional: boolean
  readonly loc: Loc
  readonly from:
    | { readonly kind: 'statement'; readonly statement: Statement; readonly policy: Policy }
    | { readonly kind: 'managed'; readonly name: string; readonly value: Value }
    | { readonly kind: 'template'; readonly name: string; readonly value: Value }
    | { readonly kind: 'framework' }
}

/** Everything that is granted to a role, and whether there may be more. */
export interface Grants {
  readonly list: readonly Grant[]
  /** False when there may be more grants than are seen: then nothing may be said to be missing. */
  readonly complete: boolean
}

const EVERYTHING: readonly (readonly Located[])[] = [[{ pattern: [ANY], assumes: new Set() }]]

const known = new WeakMap<LambdaFunction, Grants>()

/** Every grant and denial of a function's role. */
export function grantsOf(fn: LambdaFunction): Grants {
  const found = known.get(fn) ?? readGrants(fn)
  known.set(fn, found)
  return found
}

function readGrants(fn: LambdaFunction): Grants {
  const { permissions } = fn
  const list: Grant[] = [...frameworkGrants(fn)]
  let complete = permissions.kind !== 'unknown' && !permissions.open && isTold(fn)
  for (const policy of [...permissions.policies, ...attachedToGenerated(fn)]) {
    // What stands in the place of a document is put there by somebody.
    if (policy.open || policy.value.kind !== 'map') complete = false
    for (const statement of policy.statements) list.push(grantOfStatement(statement, policy))
  }
  for (const value of permissions.managed) {
    const granted = grantsOfManaged(value)
    if (granted) list.push(...granted)
    else complete = false
  }
  for (const { name, value } of permissions.templates) {
    const template = samPolicyTemplate(name)
    if (!template) complete = false
    for (const one of template?.statements ?? []) {
      list.push({
        effect: 'Allow',
        actions: one.actions,
        exceptActions: false,
        resources: one.resources.map(text => locateTemplateArn(text, value)),
        exceptResources: false,
        open: false,
        conditional: false,
        loc: value.keyLoc ?? value.loc,
        from: { kind: 'template', name, value },
      })
    }
  }
  return { list, complete }
}

/** What a policy that AWS keeps grants; undefined for one that is not known. */
function grantsOfManaged(value: Value): readonly Grant[] | undefined {
  const name = nameOfManaged(value)
  const statements = name === undefined ? undefined : managedPolicy(name)
  return statements?.map(one => ({
    effect: 'Allow',
    actions: one.actions ?? one.except ?? [],
    exceptActions: one.except !== undefined,
    resources: one.resources.map(text => [{ pattern: wildcards(text), assumes: new Set<string>() }]),
    exceptResources: false,
    open: false,
    conditional: one.conditional === true,
    loc: value.loc,
    from: { kind: 'managed', name: name ?? '', value },
  }))
}

/** What bounds the role of a function: it may do only what its permissions boundary allows, too. */
export interface Boundary {
  readonly value: Value
  readonly list: readonly Grant[]
}

const boundaries = new WeakMap<LambdaFunction, Boundary | 'none'>()

/** The permissions boundary of a function's role, when there is one and all of it can be read. */
export function boundaryOf(fn: LambdaFunction): Boundary | undefined {
  const found = boundaries.get(fn) ?? readBoundary(fn) ?? 'none'
  boundaries.set(fn, found)
  return found === 'none' ? undefined : found
}

function readBoundary(fn: LambdaFunction): Boundary | undefined {
  const { role } = fn.permissions
  const withoutRole = (): Value =>
    fn.template.format === 'serverless'
      ? fn.template.root.at('provider', 'iam', 'role', 'permissionsBoundary')
      : fn.property('PermissionsBoundary')
  const value = role ? role.property('PermissionsBoundary') : withoutRole()
  if (value.isAbsent || fn.permissions.kind === 'unknown') return undefined
  const declared = value.resource
  if (!declared) {
    const list = grantsOfManaged(value)
    return list && { value, list }
  }
  if (declared.type !== 'AWS::IAM::ManagedPolicy') return undefined
  const policies = policiesOf(declared)
  if (!policies.length || policies.some(policy => policy.open || policy.value.kind !== 'map')) return undefined
  return { value, list: policies.flatMap(policy => policy.statements.map(one => grantOfStatement(one, policy))) }
}

/** The permissions boundary that surely keeps a function from an action. */
export function boundaryAgainst(fn: LambdaFunction, action: string, needed?: readonly Located[]): Boundary | undefined {
  const boundary = boundaryOf(fn)
  return boundary && allowedBy(boundary.list, action, needed) === 'no' ? boundary : undefined
}

const allowedBy = (list: readonly Grant[], action: string, needed: readonly Located[] | undefined): Answer =>
  either(list.filter(grant => grant.effect === 'Allow').map(grant => answerOf(grant, action, needed)))

/** The statement as a grant, its unknown parts kept as unknown. */
export function grantOfStatement(statement: Statement, policy: Policy): Grant {
  const exceptActions = statement.notActions.length > 0
  const exceptResources = statement.notResources.length > 0
  const actions = exceptActions ? statement.notActions : statement.actions
  const resources = exceptResources ? statement.notResources : statement.resources
  const effect = statement.value.at('Effect')
  return {
    effect: statement.effect,
    actions: actions.flatMap(action => action.string() ?? []),
    exceptActions,
    // A resource policy of a queue may leave its resource out.
    resources: resources.length ? resources.map(locateArn) : EVERYTHING,
    exceptResources,
    open:
      effect.isUnknown ||
      actions.some(action => action.string() === undefined) ||
      isOpenList(statement, exceptActions ? 'NotAction' : 'Action') ||
      isOpenList(statement, exceptResources ? 'NotResource' : 'Resource'),
    conditional: !statement.condition.isAbsent,
    loc: statement.loc,
    from: { kind: 'statement', statement, policy },
  }
}

const isOpenList = (statement: Statement, key: string): boolean => {
  const value = statement.value.at(key)
  return value.open || (value.isUnknown && value.kind === 'unknown' && key.endsWith('Action'))
}

/** The name of a policy that AWS keeps, from its ARN or, in SAM, its name alone. */
export function nameOfManaged(value: Value): string | undefined {
  const text = value.text()
  if (text === undefined) return undefined
  return (
    /^arn:[^:]*:iam::aws:policy\/(?:.*\/)?([^/*]+)$/.exec(text)?.[1] ??
    /^([\w+=,.@-]+)$/.exec(value.string() ?? '')?.[1]
  )
}

/** Whether a grant is for an action, whatever the resource. */
export function grantsAction(grant: Grant, action: string): Answer {
  const covered = grant.actions.some(pattern => covers(pattern, action))
  if (covered) return grant.exceptActions ? 'no' : 'yes'
  if (grant.exceptActions) return grant.open ? 'unknown' : 'yes'
  const mayBeNamed =
    grant.open &&
    grant.from.kind === 'statement' &&
    grant.from.statement.actions.some(one => one.string() === undefined && mayBe(one, action))
  return mayBeNamed ? 'unknown' : 'no'
}

/** Whether a text of which parts are known may turn out to cover an action. */
const mayBe = (value: Value, action: string): boolean => {
  const text = value.text('*')
  return text === undefined || matchesGlob(text.toLowerCase(), action.toLowerCase())
}

/** Whether a grant is for a resource. */
export function grantsResource(grant: Grant, needed: readonly Located[]): Answer {
  const any = either(grant.resources.map(alternatives => weigh(alternatives, needed)))
  return grant.exceptResources ? opposite(any) : any
}

/** One resource of a statement, which may turn out to be several, against one need, which may too. */
function weigh(alternatives: readonly Located[], needed: readonly Located[]): Answer {
  const answers = alternatives.flatMap(one => needed.map(other => compare(one, other)))
  if (answers.every(answer => answer === 'yes')) return 'yes'
  return answers.every(answer => answer === 'no') ? 'no' : 'unknown'
}

/** Two texts that hang on different defaults may still become the same. */
function compare(granted: Located, needed: Located): Answer {
  const answer = coversResource(granted.pattern, needed.pattern)
  if (answer !== 'no' || equal(granted.assumes, needed.assumes)) return answer
  return sameKind(granted.pattern, needed.pattern) ? 'unknown' : 'no'
}

const equal = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size === other.size && [...one].every(item => other.has(item))

/** Whether it is only names that tell two ARNs apart: both are of the same service. */
const sameKind = (one: Pattern, other: Pattern): boolean =>
  serviceOf(one) === undefined || serviceOf(one) === serviceOf(other)

function serviceOf(pattern: Pattern): string | undefined {
  const text = pattern.map(piece => (typeof piece === 'string' ? piece : '\0')).join('')
  return /^arn:[^:]*:([a-z0-9-]+):/.exec(text)?.[1]
}

/**
 * Whether a function may do an action on a resource. Conditions are taken to hold for what is allowed, and not to hold
 * for what is denied.
 * @param needed the resource, as the alternatives that it may turn out to be; everything when it is left out.
 * @returns `no` only when there surely is no grant, or when a denial surely holds.
 */
export function isGranted(fn: LambdaFunction, action: string, needed?: readonly Located[]): Answer {
  if (denialOf(fn, action, needed) || boundaryAgainst(fn, action, needed)) return 'no'
  const { list, complete } = grantsOf(fn)
  const allowed = allowedBy(list, action, needed)
  return allowed === 'no' && !complete ? 'unknown' : allowed
}

/** The denial that surely forbids a function an action on a resource, or on everything when it is left out. */
export const denialOf = (fn: LambdaFunction, action: string, needed?: readonly Located[]): Grant | undefined =>
  [...grantsOf(fn).list, ...(boundaryOf(fn)?.list ?? [])].find(
    grant =>
      grant.effect === 'Deny' &&
      !grant.conditional &&
      answerOf(grant, action, needed) === 'yes' &&
      (needed !== undefined || isForEverything(grant)),
  )

const answerOf = (grant: Grant, action: string, needed: readonly Located[] | undefined): Answer =>
  every([grantsAction(grant, action), needed ? grantsResource(grant, needed) : grantsSomeResource(grant)])

function grantsSomeResource({ exceptResources, resources }: Grant): Answer {
  if (exceptResources) return 'unknown'
  return resources.length ? 'yes' : 'no'
}

const isForEverything = (grant: Grant): boolean =>
  !grant.exceptResources &&
  grant.resources.some(alternatives => alternatives.every(one => one.pattern.length === 1 && one.pattern[0] === ANY))

/** Plugins of the Serverless Framework that add nothing to a role. */
const PLAIN_PLUGINS =
  /^(serverless-(esbuild|webpack|bundle|offline(-.*)?|plugin-typescript|iam-roles-per-function|prune-plugin|plugin-optimize|plugin-include-dependencies|dotenv-plugin|domain-manager|deployment-bucket|python-requirements|plugin-canary-deployments|plugin-log-retention|plugin-split-stacks|plugin-ifelse|pseudo-parameters|export-env|stack-termination-protection|plugin-resource-tagging|localstack|dynamodb(-local)?|s3-(sync|local|remover|deploy)|openapi-documentation|plugin-common-excludes|hooks-plugin|plugin-scripts|jest-plugin|layers|add-api-key|api-gateway-throttling|plugin-conditional-functions|plugin-git-variables|plugin-datadog|newrelic-lambda-layers|better-credentials|middleware|certificate-creator|aws-alias))$/

/** Whether everything that could add to the role is seen: plugins, macros, included files, connectors. */
function isTold(fn: LambdaFunction): boolean {
  const { template } = fn
  if (template.format === 'serverless') {
    const plugins = template.root.at('plugins')
    const names = plugins.kind === 'map' ? plugins.at('modules') : plugins
    if (names.isUnknown || names.items().some(name => !PLAIN_PLUGINS.test(name.string() ?? '?'))) return false
    if (!template.root.at('constructs').isAbsent) return false
    const sections = template.root.at('resources')
    return itemsOrItself(sections).every(
      part =>
        !part.isUnknown &&
        !part.at('Resources').isUnknown &&
        !part.at('Resources').open &&
        part.at('extensions').isAbsent,
    )
  }
  // Terraform's templates are called open for modules; what is attached to a role is seen all the same.
  return template.format === 'terraform' || (!template.open && !isConnected(fn))
}

/** SAM's connectors add to the roles of the functions that they start from. */
function isConnected(fn: LambdaFunction): boolean {
  if (!fn.resource.value.at('Connectors').isAbsent) return true
  return ofType(fn.template, 'AWS::Serverless::Connector').some(resource => {
    const source = resource.property('Source', 'Id').string()
    return source === undefined || source === fn.resource.id
  })
}

const byType = new WeakMap<Template, Map<string, Resource[]>>()

/** Resources of a template by type: a template of thousands of functions is not searched for each of them. */
function ofType(template: Template, ...types: readonly string[]): readonly Resource[] {
  let known = byType.get(template)
  if (!known) {
    known = new Map()
    for (const resource of template.resources.values()) {
      const same = known.get(resource.type)
      if (same) same.push(resource)
      else known.set(resource.type, [resource])
    }
    byType.set(template, known)
  }
  return types.flatMap(type => known.get(type) ?? [])
}

/** Policies of the template that attach themselves to the role that a framework makes for the function. */
function attachedToGenerated(fn: LambdaFunction): readonly Policy[] {
  if (fn.permissions.kind !== 'generated') return []
  const roles = new Set(
    fn.template.format === 'serverless'
      ? ['IamRoleLambdaExecution', `${fn.resource.id.replace(/LambdaFunction$/, '')}IamRoleLambdaExecution`]
      : [`${fn.resource.id}Role`],
  )
  return attached(fn.template, mention => roles.has(mention))
}

function attached(template: Template, isRole: (id: string) => boolean): readonly Policy[] {
  const names = (resource: Resource): readonly Value[] =>
    resource.type === 'AWS::IAM::RolePolicy' ? [resource.property('RoleName')] : resource.property('Roles').items()
  return ofType(template, 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy')
    .filter(resource => names(resource).some(name => isRole(name.reference?.id ?? '')))
    .flatMap(resource => policiesOf(resource))
}
