/** Resources of Terraform put together into a template: functions, and what other resources say about them. */
import { groupInOrder } from '../../../base/group-by.ts'
import { present } from '../../../base/present.ts'
import { own } from '../../../base/own.ts'
import { makeResource } from '../cloudformation.ts'
import { attachResources, makeFunction } from '../functions.ts'
import type { FindHandler } from '../functions.ts'
import type { LambdaFunction, Permissions, Resource, Template } from '../model.ts'
import { permissionsOfRole } from '../policies.ts'
import type { Loc, SourceText } from '../source.ts'
import { itemsOrItself, listValue, mapValue, mergeValues, scalarValue, translatedValue } from '../value.ts'
import type { Value } from '../value.ts'
import { archiveOf, codeInArchive, packagingOf } from './packaging.ts'
import type { OfType } from './packaging.ts'
import { policyDocument } from './policy-document.ts'
import { block, TERRAFORM_TYPES } from './types.ts'

/** One `resource` or `data` block, or one instance of it. */
export interface DeclaredBlock {
  /** `aws_sqs_queue.jobs`, behind `module.x.` for those of a module, with `["key"]` for one of many. */
  readonly address: string
  readonly type: string
  readonly mode: 'managed' | 'data'
  readonly loc: Loc
  readonly attributes: Value
}

/**
 * Makes a template of blocks: what Terraform says in a resource of its own and CloudFormation within another is put
 * together.
 */
export function assemble(
  source: SourceText,
  directory: string,
  read: (resources: ReadonlyMap<string, Resource>) => {
    readonly blocks: readonly DeclaredBlock[]
    readonly open: boolean
  },
  findHandler: FindHandler,
): Template {
  const resources = new Map<string, Resource>()
  let functions: readonly LambdaFunction[] = []
  const { blocks, open } = read(resources)
  const template: Template = {
    source,
    sources: [...new Set([source, ...blocks.map(one => one.loc.source)])],
    format: 'terraform',
    root: mapValue(
      { source, start: 0, end: 0 },
      blocks.map(one => ({ key: one.address, keyLoc: one.loc, evaluate: () => one.attributes })),
    ),
    resources,
    open,
    get functions() {
      return functions
    },
  }
  const byType = groupInOrder(blocks, one => one.type)
  const ofType: OfType = type => byType.get(type) ?? []
  const additions = new Additions(ofType)
  const add = (address: string, loc: Loc, value: Value): void =>
    void resources.set(
      address,
      makeResource(address, loc, value, () => template),
    )
  for (const one of blocks) {
    const value = one.mode === 'data' ? looseDocument(one, blocks) : resourceValue(one, additions)
    if (value) add(one.address, one.loc, value)
  }
  for (const { address, loc, value } of additions.orphans()) add(address, loc, value)
  const roleMakers = [...resources.values()].filter(one => one.type.startsWith('AWS::IAM::'))
  functions = ofType('aws_lambda_function')
    .filter(one => one.mode === 'managed')
    .map(one => {
      const resource = present(resources.get(one.address), one.address)
      return makeFunction(
        {
          id: one.address,
          resource,
          properties: resource.properties,
          permissions: permissionsWithData(
            permissionsOfRole(resource.property('Role'), resource.loc, roleMakers),
            ofType,
          ),
          events: [],
          packaging: packagingOf(one, ofType, directory),
        },
        template,
        findHandler,
      )
    })
  functions = attachResources(functions, resources.values())
  return template
}

/** A block as CloudFormation would say it. */
function resourceValue(block: DeclaredBlock, additions: Additions): Value {
  const { attributes, type, loc } = block
  const translation = own(TERRAFORM_TYPES, type)
  const properties = translation
    ? translatedValue(attributes.loc, translation.properties(attributes), attributes.open)
    : attributes
  return translatedValue(attributes.loc, {
    Type: scalarValue(loc, translation?.type ?? type),
    Properties: additions.complete(block, properties),
  })
}

/** A module may attach more; a module of the registry is not seen at all. */
const permissionsWithData = (permissions: Permissions, ofType: OfType): Permissions =>
  ofType('aws_iam_policy_attachment').length ? { ...permissions, open: true } : permissions

/** A policy document that nothing in its files takes: what it is for stands elsewhere. */
function looseDocument(one: DeclaredBlock, blocks: readonly DeclaredBlock[]): Value | undefined {
  const mention = one.address.replace(/^(module\.[^.]+\.)+/, '').replace(/\[[^\]]*\]$/, '')
  const name = mention.startsWith('data.') ? mention : `data.${mention}`
  if (one.type !== 'aws_iam_policy_document') return undefined
  if (blocks.some(other => other.loc.source.text.includes(`${name}.`) || other.loc.source.text.includes(`${name}[`)))
    return undefined
  return translatedValue(one.attributes.loc, {
    Type: scalarValue(one.loc, one.type),
    Properties: translatedValue(one.attributes.loc, { PolicyDocument: policyDocument(one.attributes) }),
  })
}

