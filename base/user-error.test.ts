import { expect, test } from 'vitest'
import { UnreachableError, UsageError } from './usage-error.ts'
import { UserError } from './user-error.ts'

test('a user error knows its exit code, its hint and its cause', () => {
  const cause = new Error('the first')
  const usage = new UsageError('wrong', { hint: 'put it right', cause })
  expect(usage).toBeInstanceOf(UserError)
  expect({ ...usage, cause: usage.cause }).toEqual({ name: 'UsageError', exitCode: 2, hint: 'put it right', cause })
  expect(new UnreachableError('gone')).toMatchObject({ exitCode: 3, hint: undefined, message: 'gone' })
})
