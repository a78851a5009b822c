/** The grammar of the Amazon States Language, as far as its structure goes. */
import { didYouMean } from '../../base/suggest.ts'
import type { Resource } from '../application/model.ts'
import { jsonDocument } from '../application/terraform/json-document.ts'
import type { Value } from '../application/value.ts'
import { defineRule } from '../engine/rule.ts'
import type { Report } from '../engine/rule.ts'

/** A definition of states that Step Functions refuses. */
export const rule = defineRule({
  id: 'state-machine-invalid',
  resource: {
    'AWS::Serverless::StateMachine': (machine, { report }) => {
      for (const fault of faultsOf(machine)) report(fault)
    },
    'AWS::StepFunctions::StateMachine': (machine, { report }) => {
      for (const fault of faultsOf(machine)) report(fault)
    },
  },
})

const TYPES = ['Task', 'Pass', 'Choice', 'Wait', 'Succeed', 'Fail', 'Parallel', 'Map']

function* faultsOf(machine: Resource): Generator<Report> {
  const written = machine.property('DefinitionString')
  const definition = written.isAbsent ? machine.property('Definition') : jsonDocument(written)
  if (definition.kind === 'map' && !definition.open && !definition.at('States').isAbsent)
    yield* machineFaults(definition, machine.id)
}

/** A machine, a branch or the inside of a map: states, and one of them to begin with. */
function* machineFaults(machine: Value, name: string): Generator<Report> {
  const states = machine.at('States')
  if (states.kind !== 'map' || states.open) return
  const names = states.keys()
  const start = machine.at('StartAt')
  if (start.isAbsent) yield refused(machine, `${name} has no StartAt`)
  else yield* missing(start, names, `${name} starts at`)
  for (const { key, value: state } of states.entries()) yield* stateFaults(state, key, names)
  yield* unreached(machine, states, names)
}

function* stateFaults(state: Value, name: string, names: readonly string[]): Generator<Report> {
  if (state.kind !== 'map' || state.open) return
  const type = state.at('Type').string()
  if (state.at('Type').isAbsent) yield refused(state, `State ${name} has no Type`)
  if (type !== undefined && !TYPES.includes(type))
    yield refused(state.at('Type'), `There is no state of the type ${type}${didYouMean(type, TYPES)}`)
  if (type !== undefined && /^(Task|Pass|Wait|Parallel|Map)$/.test(type)) {
    const [next, end] = [state.at('Next'), state.at('End')]
    if (next.isAbsent && end.isAbsent) yield refused(state, `State ${name} says neither Next nor End`)
    if (!next.isAbsent && end.boolean() === true) yield refused(next, `State ${name} says both Next and End`)
  }
  if (type === 'Task' && state.at('Resource').isAbsent) yield refused(state, `Task ${name} has no Resource`)
  if (type === 'Choice' && state.at('Choices').isAbsent) yield refused(state, `Choice ${name} has no Choices`)
  for (const at of goesTo(state)) yield* missing(at, names, `State ${name} goes to`)
  for (const list of ['Retry', 'Catch']) yield* lastOfAll(state.at(list), name, list)
  for (const branch of state.at('Branches').items()) yield* machineFaults(branch, `A branch of ${name}`)
  for (const inner of ['Iterator', 'ItemProcessor'])
    if (!state.at(inner).isAbsent) yield* machineFaults(state.at(inner), `${inner} of ${name}`)
}

/** Every place where a state names the next one. */
const goesTo = (state: Value): readonly Value[] =>
  [
    state.at('Next'),
    state.at('Default'),
    ...state
      .at('Choices')
      .items()
      .map(choice => choice.at('Next')),
    ...state
      .at('Catch')
      .items()
      .map(entry => entry.at('Next')),
  ].filter(value => !value.isAbsent)

function* missing(at: Value, names: readonly string[], what: string): Generator<Report> {
  const name = at.string()
  if (name !== undefined && !names.includes(name))
    yield refused(at, `${what} ${name}, and there is no such state${didYouMean(name, names)}`)
}

/** `States.ALL` stands alone, and last. */
function* lastOfAll(list: Value, name: string, kind: string): Generator<Report> {
  const entries = list.items()
  for (const [index, entry] of entries.entries()) {
    const errors = entry.at('ErrorEquals').items()
    const all = errors.find(error => error.string() === 'States.ALL')
    if (!all) continue
    if (errors.length > 1) yield refused(all, `States.ALL stands beside other errors in a ${kind} of state ${name}`)
    else if (index < entries.length - 1)
      yield refused(all, `States.ALL is not the last entry of ${kind} of state ${name}`)
  }
}

function* unreached(machine: Value, states: Value, names: readonly string[]): Generator<Report> {
  const start = machine.at('StartAt').string()
  if (start === undefined || !names.includes(start)) return
  const reached = new Set([start])
  for (const name of reached)
    for (const at of goesTo(states.at(name))) {
      const next = at.string()
      // Where it goes is only known at deployment: anywhere.
      if (next === undefined) return
      if (names.includes(next)) reached.add(next)
    }
  for (const { key, keyLoc } of states.entries())
    if (!reached.has(key))
      yield {
        at: keyLoc,
        message: `No way leads to state ${key}`,
        help: 'Name it in a Next, or take it away',
        severity: 'warning',
      }
}

const refused = (at: Value, message: string): Report => ({
  at,
  message,
  help: 'Step Functions refuses the definition, and the deployment fails',
  severity: 'warning',
})
