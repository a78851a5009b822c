/** A `property` fence: a statement with everything that makes it executable. */
import type { Property, Source, Step, Value } from '../model.ts'
import {
  checkProfile,
  checkSteps,
  readCapabilities,
  readCovers,
  readNeeds,
  readableResource,
  unique,
  variablesOf,
} from './common.ts'
import { readAttributes } from './info.ts'
import type { Fence } from './markdown.ts'
import { laterEdition, readEdition, readLevel, readOrigin, wordOf, wordsOf, type Page, type Reading } from './page.ts'
import type { Readable } from './reference.ts'
import { readSteps } from './step.ts'
import { checkMembers, checkValue } from './values.ts'
import type { World } from './world.ts'
import { fenceFragment, readYamlMap, type YamlMap } from './yaml.ts'
import { isOneOf } from '../../base/is-one-of.ts'
import { isMapping } from '../value-kinds.ts'

const ATTRIBUTES = ['id', 'level', 'covers', 'needs', 'source', 'since', 'until', 'runs', 'time', 'profile'] as const
const PARTS = ['forAll', 'given', 'when', 'then'] as const

/** Reads a property; what it has not itself (profile, capabilities) it has from its page. */
export function readProperty(
  fence: Fence,
  page: Page,
  profile: string,
  capabilities: readonly string[],
  reading: Reading,
): Property | undefined {
  const { report } = reading
  const info = readAttributes(fence, 'property', ATTRIBUTES, report)
  const attribute = (name: (typeof ATTRIBUTES)[number]) => wordOf(info.attributes.get(name))

  const id = attribute('id')
  if (id === undefined)
    report.error(fence.infoSource, 'a property needs an id: `property id=topic.statement level=must`')
  else if (!/^[a-z][\w-]*(\.[\w-]+)+$/.test(id.text))
    report.error(
      id.source,
      `\`${id.text}\` is no id of a property; write small words with dots between them, such as \`version.immutable\``,
    )
  const level = attribute('level')
  if (level === undefined)
    report.error(fence.infoSource, 'a property needs a level: `level=must`, `level=should` or `level=may`')
  const runs = attribute('runs')
  if (runs !== undefined && !/^[1-9]\d*$/.test(runs.text))
    report.error(runs.source, `\`runs\` is a whole number from 1, not \`${runs.text}\``)
  const time = attribute('time')
  if (time !== undefined && !/^[1-9]\d*$/.test(time.text))
    report.error(time.source, `\`time\` is a whole number of seconds, not \`${time.text}\``)
  const named = attribute('profile')
  const since = readEdition(attribute('since'), laterEdition(page, report), report)
  const until = readEdition(attribute('until'), undefined, report)
  if (since !== undefined && until !== undefined && since > until)
    report.error(attribute('until')?.source ?? fence.infoSource, `it ends (${until}) before it begins (${since})`)

  const body = readYamlMap(fenceFragment(fence), 'a property', report, reading.positions)
  if (body === undefined) return undefined
  for (const key of Object.keys(body)) {
    if (isOneOf(PARTS, key)) continue
    report.error(
      reading.positions.ofKey(body, key) ?? fence.source,
      `unknown part \`${key}\`; a property has ${PARTS.join(', ')}`,
      { wrong: key, known: PARTS },
    )
  }
  const place = (part: string): Source => reading.positions.ofValue(body, part) ?? fence.source
  const forAll = readVariables(body, 'forAll', place('forAll'), reading)
  const given = readVariables(body, 'given', place('given'), reading)
  const when = readSteps(body['when'], place('when'), reading)
  const then = readSteps(body['then'], place('then'), reading)
  if (!then.some(asserts))
    report.error(fence.source, 'the property says nothing: its `then` has no step that could fail')

  const property: Property = {
    id: id?.text ?? '',
    level: readLevel(level, 'must', report),
    profile: named === undefined ? profile : checkProfile(named, reading),
    title: fence.heading,
    statement: fence.prose.replace(/\s+/g, ' '),
    covers: readCovers(wordsOf(info.attributes.get('covers')), reading),
    origin: readOrigin(attribute('source'), report),
    ...(since && { since }),
    ...(until && { until }),
    needs: unique([...capabilities, ...readCapabilities(wordsOf(info.attributes.get('needs')), reading)]),
    forAll,
    given,
    when,
    then,
    ...(runs !== undefined && { runs: Number(runs.text) }),
    ...(time !== undefined && { time: Number(time.text) }),
    source: fence.source,
  }
  reading.later(world => checkProperty(property, world, reading))
  return property
}

