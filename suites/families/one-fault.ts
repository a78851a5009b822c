/**
 * Requests with exactly one fault are refused: with a client error, in the documented form, and never with a success or
 * a server error.
 */
import fc from 'fast-check'
import type { Action, Clause, Setting, Spec } from '../../spec/model.ts'
import { CONSTRAINT_KINDS } from '../../reports/constraint-kinds.ts'
import { exampleOf } from '../arbitraries/example.ts'
import { type Carrier, type Fault, faultsOf } from '../arbitraries/illegal.ts'
import { stretched } from '../arbitraries/pattern.ts'
import { ABSENT, place, type Site, siteAt, valueAt } from '../arbitraries/site.ts'
import type { Case, CaseContext, CaseOutcome, HttpRequest, Lease, Scope, SendOptions } from '../case.ts'
import { type BreachKind, examineMembers, isSurelyLegal } from '../oracle/legal.ts'
import { readRequest } from '../wire/read-request.ts'
import { serialise } from '../wire/serialise.ts'
import { controlOf, type Control } from './control.ts'
import { explore } from './explore.ts'
import { inconclusive, outcomeOf, type Judgement } from '../judgement.ts'
import { judgeRefusal } from './refusal.ts'
import { baseRequest, callPatiently, isUnharmed, leaseFor, sentText } from './requests.ts'

type Params = { readonly [member: string]: unknown }

/** Kinds of constraints of which a request may break one. */
export const SITE_KINDS: ReadonlySet<string> = new Set<BreachKind>(CONSTRAINT_KINDS)

/** Cases for every constraint of every member of a request, nested members too. */
export function oneFaultCases(spec: Spec): readonly Case[] {
  return spec.clauses.flatMap(clause => {
    const action = clause.action === undefined ? undefined : spec.actions[clause.action]
    if (action === undefined || !clause.id.startsWith(`${action.name}.request.`)) return []
    if (clause.kind === 'syntax') return syntaxCases(action, clause)
    if (clause.path === undefined || !SITE_KINDS.has(clause.kind)) return []
    const site = siteAt(spec, action, clause.path)
    if (site === null || !isDemanded(site, clause)) return []
    return clause.kind === 'required'
      ? requiredCases(spec, action, clause, site)
      : siteCases(spec, action, clause, site)
  })
}

/** What only a recording or the later model knows bounds what we send; nobody need refuse it. */
function isDemanded(site: Site, clause: Clause): boolean {
  const isBase = (said: { readonly origin: string; readonly since?: string }): boolean =>
    said.origin === 'guide' && said.since === undefined
  return isBase(clause) && isBase(site.top) && (site.member === undefined || isBase(site.member))
}

/** One fault laid over a request that is valid otherwise. */
interface FaultyRequest {
  readonly params: Params
  /** The faulty value, for people. */
  readonly shown?: unknown
  readonly options?: SendOptions
}

interface FaultCase<T> {
  readonly action: Action
  readonly clause: Clause
  readonly variant: string
  /** What must be refused. */
  readonly what: string
  readonly values: fc.Arbitrary<T>
  /** One value of each kind of this fault: what is tried before any is drawn. */
  readonly kinds: readonly T[]
  /** "Not found" is an answer to a fault in the name of the thing. */
  readonly namesResource: boolean
  /** In the path: to a router the faulty request may be no action at all. */
  readonly changesRoute?: boolean
  readonly controlKey: string
  /** What there must be for the control beside what the action needs. */
  readonly controlNeeds?: readonly string[]
  readonly setting?: Setting | undefined
  control(context: CaseContext, base: Params, scope: Scope): Params
  fault(context: CaseContext, base: Params, value: T): FaultyRequest | null
}

function makeCase<T>(fault: FaultCase<T>): Case {
  const { action, clause } = fault
  const id = `${clause.id}#one-fault.${fault.variant}`
  return {
    id,
    clause,
    family: 'one-fault',
    title: `${action.name} refuses ${fault.what}${clause.path === undefined ? '' : ` in ${clause.path.join('.')}`}`,
    action: action.name,
    actions: [action.name],
    needs: clause.needs,
    run: context => runFault(context, id, fault),
  }
}

