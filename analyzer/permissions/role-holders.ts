/** Who has a grant: the functions whose roles hold it, and whether anything else may have it too. */
import { posix } from 'node:path'
import type { Application, LambdaFunction, Policy, Resource, Template } from '../application/model.ts'
import type { Loc } from '../application/source.ts'
import type { Value } from '../application/value.ts'
import { grantsOf } from './grants.ts'
import type { Grant } from './grants.ts'

/** The functions that have a role. */
export interface Holders {
  readonly functions: readonly LambdaFunction[]
  /** Nothing but these functions has it. */
  readonly closed: boolean
}

const NOBODY: Holders = { functions: [], closed: false }
const known = new WeakMap<
  Application,
  ReadonlyMap<string, { readonly grants: Grant[]; readonly functions: Set<LambdaFunction> }>
>()

const keyOf = (loc: Loc): string => `${loc.source.path}:${loc.start}`

/** The functions that hold what is granted at a place: by a statement, a managed policy or a policy template. */
export function holdersOf(app: Application, loc: Loc): Holders {
  let index = known.get(app)
  if (!index) {
    const made = new Map<string, { readonly grants: Grant[]; readonly functions: Set<LambdaFunction> }>()
    for (const fn of app.functions) {
      for (const grant of grantsOf(fn).list) {
        if (grant.from.kind === 'framework') continue
        const entry = made.get(keyOf(grant.loc)) ?? { grants: [], functions: new Set<LambdaFunction>() }
        entry.grants.push(grant)
        entry.functions.add(fn)
        made.set(keyOf(grant.loc), entry)
      }
    }
    index = made
    known.set(app, index)
  }
  const found = index.get(keyOf(loc))
  if (!found) return NOBODY
  const functions = [...found.functions]
  const closed = functions.every(hasRoleToItself) && found.grants.every(grant => isAttachedOnlyTo(grant, functions))
  return { functions, closed }
}

/**
 * Whether a policy is for functions, or may be: a function holds it, its role trusts Lambda, nobody is known to hold
 * it, or it stands in a file of
 * its own, in a project that has functions or has nothing but policies. What bounds a role gives nobody a right.
 * @param orMakers that of somebody who makes functions counts as well.
 */
export function isForFunctions(app: Application, policy: Policy, orMakers = false): boolean {
  const { resource } = policy
  if (isBoundary(policy)) return false
  if (!resource) return (isBesideFunctions(app, policy) || isOfPoliciesAlone(app)) && (orMakers || !isForOthers(policy))
  if (
    /^AWS::(Serverless|Lambda)::Function$/.test(resource.type) ||
    policy.statements.some(statement => holdersOf(app, statement.loc).functions.length > 0)
  )
    return true
  const roles =
    resource.type === 'AWS::IAM::Role'
      ? [resource]
      : [...resource.property('Roles').items(), resource.property('RoleName')].flatMap(role => role.resource ?? [])
  if (roles.length > 0) return roles.some(isForLambda)
  // A role that is named, and declared elsewhere, may be that of a function.
  const named = resource.type === 'AWS::IAM::RolePolicy' || resource.property('Roles').items().length > 0
  if (named && /^AWS::IAM::(Role)?Policy$/.test(resource.type)) return orMakers || !isForOthers(policy)
  if (!/^(AWS::IAM::ManagedPolicy|aws_iam_policy_document)$/.test(resource.type)) return false
  const holders = mentioning(resource)
  return holders.length > 0
    ? holders.some(one => one.type === 'AWS::IAM::Role' && isForLambda(one))
    : ['Roles', 'Users', 'Groups'].every(name => resource.property(name).isAbsent) && (orMakers || !isForOthers(policy))
}

/** A permissions boundary: named so, used so, or keeping watch over the boundaries of others. */
const isBoundary = ({ resource, statements }: Policy): boolean =>
  statements.some(({ condition }) => condition.entries().some(({ value }) => value.keys().some(isBoundaryKey))) ||
  (resource?.type === 'AWS::IAM::ManagedPolicy' &&
    (/boundary/i.test(resource.id) ||
      /boundary/i.test(resource.property('ManagedPolicyName').text('') ?? '') ||
      boundariesIn(resource.template).has(resource.id)))

const boundaries = new WeakMap<Template, ReadonlySet<string>>()

/** Ids of what a template uses as a boundary. */
function boundariesIn(template: Template): ReadonlySet<string> {
  const before = boundaries.get(template)
  if (before) return before
  const found = new Set(
    [...template.resources.values()].flatMap(one =>
      one
        .property('PermissionsBoundary')
        .references()
        .flatMap(({ reference }) => reference?.id ?? []),
    ),
  )
  boundaries.set(template, found)
  return found
}

const isBoundaryKey = (key: string): boolean => key.toLowerCase() === 'iam:permissionsboundary'

/** A project of policies: no functions, templates or code that could say what they are for. */
const isOfPoliciesAlone = (app: Application): boolean =>
  app.templates.length === 0 && app.handlers.length === 0 && app.code.length === 0 && !app.python.hasCodeBelow('')