const asserts = (step: Step): boolean =>
  step.call !== undefined ||
  step.http !== undefined ||
  step.journal !== undefined ||
  step.everyAnswer !== undefined ||
  (step.parallel ?? step.repeat?.steps ?? []).some(asserts)

function readVariables(
  body: YamlMap,
  part: 'forAll' | 'given',
  source: Source,
  { report, positions }: Reading,
): { readonly [variable: string]: Value } {
  const value = body[part]
  if (value === undefined || value === null) return {}
  if (!isMapping(value)) {
    report.error(source, `\`${part}\` is a mapping of variables`)
    return {}
  }
  for (const name of Object.keys(value)) {
    if (!/^[A-Za-z][\w-]*$/.test(name))
      report.error(
        positions.ofKey(value, name) ?? source,
        `\`${name}\` is no name of a variable: write a letter, then letters and digits`,
      )
  }
  return value
}

function checkProperty(property: Property, world: World, reading: Reading): void {
  const { report, positions } = reading
  const variables = new Map<string, Readable>(variablesOf(world, []))
  const define = (name: string, readable: Readable, source: Source): void => {
    if (variables.has(name)) report.error(source, `the variable \`$${name}\` is there already`)
    variables.set(name, readable)
  }
  for (const [name, value] of Object.entries(property.forAll)) {
    checkValue(value, undefined, positions.ofValue(property.forAll, name) ?? property.source, {
      use: 'generator',
      variables,
      world,
      reading,
    })
    define(name, { kind: 'anything' }, positions.ofKey(property.forAll, name) ?? property.source)
  }
  for (const [name, value] of Object.entries(property.given)) {
    const source = positions.ofValue(property.given, name) ?? property.source
    const resource = isMapping(value) ? Object.keys(value) : []
    if (resource.length !== 1) {
      report.error(
        source,
        `\`${name}\` names one resource and what is laid over its create request: \`${name}: {function: ` +
          `{MemorySize: 256}}\``,
      )
      define(name, { kind: 'anything' }, positions.ofKey(property.given, name) ?? property.source)
      continue
    }
    checkGiven(
      resource[0] ?? '',
      (value as YamlMap)[resource[0] ?? ''] ?? null,
      value as YamlMap,
      source,
      variables,
      world,
      reading,
    )
    define(name, readableResource(world, resource[0] ?? ''), positions.ofKey(property.given, name) ?? property.source)
  }
  checkSteps([...property.when, ...property.then], variables, world, reading)
}

function checkGiven(
  resource: string,
  overlay: Value,
  given: YamlMap,
  source: Source,
  variables: ReadonlyMap<string, Readable>,
  world: World,
  reading: Reading,
): void {
  const { report, positions } = reading
  readNeedsNow(resource, positions.ofKey(given, resource) ?? source, world, reading)
  const place = positions.ofValue(given, resource) ?? source
  if (overlay === null) return
  if (!isMapping(overlay)) {
    report.error(place, `what is laid over the request of \`${resource}\` is a mapping of members`)
    return
  }
  const create = world.actions.get(world.resources.get(resource)?.lifecycle.create ?? '')
  if (create !== undefined)
    checkMembers(overlay, create.request, create.name, place, { use: 'request', variables, world, reading })
}

function readNeedsNow(resource: string, source: Source, world: World, reading: Reading): void {
  readNeeds([{ text: resource, source }], { ...reading, later: check => check(world) })
}
