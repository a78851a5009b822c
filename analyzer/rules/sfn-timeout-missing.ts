import type { Resource } from '../application/model.ts'
import { jsonDocument } from '../application/terraform/json-document.ts'
import { defineRule } from '../engine/rule.ts'
import type { RuleContext } from '../engine/rule.ts'

/** A task that may wait for ever. */
export const rule = defineRule({
  id: 'sfn-timeout-missing',
  resource: { 'AWS::Serverless::StateMachine': check, 'AWS::StepFunctions::StateMachine': check },
})

function check(machine: Resource, { report }: RuleContext): void {
  const written = machine.property('DefinitionString')
  const definition = written.isAbsent ? machine.property('Definition') : jsonDocument(written)
  if (!definition.at('TimeoutSeconds').isAbsent) return
  definition.walk(state => {
    if (state.kind !== 'map' || state.open || state.at('Type').string() !== 'Task') return
    if (!state.at('TimeoutSeconds').isAbsent || !state.at('TimeoutSecondsPath').isAbsent) return
    report({
      at: state.keyLoc ?? state,
      message:
        `Task ${state.key ?? ''} of ${machine.id} has no timeout: an answer that never comes holds the ` +
        'execution for a year',
      help: 'Set TimeoutSeconds of the task, or of the whole machine',
    })
  })
}