/** What of its template names a managed policy: roles, groups and users, and what attaches it to them. */
const mentioning = (resource: Resource): readonly Resource[] =>
  [...resource.template.resources.values()].filter(
    other => other !== resource && other.properties.references().some(one => one.reference?.id === resource.id),
  )

/**
 * Whether a policy in a file of its own stands where functions are: in the folder of their template or below it, or in
 * a folder that they are in. What stands in another corner of a tree is of another part of it.
 */
function isBesideFunctions(app: Application, policy: Policy): boolean {
  const own = posix.dirname(policy.loc.source.path)
  return (
    app.functions.some(fn => {
      const home = posix.dirname(fn.template.source.path)
      return isWithin(own, home) || isWithin(home, own)
    }) || [...app.handlers, ...app.python.handlers()].some(({ file }) => isWithin(posix.dirname(file.path), own))
  )
}

const isWithin = (path: string, folder: string): boolean =>
  folder === '.' || path === folder || path.startsWith(`${folder}/`)

/**
 * Who may make functions or stacks is somebody who deploys, and who may connect to IoT is a device: neither is a
 * function.
 */
const isForOthers = (policy: Policy): boolean =>
  policy.statements.some(statement =>
    statement.actions.some(action =>
      /^(lambda:(Create|Update)|cloudformation:(\*|Create|Execute)|iot:(Connect|Receive|Subscribe)$)/i.test(
        action.string() ?? '',
      ),
    ),
  )

/** Whether functions may take a role that no function is seen to have. What builds and deploys takes one for that. */
function isForLambda(role: Resource): boolean {
  const services = trusted(role)
  return (
    services.includes('lambda.amazonaws.com') &&
    !services.some(one => /^(codebuild|codepipeline|cloudformation)\./.test(one ?? ''))
  )
}

/** Services that may take a role; undefined for whoever else may. */
const trusted = (role: Resource): readonly (string | undefined)[] =>
  role
    .property('AssumeRolePolicyDocument', 'Statement')
    .items('single')
    .flatMap(statement => principals(statement.at('Principal')))

/** Whether nothing but functions takes the role of a function. */
function hasRoleToItself(fn: LambdaFunction): boolean {
  const { role, kind } = fn.permissions
  if (kind === 'unknown') return false
  if (!role) {
    const generated = fn.template.format === 'serverless' ? 'IamRoleLambdaExecution' : `${fn.resource.id}Role`
    return !takers(fn.template).has(generated)
  }
  return (
    trusted(role).every(service => service === 'lambda.amazonaws.com' || service === 'edgelambda.amazonaws.com') &&
    !takers(role.template).has(role.id)
  )
}

function principals(principal: Value): readonly (string | undefined)[] {
  if (principal.kind !== 'map') return [undefined]
  return principal
    .entries()
    .flatMap(entry => (entry.key === 'Service' ? entry.value.items('single').map(one => one.string()) : [undefined]))
}

/** A policy of its own may be attached to more than roles of functions. */
function isAttachedOnlyTo(grant: Grant, functions: readonly LambdaFunction[]): boolean {
  if (grant.from.kind !== 'statement') return true
  const resource = grant.from.policy.resource
  if (
    !resource ||
    resource.type === 'AWS::IAM::Role' ||
    resource.type === 'AWS::Serverless::Function' ||
    resource.type === 'AWS::Lambda::Function'
  )
    return true
  if (resource.type !== 'AWS::IAM::Policy' && resource.type !== 'AWS::IAM::RolePolicy') return false
  if (resource.type === 'AWS::IAM::RolePolicy') return true
  if (!resource.property('Users').isAbsent || !resource.property('Groups').isAbsent) return false
  const roles = new Set(functions.map(fn => fn.permissions.role?.id ?? fn.id))
  return resource.property('Roles').items().length <= roles.size
}

const takersOf = new WeakMap<Template, ReadonlySet<string>>()

/**
 * Logical ids that something takes as its role, besides functions: state machines, pipelines, outputs. Who is let in
 * or attached is no taker.
 */
function takers(template: Template): ReadonlySet<string> {
  const done = takersOf.get(template)
  if (done) return done
  const found = new Set<string>()
  const collect = (value: Value): void => {
    if (/^(Principal|PolicyDocument|KeyPolicy|Condition|AssumeRolePolicyDocument)$/.test(value.key ?? '')) return
    if (value.kind === 'reference' && value.reference) found.add(value.reference.id)
    for (const entry of value.entries()) collect(entry.value)
    for (const item of value.kind === 'list' ? value.items() : []) collect(item)
    if (value.kind === 'joined') for (const part of value.parts()) collect(part)
    for (const other of value.possible()) if (other !== value) collect(other)
  }
  for (const resource of template.resources.values()) if (takesRoles(resource)) collect(resource.properties)
  const outputs =
    template.format === 'serverless' ? template.root.at('resources', 'Outputs') : template.root.at('Outputs')
  for (const entry of outputs.entries()) collect(entry.value)
  takersOf.set(template, found)
  return found
}

const takesRoles = (resource: Resource): boolean =>
  !/^AWS::(IAM::(Policy|ManagedPolicy|RolePolicy)|Lambda::(Function|Permission)|Serverless::Function|KMS::Key)$/.test(
    resource.type,
  )
