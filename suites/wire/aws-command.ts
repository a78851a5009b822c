/** A call as a line for the AWS command line, with one option for each member. */
import { quote } from './reproduce.ts'

/** A line for the AWS command line that does the same. */
export function awsCommand(
  endpoint: { readonly url: string; readonly region: string },
  service: string,
  call: { readonly action: string; readonly params: { readonly [member: string]: unknown } },
): string {
  const options = Object.entries(call.params).map(
    ([name, value]) => `--${kebab(name)} ${quote(typeof value === 'string' ? value : JSON.stringify(value))}`,
  )
  return [
    `aws ${service} ${kebab(call.action)}`,
    ...options,
    `--endpoint-url ${quote(endpoint.url)}`,
    `--region ${endpoint.region}`,
  ].join(' ')
}

/** As the AWS command line names actions and members: `DeleteFunction` is `delete-function`, `UUID` is `uuid`. */
function kebab(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
}
