import type { Resource } from '../application/model.ts'
import type { Value } from '../application/value.ts'
import { defineRule } from '../engine/rule.ts'
import type { RuleContext } from '../engine/rule.ts'

/** A state machine that fails where a second try would do, or that stops at what it did not expect. */
export const rule = defineRule({
  id: 'sfn-retry-missing',
  resource: {
    'AWS::Serverless::StateMachine': check,
    'AWS::StepFunctions::StateMachine': check,
  },
})

function check(machine: Resource, context: RuleContext): void {
  checkStates(machine.property('Definition', 'States'), context)
}

function checkStates(states: Value, context: RuleContext): void {
  for (const { key, keyLoc, value: state } of states.entries()) {
    const type = state.at('Type').string()
    if (type === 'Task' && isLambda(state) && state.at('Retry').isAbsent) {
      context.report({
        at: keyLoc,
        message:
          `State ${key} calls a function and is not tried again: a short fault of the service or a throttled call ` +
          'fails the whole execution',
        help:
          'Retry on Lambda.ServiceException, Lambda.AWSLambdaException, Lambda.SdkClientException and ' +
          'Lambda.TooManyRequestsException, with a growing interval',
      })
    }
    for (const list of ['Retry', 'Catch']) checkErrors(state.at(list), key, list, context)
    if (type === 'Choice' && state.at('Default').isAbsent) {
      context.report({
        at: keyLoc,
        message: `State ${key} has no Default: an input that no choice fits fails the execution`,
        help: 'Name the state for everything else, be it a Fail state with a telling cause',
      })
    }
    for (const branch of state.at('Branches').items()) checkStates(branch.at('States'), context)
    for (const inner of ['Iterator', 'ItemProcessor']) checkStates(state.at(inner, 'States'), context)
  }
}

function isLambda(state: Value): boolean {
  const resource = state.at('Resource')
  if (resource.resource) return /^AWS::(Lambda|Serverless)::Function$/.test(resource.resource.type)
  return /^arn:[^:]*:(states:[^:]*:[^:]*:lambda:invoke|lambda:)/.test(resource.text('*') ?? '')
}

/** The first entry that names an error takes it: what a later one says of the same error never happens. */
function checkErrors(list: Value, state: string, name: string, { report }: RuleContext): void {
  const seen = new Map<string, Value>()
  for (const entry of list.items()) {
    for (const error of entry.at('ErrorEquals').items()) {
      const text = error.string()
      if (text === undefined) continue
      const earlier = seen.get(text)
      if (earlier) {
        report({
          at: error,
          message: `${name} of state ${state} names ${text} twice: what is said here never happens`,
          help: 'Put the error into one entry',
          related: [{ at: earlier, message: 'this entry takes it' }],
        })
      } else seen.set(text, error)
    }
  }
}