function siteCases(spec: Spec, action: Action, clause: Clause, site: Site): readonly Case[] {
  const carrier = carrierOf(site)
  return faultsOf(spec, site.shape, clause.kind as BreachKind, carrier).map((fault: Fault) =>
    makeCase<unknown>({
      action,
      clause,
      variant: fault.variant,
      what: fault.what,
      values: fault.values,
      kinds: fault.kinds,
      namesResource: site.top.in !== 'body' || namesSomething(site),
      changesRoute: site.top.in === 'uri',
      controlKey: site.path.join('.'),
      controlNeeds: missingOf(action, site),
      setting: settingAt(action, site),
      control: (context, base, scope) => {
        const own = valueAt(base, site.path) === undefined ? ofEndpoint(context, site) : undefined
        return own === undefined
          ? withLegal(spec, action, site, base, scope)
          : place(spec, action, base, site.path, own)
      },
      fault: (_, base, value) =>
        adapted(site, clause.kind, valueAt(base, site.path), value)
          .map(one =>
            surelyFaulty(
              spec,
              action,
              { params: place(spec, action, base, site.path, one), shown: one },
              clause.kind,
              site,
            ),
          )
          .find(request => request !== null) ?? null,
    }),
  )
}

/**
 * Ways to put a faulty text where the valid request has one already, best first: made from what stands there, so that a
 * name which is taken after all bears the prefix of the run, and an account or a Region stays the right one.
 */
export function adapted(site: Site, kind: string, own: unknown, value: unknown): readonly unknown[] {
  if (typeof own !== 'string' || typeof value !== 'string') return [value]
  if (kind === 'pattern') return [`${own}${value}`, `${value}${own}`, value]
  if (kind !== 'length' || value.length <= own.length) return [value]
  const pattern = site.shape.constraints.find(one => one.on === 'self' && one.kind === 'pattern')
  return [
    (pattern?.kind === 'pattern' ? stretched(pattern.pattern, own, value.length) : null) ??
      own.padEnd(value.length, 'a'),
  ]
}

function requiredCases(spec: Spec, action: Action, clause: Clause, site: Site): readonly Case[] {
  // Without its label a path is another path: there is nothing to be refused.
  if (site.top.in === 'uri' || site.top.in === 'payload') return []
  const of = (variant: string, what: string, absent: unknown): Case =>
    makeCase<null>({
      action,
      clause,
      variant,
      what,
      values: fc.constant(null),
      kinds: [null],
      namesResource: site.top.in !== 'body',
      controlKey: site.path.join('.'),
      control: (_, base, scope) => withLegal(spec, action, site, base, scope),
      fault: (_, base) =>
        surelyFaulty(
          spec,
          action,
          { params: place(spec, action, withLegal(spec, action, site, base), site.path, absent) },
          'required',
          site,
        ),
    })
  const missing = of('missing', 'a request without what is required', ABSENT)
  return site.top.in === 'body' ? [missing, of('null', 'null for what is required', null)] : [missing]
}

/** Ways to spoil a JSON text. Not among them: something behind a whole text, which lenient parsers do not look at. */
const SPOILT: { readonly [name: string]: (text: string) => string } = {
  truncated: text => text.slice(0, Math.max(1, text.length - 1)),
  'half of it': text => text.slice(0, Math.max(1, Math.floor(text.length / 2))),
  'bare word': () => 'nonsense',
  'single quotes': () => "{'a': 'b'}",
  'open string': () => '{"a": "b',
  'missing value': () => '{"a": }',
}

