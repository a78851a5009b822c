import type { Statement } from '../application/model.ts'
import { parameterDefault } from '../application/parameter-default.ts'
import type { Value } from '../application/value.ts'
import { actionFacts, actionsMatching, covers } from '../data/iam.ts'
import { defineRule } from '../engine/rule.ts'
import { INTERFACE_ACTIONS } from '../permissions/configuration-needs.ts'
import { openWays } from '../permissions/escalation.ts'
import { broadResource, isEveryAction, isEverything, isServiceWildcard, unusedActions } from '../permissions/excess.ts'
import { needsOf } from '../sdk/function-code.ts'
import { holdersOf, isForFunctions } from '../permissions/role-holders.ts'
import { listOf } from '../permissions/role-text.ts'

/**
 * What the managed policies of AWS for functions allow on everything, too, and metrics, whose namespaces are no
 * resources.
 */
const ON_EVERYTHING = new Set<string>([
  ...INTERFACE_ACTIONS,
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
  'logs:CreateLogGroup',
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'cloudwatch:PutMetricData',
])

/** Reading that gets at data; what other reading gets at is how things are set up. */
const READS_DATA =
  /^(dynamodb:(GetItem|BatchGetItem|Query|Scan|PartiQLSelect|GetRecords)|s3:GetObject(Version)?|secretsmanager:(GetSecretValue|BatchGetSecretValue)|ssm:GetParameter\w*|sqs:ReceiveMessage|kinesis:GetRecords|kms:\w*Decrypt\w*|athena:GetQueryResults|logs:(GetLogEvents|FilterLogEvents|GetQueryResults)|codecommit:GitPull|cognito-idp:AdminGetUser|lambda:GetFunction)$/

/** Actions that could be allowed on particular resources, and are allowed on all. */
export const rule = defineRule({
  id: 'iam-wildcard-resource',
  statement(statement, policy, { app, report, leaveTo }) {
    if (
      policy.kind !== 'identity' ||
      statement.effect !== 'Allow' ||
      !isUnscoped(statement.condition) ||
      statement.value.at('Effect').isUnknown
    )
      return
    const except = statement.notResources[0]
    if (except && isForFunctions(app, policy))
      report({
        at: except,
        message:
          'Allow with NotResource allows it on everything but ' +
          `${listOf(statement.notResources.map(one => one.text('…') ?? '…'))}`,
        help: 'Name the resources that are meant: whatever is made later is allowed too',
      })
    const everything = statement.resources.find(isEverything)
    if (!everything || !isForFunctions(app, policy)) return
    // What nothing uses, sdk-permission-unused says, and there it is to be taken out.
    const unused = unusedActions(
      app,
      statement.loc,
      statement.actions.flatMap(action => action.string() ?? []),
    )
    const isUnused = (action: string): boolean =>
      unused !== undefined && [...unused.ofServices, ...unused.single].some(pattern => covers(pattern, action))
    const scopable = scopableActions(statement, everything).filter(
      action => !(isUnused(action) && leaveTo('sdk-permission-unused', everything)),
    )
    if (!scopable.length) return
    if (
      openWays(policy).some(way => statement.actions.includes(way.at)) &&
      leaveTo('iam-privilege-escalation', everything)
    )
      return
    if (broadResource(app, statement) && leaveTo('sdk-permission-broader', everything)) return
    // Text messages go to no topic, and can be allowed on everything alone.
    if (
      holdersOf(app, statement.loc).functions.some(fn =>
        needsOf(fn).some(need => need.action === 'sns:Publish' && need.kind === undefined),
      )
    )
      return
    const shown =
      scopable.length > 3 ? `${scopable.slice(0, 3).join(', ')} and ${scopable.length - 3} more` : listOf(scopable)
    report({
      at: everything,
      // Whoever deploys it is asked for a narrower one.
      isMinor: parameterDefault(everything).length > 0,
      message:
        `${shown} ${scopable.length === 1 ? 'is' : 'are'} allowed on ` +
        `${everything.string() === '*' ? 'every resource of the account' : `every ${kindOf(everything)}`}`,
      help:
        `Name the resources, such as ${exampleOf(scopable[0] ?? '')}. Actions that can be allowed on * alone ` +
        'belong in a statement of their own',
    })
  },
})

/**
 * Conditions that say who may ask, from where and how, but not for what: with them, all resources are still allowed.
 * Any other key may narrow the resources down.
 */
const ABOUT_THE_CALLER =
  /^aws:(SecureTransport|SourceIp|SourceVpce?|VpcSourceIp|PrincipalOrgID|PrincipalOrgPaths|PrincipalAccount|PrincipalArn|PrincipalType|PrincipalIsAWSService|CurrentTime|EpochTime|MultiFactorAuth\w+|TokenIssueTime|UserAgent|Referer|RequestedRegion|CalledVia\w*|ViaAWSService|userid|username)$/i

/** Whether a statement has no condition, or one whose keys are all about the caller. */
function isUnscoped(condition: Value): boolean {
  if (condition.isAbsent) return true
  if (condition.kind !== 'map' || condition.open) return false
  return condition
    .entries()
    .every(({ value }) => value.kind === 'map' && value.keys().every(key => ABOUT_THE_CALLER.test(key)))
}

/** `table` of `arn:aws:dynamodb:*:*:table/*`. */
function kindOf(everything: Value): string {
  const [, service = '', rest = ''] = /^arn:[^:]*:([^:]*):[^:]*:[^:]*:(.*)$/.exec(everything.text('*') ?? '') ?? []
  const kind = /^([a-zA-Z-]+)[/:]/.exec(rest)?.[1]
  return service === 's3' ? 'bucket of the account' : `${kind ?? 'resource'} of ${service} in the account`
}

/** The named actions of a statement that can be scoped to resources and write, give rights or read data. */
function scopableActions(statement: Statement, everything: Value): readonly string[] {
  const named = statement.actions.flatMap(action => {
    const text = action.string()
    // Of whole services, the rule iam-wildcard-action speaks.
    if (text === undefined || isEveryAction(text) || isServiceWildcard(text)) return []
    return /[*?]/.test(text) ? actionsMatching(text) : [text]
  })
  return [...new Set(named)].filter(action => {
    const facts = actionFacts(action)
    return (
      facts !== undefined &&
      facts.resources.length > 0 &&
      !ON_EVERYTHING.has(facts.name) &&
      // What it starts has no id yet: instances, volumes and interfaces can be allowed as such alone.
      !(facts.name === 'ec2:RunInstances' && /:ec2:[^:]*:[^:]*:[a-z-]+\/\*$/.test(everything.text('*') ?? '')) &&
      (facts.levels.some(level => level !== 'List' && level !== 'Read') || READS_DATA.test(facts.name))
    )
  })
}

const exampleOf = (action: string): string =>
  (actionFacts(action)?.resources.at(-1) ?? '').replace(/\$\{(Partition|Region|Account)\}/g, (_all, word: string) =>
    word === 'Account' ? '${AWS::AccountId}' : `\${AWS::${word}}`,
  )
