/** Steps of properties: their form. What they name is checked when all pages are known. */
import type { Source, Step, Value } from '../model.ts'
import type { Reading } from './page.ts'
import { SERVICES } from './vocabulary.ts'
import type { YamlMap } from './yaml.ts'
import { isOneOf } from '../../base/is-one-of.ts'
import { isList, isMapping, isTagged } from '../value-kinds.ts'

const DEEDS = ['parallel', 'repeat', 'wait', 'http', 'journal', 'everyAnswer'] as const
const BESIDES = ['as', 'returns', 'fails', 'eventually', 'otherwise', 'exactly'] as const
const HTTP_KEYS = ['method', 'path', 'query', 'headers', 'body', 'sign'] as const
const URL_KEYS = ['method', 'url', 'path', 'query', 'headers', 'body', 'sign'] as const
const SERVICE_KEYS = ['service', 'action', 'body'] as const

const isAction = (key: string): boolean => /^[A-Z]/.test(key)

/** Reads a list of steps; an absent list is empty. */
export function readSteps(
  value: Value | undefined,
  source: Source,
  reading: Reading,
  together = false,
): readonly Step[] {
  if (value === undefined || value === null) return []
  if (!isList(value)) {
    reading.report.error(source, 'steps are a list: begin each with `- `')
    return []
  }
  return value.flatMap(
    (one, index) => readStep(one, reading.positions.ofValue(value, index) ?? source, reading, together) ?? [],
  )
}

/**
 * Reads one step, or notes why it is none. `together`: it stands in `parallel`, where a step may say both how it
 * returns and how it fails.
 */
export function readStep(value: Value, source: Source, reading: Reading, together = false): Step | undefined {
  const { report, positions } = reading
  if (!isMapping(value)) {
    report.error(source, 'a step is a mapping, such as `GetFunction: {FunctionName: $fn.FunctionName}`')
    return undefined
  }
  const keys = Object.keys(value)
  const deeds = keys.filter(key => isAction(key) || isOneOf(DEEDS, key))
  for (const key of keys) {
    if (deeds.includes(key) || isOneOf(BESIDES, key)) continue
    report.error(
      positions.ofKey(value, key) ?? source,
      `unknown key \`${key}\` in a step; beside the action it has ${[...DEEDS, ...BESIDES].join(', ')}`,
      { wrong: key, known: [...DEEDS, ...BESIDES] },
    )
  }
  const deed = deeds[0]
  if (deed === undefined || deeds.length > 1) {
    report.error(
      source,
      deed === undefined
        ? 'the step does nothing: it has no action'
        : `one step does one thing, and this one has ${deeds.map(deed => `\`${deed}\``).join(' and ')}`,
    )
    return undefined
  }
  const place = (key: string): Source => positions.ofValue(value, key) ?? source
  const number = (key: string, least: number): number | undefined => {
    const given = value[key]
    if (given === undefined) return undefined
    if (typeof given === 'number' && given >= least) return given
    report.error(place(key), `\`${key}\` is a number from ${least}`)
    return undefined
  }
  const name = value['as']
  if (name !== undefined && (typeof name !== 'string' || !/^[A-Za-z][\w-]*$/.test(name)))
    report.error(place('as'), '`as` is the name of a variable: a letter, then letters and digits')
  if (value['fails'] !== undefined) checkFails(value['fails'], place('fails'), reading)
  if (value['exactly'] !== undefined && deed !== 'parallel')
    report.error(positions.ofKey(value, 'exactly') ?? source, '`exactly` belongs to `parallel`')
  if (value['fails'] !== undefined && value['returns'] !== undefined && !together) {
    report.error(
      positions.ofKey(value, 'fails') ?? source,
      'a step cannot both return and fail, unless it stands in `parallel`',
    )
  }

  const isOpen = value['otherwise'] !== undefined
  if (isOpen && (value['otherwise'] !== 'inconclusive' || value['returns'] === undefined))
    report.error(place('otherwise'), '`otherwise` is `inconclusive`, and stands beside `returns`')

  const done = readDeed(deed, value[deed] ?? null, place(deed), reading)
  if (done === undefined) return undefined
  const eventually = number('eventually', 0)
  const exactly = number('exactly', 0)
  const step: Step = {
    ...done,
    ...(typeof name === 'string' && { as: name }),
    ...(value['returns'] !== undefined && { returns: value['returns'] }),
    ...(value['fails'] !== undefined && { fails: value['fails'] }),
    ...(eventually !== undefined && { eventually }),
    ...(isOpen && { otherwise: 'inconclusive' as const }),
    ...(exactly !== undefined && { exactly }),
    source,
  }
  positions.same(step, value)
  return step
}