function syntaxCases(action: Action, clause: Clause): readonly Case[] {
  const payload = action.request.some(member => member.in === 'payload')
  const spoil = (name: string): SendOptions => ({
    mutate: (request: HttpRequest) => {
      const text = typeof request.body === 'string' && request.body !== '' ? request.body : '{"a":"b"}'
      return {
        ...request,
        body: (SPOILT[name] ?? ((one: string) => one))(text),
        headers: { ...request.headers, 'content-type': 'application/json' },
      }
    },
  })
  return [
    makeCase<string>({
      action,
      clause,
      variant: 'malformed-json',
      what: payload ? 'a payload that is no JSON' : 'a body that is no JSON',
      values: fc.constantFrom(...Object.keys(SPOILT)),
      kinds: [
        'bare word',
        'truncated',
        ...Object.keys(SPOILT).filter(name => !['bare word', 'truncated'].includes(name)),
      ],
      namesResource: false,
      controlKey: '',
      control: (_, base) => base,
      fault: (_, base, name) => ({ params: base, options: spoil(name) }),
    }),
  ]
}

/** What a legal value has to name, so that the control is not refused for want of it. */
interface Living {
  readonly resource: string
  readonly member: string
}

/** By the place in the request, and in which requests. */
const LIVING: readonly (Living & { readonly at: RegExp; readonly of?: RegExp })[] = [
  { at: /^FunctionName$/, resource: 'function', member: 'FunctionName' },
  { at: /^Layers\.\[\]$/, resource: 'layer-version', member: 'LayerVersionArn' },
  { at: /^DestinationConfig\..*\.Destination$/, of: /EventInvokeConfig$/, resource: 'function', member: 'FunctionArn' },
  {
    at: /^DestinationConfig\..*\.Destination$/,
    of: /^CreateEventSourceMapping$/,
    resource: 'queue',
    member: 'QueueArn',
  },
]

function livingAt(action: Action, site: Site): Living | undefined {
  return LIVING.find(({ at, of }) => at.test(site.path.join('.')) && of?.test(action.name) !== false)
}

/** What a request about this place says beside it. */
function settingAt(action: Action, site: Site): Setting | undefined {
  const at = `${site.path.join('.')}.`
  return action.settings?.find(one => at.startsWith(`${one.member}.`))
}

/** The smallest valid request, with what one about a certain place says beside it. */
function baseIn(context: CaseContext, action: Action, scope: Scope, setting: Setting | undefined): Params {
  return setting === undefined
    ? baseRequest(context, action, scope)
    : context.fill({ ...action.example, ...setting.request }, scope)
}

function missingOf(action: Action, site: Site): readonly string[] {
  const resource = livingAt(action, site)?.resource
  return resource === undefined || site.path.length === 1 || action.needs.includes(resource) ? [] : [resource]
}

/** The request with a legal value at the site; the base request if it has one there. */
function withLegal(spec: Spec, action: Action, site: Site, base: Params, scope: Scope = {}): Params {
  if (valueAt(base, site.path) !== undefined) return base
  // Some function that there is, and none of somebody else's.
  const living = livingAt(action, site)
  const own = living === undefined ? undefined : (scope[living.resource] as Params | undefined)?.[living.member]
  if (typeof own === 'string') return place(spec, action, base, site.path, own)
  return place(spec, action, base, site.path, namesUnpublished(spec, site) ? '$LATEST' : exampleOf(spec, site.shape))
}

/**
 * What is legal by its page and refused all the same: the runtimes that a page lists are of its edition, the first of
 * them retired, and a role has to be there. The probe's runtime and the endpoint's role are taken here.
 */
function ofEndpoint({ endpoint }: CaseContext, site: Site): string | undefined {
  const at = site.path.join('.')
  if (/(^|\.)((Compatible)?Runtime|CompatibleRuntimes\.\[\])$/.test(at)) return endpoint.probe.runtime
  return at === 'Role' ? endpoint.role : undefined
}

/** Of all versions the unpublished one is always there: a control that names another is refused for want of it. */
function namesUnpublished(spec: Spec, site: Site): boolean {
  return (
    site.member !== undefined &&
    ['Qualifier', 'FunctionVersion'].includes(site.member.name) &&
    isSurelyLegal(spec, site.shape, '$LATEST')
  )
}

/** The part of a request in which the member of a fault travels. */
export function carrierOf(site: Site): Carrier {
  return site.top.in === 'status' ? 'body' : site.top.in
}

