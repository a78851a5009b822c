import { refuse } from '../protocol/errors.ts'
import type { Statement } from './world.ts'

/**
 * Adds a statement to those of a policy. Refuses an id that is there already and, with a limit in bytes, a policy that
 * would be too long.
 */
export function addStatement(
  statements: readonly Statement[],
  statement: Statement,
  limit = Infinity,
): readonly Statement[] {
  if (statements.some(({ Sid }) => Sid === statement.Sid))
    refuse(
      'ResourceConflictException',
      `The statement id (${statement.Sid}) provided already exists. Please provide a new statement id, ` +
        'or remove the existing statement.',
    )
  const extended = [...statements, statement]
  const size = Buffer.byteLength(policyText(extended))
  if (size > limit)
    refuse('PolicyLengthExceededException', `The final policy size (${size}) is bigger than the limit (${limit}).`)
  return extended
}

/** Takes a statement out. Refuses an unknown id. */
export function removeStatement(statements: readonly Statement[], id: string): readonly Statement[] {
  if (!statements.some(({ Sid }) => Sid === id))
    refuse('ResourceNotFoundException', `Statement ${id} is not found in resource policy.`)
  return statements.filter(({ Sid }) => Sid !== id)
}

/** The policy document. */
export function policyText(statements: readonly Statement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements })
}

/** A principal as statements show it: a service, an account or one of its identities, or everybody. */
export function principalElement(principal: string): unknown {
  if (principal === '*') return '*'
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` }
  if (/^arn:aws[a-z-]*:(iam|sts)::\d{12}:\S+$/.test(principal)) return { AWS: principal }
  if (/^[\w-]+(\.[\w-]+)*\.(amazonaws\.com(\.cn)?|amazon\.com)$/.test(principal)) return { Service: principal }
  return refuse(
    'InvalidParameterValueException',
    'The provided principal was invalid. Please check the principal and try again.',
  )
}
