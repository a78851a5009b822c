import { expect, test } from 'vitest'
import type { Step } from '../../spec/model.ts'
import type { Answer, AnswerSeen } from '../case.ts'
import { SOURCE } from '../testing/spec.ts'
import { judgeEveryAnswer } from './every-answer.ts'

const seen = (action: string, status: number, more: Partial<Answer> = {}): AnswerSeen => ({
  action,
  answer: { status, headers: {}, body: Buffer.from('{}'), json: {}, members: {}, exchange: {} as never, ...more },
})
const step = (everyAnswer: NonNullable<Step['everyAnswer']>, returns: NonNullable<Step['returns']>) => ({
  everyAnswer,
  returns,
  source: SOURCE,
})
const matching = { resolve: (value: unknown) => value } as Parameters<typeof judgeEveryAnswer>[2]
const isDeclared = (action: string, error: string): boolean => action === 'A' && error === 'X'
const ID = { $headers: { 'x-amzn-requestid': '1' } }
const withId = { headers: { 'x-amzn-requestid': '1' } }

test('one answer that is otherwise is a failure, which names all actions that give such answers', () => {
  const all = [seen('A', 200, withId), seen('B', 404), seen('C', 204, { headers: { 'x-amzn-requestid': '2' } })]
  expect(judgeEveryAnswer(step('all', ID), [seen('A', 200, withId)], matching, isDeclared)).toBeNull()
  expect(judgeEveryAnswer(step('all', ID), all, matching, isDeclared)).toMatchObject({
    kind: 'fail',
    reason: expect.stringContaining('answers of 2 actions are otherwise: B, C') as string,
    actual: expect.stringContaining('B, status 404') as string,
  })
})

test('bodies are those of refusals and of answers that are read as JSON; what a function gives back is none', () => {
  const JSON_TYPE = { $headers: { 'content-type': 'application/json' } }
  const empty = seen('A', 204, { body: new Uint8Array() })
  const typed = seen('A', 200, { headers: { 'content-type': 'application/json' } })
  const text = seen('Invoke', 200, { json: undefined })
  expect(judgeEveryAnswer(step('bodies', JSON_TYPE), [empty, typed, text], matching, isDeclared)).toBeNull()
  expect(judgeEveryAnswer(step('bodies', JSON_TYPE), [typed, seen('A', 400)], matching, isDeclared)).toMatchObject({
    kind: 'fail',
  })
})

test('where nothing of the kind was seen nothing is said', () => {
  const named = seen('A', 404, { error: { name: 'X' } })
  expect(judgeEveryAnswer(step('refusals', { $error: 'X' }), [named, seen('A', 200)], matching, isDeclared)).toBeNull()
  expect(judgeEveryAnswer(step('refusals', { $error: 'X' }), [seen('A', 200)], matching, isDeclared)).toMatchObject({
    kind: 'inconclusive',
  })
})

test('an error that the page of the action does not have is not declared', () => {
  const declared = { $declared: true }
  const named = (action: string, name: string): AnswerSeen => seen(action, 404, { error: { name } })
  expect(judgeEveryAnswer(step('refusals', declared), [named('A', 'X')], matching, isDeclared)).toBeNull()
  for (const wrong of [named('A', 'Y'), named('B', 'X'), seen('A', 404)])
    expect(judgeEveryAnswer(step('refusals', declared), [named('A', 'X'), wrong], matching, isDeclared)).toMatchObject({
      kind: 'fail',
    })
})
