import { own } from '../../base/own.ts'
import { present } from '../../base/present.ts'
import { samPolicyTemplate } from '../data/sam-policy-templates.ts'
import { covers } from '../data/iam.ts'
import { defineRule } from '../engine/rule.ts'
import { broadActions, broadResource, isBySdkAlone, isTold, serviceOfAction, usageAt } from '../permissions/excess.ts'
import { replaceAction, replaceResource, resourceText } from '../permissions/policy-text.ts'
import { listOf, namesOf } from '../permissions/role-text.ts'

/** Policy templates of SAM, and those that grant a part of them. */
const NARROWER: { readonly [template: string]: readonly string[] } = {
  DynamoDBCrudPolicy: ['DynamoDBReadPolicy', 'DynamoDBWritePolicy'],
  S3CrudPolicy: ['S3ReadPolicy', 'S3WritePolicy'],
  S3FullAccessPolicy: ['S3ReadPolicy', 'S3WritePolicy'],
  FirehoseCrudPolicy: ['FirehoseWritePolicy'],
  SNSCrudPolicy: ['SNSPublishMessagePolicy'],
}

/** A grant of more than the code of the functions that hold it can use. */
export const rule = defineRule({
  id: 'sdk-permission-broader',
  statement(statement, policy, { app, report }) {
    if (policy.kind !== 'identity') return
    for (const { value, service, needed, of, functions } of broadActions(app, statement)) {
      const edit = replaceAction(value, needed)
      report({
        at: value,
        message:
          `${value.string()} allows ${of} actions, and the code of ${namesOf(functions)} needs ${needed.length} ` +
          `of ${service}: ${listOf(needed)}`,
        help: `Allow ${listOf(needed)}, and nothing else of ${service}`,
        related: functions.slice(0, 3).map(fn => ({ at: fn, message: `${fn.id} has this right` })),
        fixes: edit
          ? [{ description: `Allow only what the code needs of ${service}`, kind: 'suggestion', edits: [edit] }]
          : [],
      })
    }
    const broad = broadResource(app, statement)
    if (!broad) return
    const { template } = present(broad.functions[0], 'a function that uses the grant')
    const texts = broad.used.map(one => resourceText(one, template))
    const resources = [...new Set(broad.used.map(one => one.resource))]
    const edit = replaceResource(broad.value, broad.used, template)
    report({
      at: broad.value,
      message: `${listOf(statement.actions.slice(0, 3).map(action => action.string() ?? '…'))}${statement.actions.length > 3 ? ' …' : ''} ${statement.actions.length === 1 ? 'is' : 'are'} granted on everything, and the code of ${namesOf(broad.functions)} uses ${listOf(resources.map(one => one.id))} alone`,
      help: `Allow it on ${texts.join(' and ')}`,
      related: resources.slice(0, 3).map(resource => ({ at: resource, message: `${resource.id} is used` })),
      fixes: edit ? [{ description: 'Allow it only on what the code uses', kind: 'suggestion', edits: [edit] }] : [],
    })
  },
  fn(fn, { app, report }) {
    for (const { name, value } of fn.permissions.templates) {
      const better = own(NARROWER, name) ?? []
      const at = value.keyLoc ?? value.loc
      const usage = better.length ? usageAt(app, at) : undefined
      if (!usage) continue
      const granted = actionsOfTemplate(name)
      const [service] = granted.map(serviceOfAction)
      if (service === undefined || !isTold(usage, service) || !isBySdkAlone(service)) continue
      const needed = [...usage.actions].filter(action => granted.some(pattern => covers(pattern, action)))
      const enough = needed.length
        ? better.find(one => needed.every(action => actionsOfTemplate(one).some(pattern => covers(pattern, action))))
        : undefined
      if (enough === undefined) continue
      report({
        at,
        message: `${name} allows more than the code of ${fn.id} needs, which is ${listOf(needed.sort())}`,
        help: `${enough} is enough`,
        fixes: [
          {
            description: `Use ${enough}`,
            kind: 'suggestion',
            edits: [{ loc: at, text: at.source.text.slice(at.start, at.end).replace(name, enough) }],
          },
        ],
      })
    }
  },
})

const actionsOfTemplate = (name: string): readonly string[] =>
  (samPolicyTemplate(name)?.statements ?? []).flatMap(statement => statement.actions)
