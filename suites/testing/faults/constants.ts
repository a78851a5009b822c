/** Servers that answer every request alike: nothing about them may pass. */
import type { Behaviour } from './fault.ts'
import { answer, refusal } from './fault.ts'

/** By name. What they stand before is never asked. */
export const CONSTANT_SERVERS: { readonly [name: string]: () => Behaviour } = {
  'always 400': () => async () => refusal(400, 'InvalidParameterValueException'),
  'always 404': () => async () => refusal(404, 'ResourceNotFoundException'),
  'always 409': () => async () => refusal(409, 'ResourceConflictException'),
  'always 500': () => async () => refusal(500, 'ServiceException'),
  'always 200 {}': () => async () => answer(200, {}),
  'always 204': () => async () => answer(204, {}),
  'always a web page': () => async () => ({
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: Buffer.from('<!doctype html><title>It works</title>'),
  }),
  'always empty': () => async () => ({ status: 200, headers: {}, body: Buffer.alloc(0) }),
  'always a hang': () => async () => 'hang',
  'always a reset': () => async () => 'reset',
}