/** The member names a thing, in the path or elsewhere. */
export function namesSomething(site: Site): boolean {
  const name = site.member?.name ?? site.top.name
  return /(Name|Arn|ARN|Arns|Resource|UUID|Version|Qualifier|Role|Layers|Id|Ids)$/.test(name)
}

/**
 * Null unless the request, as it will arrive, is surely illegal at the place and nowhere else. The serialised request
 * is read again, so that what a header or a path cannot carry is not taken for a fault.
 */
function surelyFaulty(
  spec: Spec,
  action: Action,
  request: FaultyRequest,
  kind: string,
  site: Site,
): FaultyRequest | null {
  const sent = serialise(action, request.params)
  if (sent.path.split('/').some(segment => segment === '.' || segment === '..')) return null
  const arrived = readRequest(action, sent)
  if (arrived === null) return null
  const breaches = examineMembers(spec, action.request, arrived, 'request').filter(breach => breach.sure)
  const here = breaches.filter(breach => isWithin(breach.path, site.path))
  return here.some(breach => breach.kind === kind) && here.length === breaches.length ? request : null
}

function isWithin(path: readonly string[], site: readonly string[]): boolean {
  return site.every((step, at) => path[at] === step)
}

/** A control, and what the requests beside it say as well. */
interface Controlled {
  readonly control: Control
  readonly setting?: Setting
}

/** Where what the request says beside, or what a legal value names, cannot be made, one without may do. */
async function controlOfFault<T>(context: CaseContext, fault: FaultCase<T>): Promise<Controlled> {
  const { action, controlKey, controlNeeds = [], setting } = fault
  const plain = (): Promise<Control> =>
    controlOf(context, action, controlKey, (base, scope) => fault.control(context, base, scope))
  if (setting === undefined && controlNeeds.length === 0) return { control: await plain() }
  const needs = [...action.needs, ...controlNeeds, ...(setting?.needs ?? [])]
  const build = (_: Params, scope: Scope): Params =>
    fault.control(context, baseIn(context, action, scope, setting), scope)
  const whole = {
    control: await controlOf(context, action, `${controlKey} in its setting`, build, needs),
    ...(setting !== undefined && { setting }),
  }
  if (whole.control.kind === 'accepted') return whole
  const control = await plain()
  return control.kind === 'accepted' || whole.control.kind === 'none' ? { control } : whole
}

async function runFault<T>(context: CaseContext, caseId: string, fault: FaultCase<T>): Promise<CaseOutcome> {
  const { action } = fault
  const { control, setting } = await controlOfFault(context, fault)
  if (control.kind === 'none') return outcomeOf(control.judgement, 0)
  let lease: Lease | undefined
  let tried = 0
  const shown = new Map<string, unknown>()
  const judged = new Map<string, Judgement>()
  const outcome = await explore<T>(context, {
    caseId,
    arbitrary: fault.values,
    examples: fault.kinds,
    judge: async value => {
      lease ??= await leaseFor(context, action, [...action.needs, ...(setting?.needs ?? [])])
      const base = baseIn(context, action, lease.scope, setting)
      const request = fault.fault(context, base, value)
      fc.pre(request !== null)
      if (request.shown !== undefined) shown.set(fc.stringify(value), request.shown)
      const text = sentText(context, action, request.params, request.options)
      const before = judged.get(text)
      if (before !== undefined) return before
      const answer = await callPatiently(context, action, request.params, request.options)
      tried++
      const judgement = judgeRefusal(context.spec, fault, control, answer)
      if (judgement.kind !== 'inconclusive') judged.set(text, judgement)
      if (!isUnharmed(action, answer)) {
        // It was taken, or broke something: whatever it did to the scope, nobody else shall see.
        lease.giveBack(false)
        lease = undefined
      }
      return judgement
    },
    show: value => shown.get(fc.stringify(value)) ?? value,
  })
  lease?.giveBack(true)
  return tried === 0 && outcome.verdict === 'pass'
    ? outcomeOf(inconclusive('no faulty request could be formed'), 0)
    : outcome
}