function readDeed(deed: string, value: Value, source: Source, reading: Reading): Omit<Step, 'source'> | undefined {
  const { report } = reading
  switch (deed) {
    case 'wait':
      if (typeof value === 'number' && value >= 0) return { wait: value }
      report.error(source, '`wait` is a number of seconds')
      return undefined
    case 'parallel':
      return { parallel: readSteps(value, source, reading, true) }
    case 'repeat':
      return readRepeat(value, source, reading)
    case 'http': {
      if (!isMapping(value)) {
        report.error(
          source,
          '`http` is a mapping of `method`, `path`, `query`, `headers`, `body`, `sign`, or of `service`, ' +
            '`action`, `body`',
        )
        return undefined
      }
      if (value['service'] !== undefined) return readServiceCall(value, source, reading)
      if (value['url'] !== undefined) {
        checkKeys(value, URL_KEYS, '`http` of a `url`', source, reading)
        return { http: value }
      }
      checkKeys(value, HTTP_KEYS, '`http`', source, reading)
      for (const key of ['method', 'path'])
        if (typeof value[key] !== 'string') report.error(source, `\`http\` lacks its \`${key}\``)
      return { http: value }
    }
    case 'everyAnswer':
      if (value === 'all' || value === 'bodies' || value === 'refusals') return { everyAnswer: value }
      report.error(source, '`everyAnswer` is `all`, `bodies` or `refusals`')
      return undefined
    case 'journal':
      if (typeof value === 'string') return { journal: value }
      report.error(source, '`journal` is the url of the queue that functions tell: `journal: $journal.QueueUrl`')
      return undefined
    default:
      if (value === null) return { call: { action: deed, request: {} } }
      if (isMapping(value)) return { call: { action: deed, request: value } }
      report.error(source, `the request of ${deed} is a mapping of its members`)
      return undefined
  }
}

/** A call of another service on the same endpoint. */
function readServiceCall(value: YamlMap, source: Source, reading: Reading): Omit<Step, 'source'> {
  const { report, positions } = reading
  checkKeys(value, SERVICE_KEYS, '`http` of a `service`', source, reading)
  const { service, action } = value
  if (typeof service !== 'string' || !Object.hasOwn(SERVICES, service)) {
    const known = Object.keys(SERVICES)
    report.error(
      positions.ofValue(value, 'service') ?? source,
      `\`${String(service)}\` is no service that steps can call; there are ${known.join(', ')}`,
      { wrong: String(service), known },
    )
  }
  if (typeof action !== 'string' || !/^[A-Z][A-Za-z]+$/.test(action)) {
    report.error(
      positions.ofValue(value, 'action') ?? source,
      '`http` of a `service` names its `action`, such as `SendMessage`',
    )
  }
  return { http: value }
}

function readRepeat(value: Value, source: Source, reading: Reading): Omit<Step, 'source'> | undefined {
  if (!isMapping(value)) {
    reading.report.error(source, '`repeat` is a mapping of `times` and `steps`')
    return undefined
  }
  checkKeys(value, ['times', 'steps'], '`repeat`', source, reading)
  const times = value['times']
  if (typeof times !== 'number' || !Number.isInteger(times) || times < 1) {
    reading.report.error(reading.positions.ofValue(value, 'times') ?? source, '`times` is a whole number from 1')
    return undefined
  }
  return {
    repeat: { times, steps: readSteps(value['steps'], reading.positions.ofValue(value, 'steps') ?? source, reading) },
  }
}

function checkKeys(
  value: YamlMap,
  known: readonly string[],
  what: string,
  source: Source,
  { report, positions }: Reading,
): void {
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue
    report.error(positions.ofKey(value, key) ?? source, `unknown key \`${key}\`; ${what} has ${known.join(', ')}`, {
      wrong: key,
      known,
    })
  }
}

/** `Name`, `Name 409`, a list of either, or `{error, message}`. */
function checkFails(value: Value, source: Source, reading: Reading): void {
  if (isList(value)) {
    value.forEach((one, index) => checkFails(one, reading.positions.ofValue(value, index) ?? source, reading))
    return
  }
  if (typeof value === 'string') {
    if (!FAILURE.test(value))
      reading.report.error(source, `\`${value}\` is no failure; write \`ErrorName\` or \`ErrorName 404\``)
    return
  }
  if (isMapping(value) && value['error'] !== undefined) {
    checkKeys(value, ['error', 'message'], 'a failure', source, reading)
    checkFails(value['error'], reading.positions.ofValue(value, 'error') ?? source, reading)
    return
  }
  if (isTagged(value)) reading.report.error(source, 'a failure is the name of an error; a tag stands in its `message`')
  else
    reading.report.error(source, 'a failure is the name of an error, a list of names, or `{error: Name, message: …}`')
}

/** Name and status of a failure. */
export const FAILURE = /^([A-Za-z][\w.]*)(?: ([1-5]\d\d))?$/
