/** The grammar of IAM policies: what IAM refuses to take, and what it takes and means nothing. */
import { didYouMean, nearest } from '../../base/suggest.ts'
import { globalKeys, hasOneValue, isGlobalKey } from '../data/iam-beyond.ts'
import type { Policy, Statement } from '../application/model.ts'
import type { Value } from '../application/value.ts'
import { actionsWithKey, conditionKeysOf, covers } from '../data/iam.ts'
import { loadKnowledge } from '../data/pages.ts'

/** What is wrong with the form of a policy, and where. */
export interface PolicyFault {
  readonly at: Value
  readonly message: string
  /** IAM takes it all the same. */
  readonly taken?: true
}

const ELEMENTS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]
const OPERATORS = [
  ...[
    'StringEquals',
    'StringNotEquals',
    'StringEqualsIgnoreCase',
    'StringNotEqualsIgnoreCase',
    'StringLike',
    'StringNotLike',
  ],
  ...[
    'NumericEquals',
    'NumericNotEquals',
    'NumericLessThan',
    'NumericLessThanEquals',
    'NumericGreaterThan',
    'NumericGreaterThanEquals',
  ],
  ...['DateEquals', 'DateNotEquals', 'DateLessThan', 'DateLessThanEquals', 'DateGreaterThan', 'DateGreaterThanEquals'],
  ...[
    'Bool',
    'BinaryEquals',
    'IpAddress',
    'NotIpAddress',
    'ArnEquals',
    'ArnLike',
    'ArnNotEquals',
    'ArnNotLike',
    'Null',
  ],
]
/** Every fault of a policy, the first of each statement first. */
export function policyFaults(policy: Policy): readonly PolicyFault[] {
  const faults: PolicyFault[] = []
  const document = policy.value
  const isWhole =
    document.kind === 'map' &&
    !document.at('Statement').isAbsent &&
    policy.resource?.type !== 'AWS::Events::EventBusPolicy'
  if (isWhole) {
    const version = document.at('Version')
    const text = version.string()
    if (text !== undefined && text !== '2012-10-17' && text !== '2008-10-17')
      faults.push({ at: version, message: `there is no version ${text} of policies: write 2012-10-17` })
    for (const { key, value } of document.entries())
      if (!['Version', 'Id', 'Statement'].includes(key) && !key.startsWith('Fn::') && !document.open)
        faults.push({
          at: value,
          message: `a policy has no element ${key}${didYouMean(key, ['Version', 'Id', 'Statement'])}`,
        })
    for (const item of document.at('Statement').items('single'))
      if (item.kind === 'string' || item.kind === 'list')
        faults.push({ at: item, message: 'a statement must be a map' })
  }
  for (const statement of policy.statements) faults.push(...statementFaults(statement, policy))
  faults.push(...sameSids(policy), ...sizeFaults(policy), ...unreplaced(policy))
  return faults
}

function* statementFaults(statement: Statement, policy: Policy): Generator<PolicyFault> {
  const { value } = statement
  if (value.open || value.kind !== 'map') return
  for (const { key, value: element } of value.entries())
    if (!ELEMENTS.includes(key) && !key.startsWith('Fn::'))
      yield { at: element, message: `a statement has no element ${key}${didYouMean(key, ELEMENTS)}` }
  const has = (name: string): boolean => !value.at(name).isAbsent
  const effect = value.at('Effect')
  const text = effect.string()
  if (effect.isAbsent) yield { at: value, message: 'the statement has no Effect' }
  else if (text !== undefined && text !== 'Allow' && text !== 'Deny')
    yield { at: effect, message: `there is no effect ${text}${didYouMean(text, ['Allow', 'Deny'])}` }
  if (!has('Action') && !has('NotAction')) yield { at: value, message: 'the statement has no Action' }
  if (has('Action') && has('NotAction'))
    yield { at: value.at('NotAction'), message: 'Action and NotAction exclude each other' }
  if (has('Resource') && has('NotResource'))
    yield { at: value.at('NotResource'), message: 'Resource and NotResource exclude each other' }
  if (policy.kind === 'identity') {
    if (!has('Resource') && !has('NotResource'))
      yield { at: value, message: 'the statement has no Resource, which a policy of a role or user needs' }
    for (const name of ['Principal', 'NotPrincipal'])
      if (has(name))
        yield { at: value.at(name), message: `a policy of a role or user has no ${name}: its holder is the one` }
  }
  if (policy.kind === 'trust' && (has('Resource') || has('NotResource')))
    yield {
      at: value.at(has('Resource') ? 'Resource' : 'NotResource'),
      message: 'a trust policy has no Resource: the role is the one',
    }
  if (
    policy.kind !== 'identity' &&
    policy.resource &&
    !has('Principal') &&
    !has('NotPrincipal') &&
    policy.resource.type !== 'AWS::Events::EventBusPolicy'
  )
    yield { at: value, message: 'the statement has no Principal, which a policy on a resource needs' }
  if (value.at('NotPrincipal').isKnown && statement.effect === 'Allow' && text === 'Allow')
    yield {
      at: value.at('NotPrincipal'),
      message: 'Allow with NotPrincipal lets everybody else in, the anonymous too',
      taken: true,
    }
  for (const action of [...statement.actions, ...statement.notActions]) {
    yield* actionFaults(action)
    if (policy.kind === 'trust' && /^(?!sts:)[a-z0-9-]+:/i.test(action.string() ?? ''))
      yield {
        at: action,
        message: `a trust policy allows actions of sts alone, such as sts:AssumeRole, not ${action.string()}`,
      }
  }
  for (const resource of [...statement.resources, ...statement.notResources]) yield* resourceFaults(resource, policy)
  yield* principalFaults(statement.principal)
  yield* conditionFaults(statement.condition)
  yield* idleKeys(statement)
  yield* emptySets(statement)
}

