/** The policy templates of SAM: what each of them grants. From the templates of the AWS SAM translator. */
import { own } from '../../base/own.ts'
import { readData } from './read-data.ts'

/** A policy template of SAM: its parameters, and what it allows. */
export interface SamPolicyTemplate {
  readonly parameters: readonly string[]
  /** Resources are texts with `${Parameter}` and pseudo parameters. */
  readonly statements: readonly { readonly actions: readonly string[]; readonly resources: readonly string[] }[]
}

const templates = readData<{ readonly [name: string]: SamPolicyTemplate }>('sam-policy-templates.json')

/** A template by its name (`DynamoDBCrudPolicy`); undefined when SAM has no such template. */
export function samPolicyTemplate(name: string): SamPolicyTemplate | undefined {
  return own(templates(), name)
}