/** Resources of Terraform that speak of another: they become properties of that other, as in CloudFormation. */
class Additions {
  readonly #ofType: OfType
  readonly #taken = new Set<DeclaredBlock>()

  constructor(ofType: OfType) {
    this.#ofType = ofType
  }

  /** The blocks of a type whose attribute names the block. */
  #about(type: string, attribute: string, target: DeclaredBlock): readonly DeclaredBlock[] {
    return this.#ofType(type).filter(one => {
      const value = one.attributes.at(attribute)
      const hit =
        value.reference?.id === target.address ||
        (value.string() !== undefined && value.string() === target.attributes.at('name').string())
      if (hit) this.#taken.add(one)
      return hit
    })
  }

  complete(one: DeclaredBlock, properties: Value): Value {
    const list = (items: readonly Value[]): Value =>
      listValue(
        one.loc,
        items.map(item => () => item),
      )
    const add = (entries: { readonly [name: string]: Value | undefined }): Value =>
      mergeValues(translatedValue(one.loc, entries), properties, { kind: 'variable', name: 'Terraform' })
    switch (one.type) {
      case 'aws_iam_role': {
        const attached = this.#about('aws_iam_role_policy_attachment', 'role', one)
        return attached.length
          ? add({ ManagedPolicyArns: list(attached.map(each => each.attributes.at('policy_arn'))) })
          : properties
      }
      case 'aws_lambda_function': {
        const archive = archiveOf(one, this.#ofType)
        const content = archive && codeInArchive(archive, one.attributes.at('handler').string())
        return content && content.file === undefined
          ? mergeValues(
              properties,
              translatedValue(content.loc, { Code: translatedValue(content.loc, { Source: content }) }),
              {
                kind: 'variable',
                name: 'archive_file',
              },
            )
          : properties
      }
      case 'aws_sqs_queue': {
        const redrive = this.#about('aws_sqs_queue_redrive_policy', 'queue_url', one)[0]
        return redrive
          ? add({ RedrivePolicy: TERRAFORM_TYPES['aws_sqs_queue']?.properties(redrive.attributes)['RedrivePolicy'] })
          : properties
      }
      case 'aws_s3_bucket': {
        const [notification] = this.#about('aws_s3_bucket_notification', 'bucket', one)
        return notification ? add({ NotificationConfiguration: notificationOf(notification) }) : properties
      }
      case 'aws_cloudwatch_event_rule': {
        const targets = this.#about('aws_cloudwatch_event_target', 'rule', one)
        return targets.length
          ? add({
              Targets: list(
                targets.map(each =>
                  translatedValue(each.loc, {
                    Arn: each.attributes.at('arn'),
                    Id: each.attributes.at('target_id'),
                    Input: each.attributes.at('input'),
                    RoleArn: each.attributes.at('role_arn'),
                    DeadLetterConfig: deadLetterOf(each.attributes.at('dead_letter_config')),
                  }),
                ),
              ),
            })
          : properties
      }
      case 'aws_lb_target_group': {
        const targets = this.#about('aws_lb_target_group_attachment', 'target_group_arn', one)
        return targets.length
          ? add({
              Targets: list(targets.map(each => translatedValue(each.loc, { Id: each.attributes.at('target_id') }))),
            })
          : properties
      }
    }
    return properties
  }

  /** Notifications of buckets that are not declared here still make functions run. */
  orphans(): readonly { readonly address: string; readonly loc: Loc; readonly value: Value }[] {
    return this.#ofType('aws_s3_bucket_notification')
      .filter(one => !this.#taken.has(one))
      .map(one => ({
        address: `${one.address} (bucket)`,
        loc: one.loc,
        value: translatedValue(one.loc, {
          Type: scalarValue(one.loc, 'AWS::S3::Bucket'),
          Properties: translatedValue(one.loc, {
            BucketName: one.attributes.at('bucket'),
            NotificationConfiguration: notificationOf(one),
          }),
        }),
      }))
  }
}

/** `dead_letter_config { arn }` of a target. */
const deadLetterOf = (value: Value): Value | undefined =>
  value.isAbsent ? undefined : translatedValue(value.loc, { Arn: block(value).at('arn') })

function notificationOf(one: DeclaredBlock): Value {
  const written = one.attributes.at('lambda_function')
  const items = itemsOrItself(written)
  const rule = (name: string, value: Value): Value[] =>
    value.isAbsent || value.kind === 'null'
      ? []
      : [translatedValue(value.loc, { Name: scalarValue(value.loc, name), Value: value })]
  return translatedValue(one.loc, {
    LambdaConfigurations: listValue(
      one.loc,
      items.map(item => () => {
        const rules = [...rule('prefix', item.at('filter_prefix')), ...rule('suffix', item.at('filter_suffix'))]
        return translatedValue(item.loc, {
          Function: item.at('lambda_function_arn'),
          Event: item.at('events').at(0),
          Filter: rules.length
            ? translatedValue(item.loc, {
                S3Key: translatedValue(item.loc, {
                  Rules: listValue(
                    item.loc,
                    rules.map(each => () => each),
                  ),
                }),
              })
            : undefined,
        })
      }),
    ),
  })
}
