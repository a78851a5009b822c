/** The policy templates of SAM: what each of them grants. From the templates of the AWS SAM translator. */
import { readFileSync } from 'node:fs'
import { dataFile } from './data-file.ts'

export interface SamPolicyTemplate {
  readonly parameters: readonly string[]
  /** Resources are texts with `${Parameter}` and pseudo parameters. */
  readonly statements: readonly { readonly actions: readonly string[]; readonly resources: readonly string[] }[]
}

let templates: { readonly [name: string]: SamPolicyTemplate } | undefined

/** A template by its name (`DynamoDBCrudPolicy`); undefined when SAM has no such template. */
export function samPolicyTemplate(name: string): SamPolicyTemplate | undefined {
  templates ??= JSON.parse(readFileSync(dataFile('sam-policy-templates.json'), 'utf8')) as { [name: string]: SamPolicyTemplate }
  return Object.hasOwn(templates, name) ? templates[name] : undefined
}