function* actionFaults(action: Value): Generator<PolicyFault> {
  const text = action.string()
  if (text === undefined) {
    if (action.kind === 'map' || action.kind === 'list')
      yield { at: action, message: 'an action is a text such as s3:GetObject' }
  } else if (!/^(\*+|\*:\*|[a-zA-Z0-9-]+:[\w*?]+)$/.test(text))
    yield {
      at: action,
      message: text.includes(':')
        ? `${text} is no action: before the colon stands a service, without wildcards, and after it a name`
        : `${text} is no action: it needs its service before a colon, such as s3:GetObject`,
    }
}

/** In a policy of its own: a place that code fills in, empty or marked (`{ROLE_ARN}`, `<arn>`, `__ARN__`, `%s`). */
const isFilledIn = (text: string | undefined): boolean =>
  text !== undefined && (text === '' || /^(\{[^{}]*\}|<[^<>]*>|__\w+__|%s|%\(\w+\)s|\[[^[\]]*\])/.test(text))

function* resourceFaults(resource: Value, policy: Policy): Generator<PolicyFault> {
  const text = resource.string()
  if (!policy.resource && isFilledIn(text)) return
  if (text === undefined) {
    if (resource.kind === 'map' || resource.kind === 'list')
      yield { at: resource, message: 'a resource is a text: an ARN or *' }
  } else if (!/^(\*+|arn:[^:]*:[^:]*:[^:]*:[^:]*:.+|\$\{.*|\{\{.*)$/s.test(text))
    yield { at: resource, message: `${text} is no resource: it must be an ARN or *` }
}

const PRINCIPALS = ['AWS', 'Service', 'Federated', 'CanonicalUser']

function* principalFaults(principal: Value): Generator<PolicyFault> {
  if (principal.kind === 'string' && principal.string() !== '*')
    yield { at: principal, message: `${principal.string()} is no principal: write {"AWS": …}, {"Service": …} or "*"` }
  for (const { key, value } of principal.entries()) {
    if (!PRINCIPALS.includes(key) && !key.startsWith('Fn::'))
      yield { at: value, message: `there is no principal of kind ${key}${didYouMean(key, PRINCIPALS)}` }
    for (const item of value.items('single')) {
      const text = item.string()
      if (
        key === 'Service' &&
        text !== undefined &&
        text !== '*' &&
        !/^[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|amazon\.com|aws\.internal)$/.test(text) &&
        !text.includes('${')
      )
        yield { at: item, message: `${text} is no service: it must be like lambda.amazonaws.com` }
      if (key === 'Federated' && text !== undefined && !/^(\*|arn:.+|[a-z0-9-]+(\.[a-z0-9-]+)+)$|[${}]/i.test(text))
        yield { at: item, message: `${text} is no provider of identities: it must be an ARN or a domain` }
      if (
        key === 'AWS' &&
        text !== undefined &&
        !/^(\*|\d{12}|arn:.+|A[A-Z0-9]{15,})$/.test(text) &&
        !/[{}$]/.test(text)
      )
        yield { at: item, message: `${text} is no account, role or user: it must be an ARN, twelve digits or *` }
    }
  }
}

function* conditionFaults(condition: Value): Generator<PolicyFault> {
  if (condition.kind === 'string' || condition.kind === 'list')
    yield { at: condition, message: 'a condition is a map of operators' }
  for (const { key, value } of condition.entries()) {
    if (key.startsWith('Fn::') || key === 'Ref') continue
    const operator = key.replace(/^(ForAllValues|ForAnyValue):/, '').replace(/IfExists$/, '')
    if (!OPERATORS.includes(operator))
      yield { at: value, message: `there is no operator ${key}${didYouMean(operator, OPERATORS)}` }
    else if (value.kind === 'string' || value.kind === 'list')
      yield { at: value, message: `${key} needs a map of keys and what they are compared with` }
    for (const { key: name, value: compared } of value.entries()) {
      if (/^aws:/i.test(name)) {
        const plain = name.split('/')[0] ?? ''
        const meant = isGlobalKey(plain) ? undefined : nearest(plain, globalKeys())
        if (meant !== undefined)
          yield { at: compared, message: `there is no condition key ${name}; did you mean ${meant}?`, taken: true }
        else if (/^aws:(VpcSourceIp|SourceIp)$/i.test(plain) && FITTING['I']?.test(operator) === false)
          yield {
            at: compared,
            message: `${name} is compared by IpAddress and NotIpAddress, not by ${operator}`,
            taken: true,
          }
      } else if (serviceKeyFault(name, operator) !== undefined)
        yield { at: compared, message: serviceKeyFault(name, operator) ?? '', taken: true }
      else if (!name.includes(':') && !name.includes('${'))
        yield { at: compared, message: `${name} is no condition key: it needs its service before a colon`, taken: true }
      const texts = compared.items('single').flatMap(item => item.string() ?? [])
      const wrong = wrongFor(operator, texts)
      if (wrong !== undefined) yield { at: compared, message: wrong, taken: true }
    }
  }
}

/**
 * `ForAllValues:` of a key with one value: where a request does not have it, all of none fit, and what was to be closed
 * is open. `Null` beside it asks that it is there.
 */
function* emptySets({ effect, condition }: Statement): Generator<PolicyFault> {
  if (effect !== 'Allow') return
  for (const { key: operator, value } of condition.entries()) {
    if (!operator.startsWith('ForAllValues:')) continue
    for (const { key: name, value: compared } of value.entries())
      if (hasOneValue(name) && condition.at('Null', name).isAbsent)
        yield {
          at: compared,
          message: `${operator} fits a request without ${name}, too, and allows it: a key that has one value needs no ForAllValues`,
          taken: true,
        }
  }
}

/** Keys that none of the actions has: what they are compared with is never there, and nothing is allowed. */
function* idleKeys({ effect, actions, notActions, condition }: Statement): Generator<PolicyFault> {
  const texts = actions.map(action => action.string())
  if (effect !== 'Allow' || notActions.length || texts.some(text => text === undefined)) return
  for (const { key: operator, value } of condition.entries()) {
    // What is not there fits a negation, a list of all, and what is asked only where it is.
    if (/Not|IfExists$|^Null$|^ForAllValues:/.test(operator)) continue
    for (const { key: name, value: compared } of value.entries()) {
      const known = knownKey(name)
      const prefix = name.split(':')[0] ?? ''
      const having = known === undefined ? undefined : actionsWithKey(prefix, known)
      // What a service knows of another's keys is not told: it may hand them on.
      if (!having || !texts.some(text => text?.toLowerCase().startsWith(`${prefix.toLowerCase()}:`))) continue
      if (texts.some(text => having.some(action => covers(text ?? '', `${prefix}:${action}`)))) continue
      yield {
        at: compared,
        message:
          `${name} is no condition key of ${texts.join(', ')}: ` +
          `it is one of ${having.slice(0, 3).join(', ')}${having.length > 3 ? ' and others' : ''}`,
        taken: true,
      }
    }
  }
}

/** The key of a service that a name means; undefined when there is none, or no reference speaks of the service. */
function knownKey(name: string): string | undefined {
  const lower = name.toLowerCase()
  // `s3:RequestObjectTag/<key>` and `kms:EncryptionContext:${EncryptionContextKey}` have names of the user's in them.
  return Object.keys(conditionKeysOf(name.split(':')[0] ?? '') ?? {}).find(key => {
    const start = key.toLowerCase().split(/[<$]/)[0] ?? ''
    return start === key.toLowerCase() ? start === lower : lower.startsWith(start)
  })
}

/** Services whose condition keys are all in the reference. */
const WHOLLY_KNOWN = /^(dynamodb|events|kinesis|lambda|s3|sns|sqs|states)$/i

/** Operators that fit a kind of keys; texts and ARNs are compared as texts too. */
const FITTING: { readonly [kind: string]: RegExp } = {
  S: /^(String|Null$|Binary|Arn)/,
  R: /^(Arn|String|Null$)/,
  B: /^(Bool|String|Null$)/,
  N: /^(Numeric|String|Null$)/,
  D: /^(Date|Numeric|String|Null$)/,
  I: /^(IpAddress|NotIpAddress|Null$)/,
}
const KINDS: { readonly [kind: string]: string } = {
  S: 'texts',
  R: 'ARNs',
  B: 'true or false',
  N: 'numbers',
  D: 'dates',
  I: 'addresses',
}

/** A key of a service that there is not, or that is of another kind than its operator compares. */
function serviceKeyFault(name: string, operator: string): string | undefined {
  const [prefix = '', rest = ''] = name.split(':')
  if (/^aws$/i.test(prefix) || rest === '' || /[${}]/.test(name)) return undefined
  const keys = conditionKeysOf(prefix)
  if (!keys || Object.keys(keys).length === 0) return undefined
  const known = knownKey(name)
  if (known === undefined) {
    const meant = nearest(name, Object.keys(keys))
    if (meant === undefined) return WHOLLY_KNOWN.test(prefix) ? `there is no condition key ${name}` : undefined
    return `there is no condition key ${name}; did you mean ${meant}?`
  }
  const kind = keys[known] ?? 'S'
  return FITTING[kind]?.test(operator) === false
    ? `${name} is compared as ${KINDS[kind]}, and ${operator} compares other things`
    : undefined
}

/** A value that an operator can never find. */
function wrongFor(operator: string, texts: readonly string[]): string | undefined {
  const plain = texts.find(text => !/[${}]/.test(text))
  if (plain === undefined) return undefined
  if ((operator === 'Bool' || operator === 'Null') && !/^(true|false)$/i.test(plain))
    return `${operator} compares with true or false, not with ${plain}`
  if (operator.startsWith('Numeric') && !/^-?\d+(\.\d+)?$/.test(plain))
    return `${operator} compares with numbers, not with ${plain}`
  if (/IpAddress$/.test(operator) && !/^[\d.]+(\/\d+)?$|:/.test(plain))
    return `${operator} compares with addresses such as 203.0.113.0/24, not with ${plain}`
  if (operator.startsWith('Date') && !/^\d{4}-\d\d-\d\d|^\d+$/.test(plain))
    return `${operator} compares with dates such as 2026-01-31T00:00:00Z, not with ${plain}`
  if (operator.startsWith('Arn') && !/^(arn:|\*|\?)/.test(plain))
    return `${operator} compares with ARNs, not with ${plain}`
  if (/^StringEquals(IgnoreCase)?$/.test(operator) && texts.every(text => /^.+\*$/.test(text)))
    return `${operator} takes * as it stands: for a pattern write StringLike`
  return undefined
}

/** The most characters without blanks that IAM takes of a policy. */
const MOST: { readonly [type: string]: string } = {
  'AWS::IAM::ManagedPolicy': 'managed',
  'AWS::IAM::Role': 'role',
  'AWS::IAM::RolePolicy': 'role',
}

/** A document whose known part alone is longer than IAM takes. */
function* sizeFaults({ kind, value, resource }: Policy): Generator<PolicyFault> {
  const of = kind === 'identity' && resource ? MOST[resource.type] : undefined
  const most = of === undefined ? undefined : sizes().get(of)
  if (most === undefined || value.kind !== 'map') return
  const length = (JSON.stringify(value.toPlain()) ?? '').length
  if (length > most)
    yield {
      at: value,
      message: `the document has more than ${length} characters, and IAM takes ${most} of a ${of} policy`,
    }
}

let known: ReadonlyMap<string, number> | undefined

/** The figures of the page of policy-grammar-invalid. */
const sizes = (): ReadonlyMap<string, number> =>
  (known ??= new Map(
    [
      ...(loadKnowledge().rules['policy-grammar-invalid']?.markdown ?? '').matchAll(
        /^\| (managed|role) \| (\d+) \|$/gm,
      ),
    ].map(([, kind = '', most = '']) => [kind, Number(most)]),
  ))

/** `${aws:username}` in a policy of 2008, or without a version: it stands for itself. */
function* unreplaced({ value, statements }: Policy): Generator<PolicyFault> {
  const version = value.at('Version')
  if (value.kind !== 'map' || value.open || !(version.isAbsent || version.string() === '2008-10-17')) return
  for (const statement of statements)
    for (const resource of [...statement.resources, ...statement.notResources])
      if (
        /\$\{aws:\w+/.test(resource.string() ?? '') &&
        !value.at('Statement').isAbsent &&
        !statement.value.isTranslated
      )
        yield {
          at: resource,
          message: 'variables such as ${aws:username} are only replaced in policies of the version 2012-10-17',
          taken: true,
        }
}

function* sameSids(policy: Policy): Generator<PolicyFault> {
  const seen = new Set<string>()
  for (const { sid, value } of policy.statements) {
    if (sid === undefined) continue
    if (policy.kind === 'identity' && !/^[A-Za-z0-9]*$/.test(sid) && !/[${}]/.test(sid))
      yield { at: value.at('Sid'), message: `the Sid ${sid} may hold letters and digits alone` }
    if (seen.has(sid)) yield { at: value.at('Sid'), message: `the Sid ${sid} stands twice in the policy` }
    seen.add(sid)
  }
}
