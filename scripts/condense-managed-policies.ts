/**
 * Writes analyzer/data/managed-policies.json anew: what the managed policies of AWS in it allow, from what AWS says of
 * them.
 *
 *     aws iam get-account-authorization-details --filter AWSManagedPolicy >FILE
 *     npx jiti scripts/condense-managed-policies.ts FILE [--add NAME]…
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ManagedPolicyStatement } from '../analyzer/data/managed-policies.ts'

const target = fileURLToPath(new URL('../analyzer/data/managed-policies.json', import.meta.url))

interface Statement {
  readonly Effect: string
  readonly Action?: string | readonly string[]
  readonly NotAction?: string | readonly string[]
  readonly Resource?: string | readonly string[]
  readonly Condition?: unknown
}

interface Details {
  readonly Policies: readonly {
    readonly PolicyName: string
    readonly PolicyVersionList: readonly {
      readonly IsDefaultVersion: boolean
      readonly Document: { readonly Statement: Statement | readonly Statement[] }
    }[]
  }[]
}

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value

/** The document of one policy; what it denies is left out, for none of those that functions use denies anything. */
export function condenseDocument(statements: Statement | readonly Statement[]): ManagedPolicyStatement[] {
  const all = Array.isArray(statements) ? (statements as readonly Statement[]) : [statements as Statement]
  return all
    .filter(one => one.Effect === 'Allow')
    .map(one => ({
      ...(one.NotAction ? { except: list(one.NotAction) } : { actions: list(one.Action) }),
      resources: list(one.Resource),
      ...(one.Condition === undefined ? {} : { conditional: true as const }),
    }))
}

if (process.argv[1]?.endsWith('condense-managed-policies.ts')) {
  const [file, ...more] = process.argv.slice(2)
  const details = JSON.parse(readFileSync(file ?? '', 'utf8')) as Details
  const known = existsSync(target) ? Object.keys(JSON.parse(readFileSync(target, 'utf8')) as object) : []
  const names = [...new Set([...known, ...more.filter(word => word !== '--add')])].sort()
  const lines = names.map(name => {
    const document = details.Policies.find(policy => policy.PolicyName === name)?.PolicyVersionList.find(
      version => version.IsDefaultVersion,
    )?.Document
    if (!document) throw new Error(`${file} has no policy ${name}`)
    return `  ${JSON.stringify(name)}: ${JSON.stringify(condenseDocument(document.Statement))}`
  })
  writeFileSync(target, `{\n${lines.join(',\n')}\n}\n`)
}
