/** Endpoints that are wrong in many places at once, by kinds: which cases notice each? */
import { startReference } from '../../reference/server.ts'
import type { Spec } from '../../spec/model.ts'
import type { Case } from '../../suites/case.ts'
import { FAULTS } from '../../suites/testing/faults/catalogue.ts'
import type { Behaviour, Fault } from '../../suites/testing/faults/fault.ts'
import { startFaultyProxy } from '../../suites/testing/faults/proxy.ts'
import { together } from '../../suites/testing/faults/together.ts'
import { apart } from '../mutation/combined.ts'
import type { Place, Program } from '../mutation/program.ts'
import { seeded } from '../mutation/sample.ts'
import { acceptsIllegal, ANSWERS_WRONG, errorsRenamed } from './behaviours.ts'
import { PLANTED } from './planted.ts'
import { LAWLESS } from './resources.ts'
import { differsAt, halfOf, narrowed, withoutDemands, type Demand } from './demands.ts'

/** One endpoint, not started yet. */
export interface Endpoint {
  readonly kind: Kind | 'aimed'
  readonly name: string
  /** What is wrong with it, in words. */
  readonly faults: readonly string[]
  /** Those that may be asked. */
  readonly cases: readonly Case[]
  /** Undefined when it does not come up. */
  start(): Promise<Started | undefined>
}

interface Started {
  readonly url: string
  stop(): Promise<void>
}

/** The kinds of endpoints that are asked, in this order. */
export const KINDS = [
  'lacks',
  'narrow',
  'quotas',
  'accepts',
  'renames',
  'answers',
  'lawless',
  'mutants',
  'hand-made',
  'planted',
] as const
/** One of these kinds. */
export type Kind = (typeof KINDS)[number]

/** What endpoints are made of. */
export interface Material {
  readonly spec: Spec
  readonly cases: readonly Case[]
  readonly places: readonly Place[]
  readonly program: Program
  readonly seed: number
  /** Endpoints of a kind whose faults are drawn, and faults of each. */
  readonly endpoints: number
  readonly faults: number
}

const HALVES = [0, 1] as const

/** The endpoints of a kind. */
export function endpointsOf(kind: Kind, material: Material): readonly Endpoint[] {
  switch (kind) {
    case 'lacks':
      return HALVES.map(half => followingPages(kind, half, material, withoutDemands, 'does not look at'))
    case 'narrow':
      return HALVES.map(half => followingPages(kind, half, material, narrowed, 'takes one less at each end of'))
    case 'quotas':
      return [2, 0.5].map(factor => ofQuotas(factor, material))
    case 'answers':
      return behaving(kind, ANSWERS_WRONG, ['valid', 'boundary', 'property'], material)
    case 'lawless':
      return behaving(kind, LAWLESS, ['law', 'model', 'property'], material)
    case 'accepts':
      return HALVES.map(half => accepting(half, material))
    case 'renames':
      return HALVES.map(half => ({
        kind,
        name: `renames ${half}`,
        faults: [`names another error where half of the actions refuse (seed ${material.seed})`],
        cases: material.cases.filter(one => one.family === 'error' || one.family === 'property'),
        start: () => behind(material, [errorsRenamed(material.seed, half)]),
      }))
    case 'mutants':
      return drawn(material, seed => ofMutants(seed, material))
    case 'planted':
      return [
        {
          kind,
          name: 'planted',
          faults: PLANTED.map(one => one.wrong),
          cases: material.cases,
          start: () =>
            behind(
              material,
              PLANTED.map(one => one.behaviour),
            ),
        },
      ]
    case 'hand-made':
      return drawn(material, seed => ofFaults(seed, material))
  }
}

/** One endpoint for each way to behave, asked by these families. */
function behaving(
  kind: Kind,
  ways: typeof ANSWERS_WRONG,
  families: readonly Case['family'][],
  material: Material,
): readonly Endpoint[] {
  return ways.map(({ name, wrong, behaviour }) => ({
    kind,
    name,
    faults: [wrong],
    cases: material.cases.filter(one => families.includes(one.family)),
    start: () => behind(material, [behaviour(material.spec)]),
  }))
}

/** The embedded endpoint, which follows these pages. */
async function serving(pages: Spec): Promise<Started> {
  const reference = await startReference({ spec: pages, transitionMs: 15, maxEnvironments: 64 })
  return { url: reference.url, stop: () => reference.close() }
}

/** The embedded endpoint with other pages than those that it is held to. */
function followingPages(
  kind: Kind,
  half: 0 | 1,
  { spec, cases, seed }: Material,
  change: typeof withoutDemands,
  what: string,
): Endpoint {
  const isChosen = (demand: Demand): boolean => halfOf(demand, seed) === half
  const pages = change(spec, isChosen)
  const about = cases.filter(one => one.clause.path !== undefined && differsAt(spec, pages, one.clause))
  return {
    kind,
    name: `${kind} ${half}`,
    faults: [`${what} half of the demands of requests (seed ${seed})`],
    cases: about,
    start: () => serving(pages),
  }
}

/** An endpoint whose quotas are other figures, of which no member's bound speaks. */
function ofQuotas(factor: number, { spec, cases }: Material): Endpoint {
  const figures = new Set(spec.quotas.flatMap(one => one.appliesTo.map(target => target.split('.').at(-1) ?? '')))
  const unbound = withoutDemands(spec, ({ member }) => figures.has(member))
  const pages = {
    ...unbound,
    quotas: spec.quotas.map(one => ({ ...one, value: Math.floor(one.value * factor) })),
  }
  return {
    kind: 'quotas',
    name: `quotas times ${factor}`,
    faults: [`every quota is ${factor} times what it is`],
    cases: cases.filter(one => one.family === 'quota'),
    start: () => serving(pages),
  }
}

function accepting(half: 0 | 1, material: Material): Endpoint {
  const { spec, seed } = material
  const isChosen = (owner: string, kind: string, path: readonly string[]): boolean =>
    halfOf({ owner, member: path.join('.'), kind: kind as Demand['kind'] }, seed) === half
  return {
    kind: 'accepts',
    name: `accepts ${half}`,
    faults: [`answers illegal requests, of half of the kinds, as the last legal one (seed ${seed})`],
    cases: material.cases.filter(
      ({ family, clause }) => /fault/.test(family) && isChosen(clause.action ?? '', clause.kind, clause.path ?? []),
    ),
    start: () => behind(material, [acceptsIllegal(spec, isChosen)]),
  }
}

/** The sound program, with behaviours before it. */
async function behind({ spec, program }: Material, behaviours: readonly Behaviour[]): Promise<Started | undefined> {
  const running = await program.start()
  if (running === undefined) return undefined
  const proxy = await startFaultyProxy({ spec, target: running.url, behaviour: together(behaviours) })
  return {
    url: proxy.url,
    async stop() {
      await proxy.close()
      await running.stop()
    },
  }
}

function drawn({ seed, endpoints }: Material, make: (seed: number) => Endpoint): readonly Endpoint[] {
  return Array.from({ length: endpoints }, (_, at) => make(seed + at))
}

/** Mutants of as many files as there are faults: an endpoint of which one part is wrong says little of the others. */
function ofMutants(seed: number, { places, cases, program, faults }: Material): Endpoint {
  const files = new Set<string>()
  const chosen = apart(
    seeded(places, seed).filter(({ file }) => {
      const isNew = !files.has(file.file)
      files.add(file.file)
      return isNew
    }),
  ).slice(0, faults)
  return {
    kind: 'mutants',
    name: `mutants ${seed}`,
    faults: chosen.map(placeText),
    cases,
    start: () => program.start(chosen),
  }
}

/** A mutant in a line. */
export function placeText({ file, mutant }: Place): string {
  return `${file.file}:${file.lineOf(mutant.start)} ${mutant.operator}: ${mutant.was}`
}

function ofFaults(seed: number, material: Material): Endpoint {
  const chosen: readonly Fault[] = seeded(FAULTS, seed).slice(0, material.faults)
  return {
    kind: 'hand-made',
    name: `hand-made ${seed}`,
    faults: chosen.map(one => `${one.id}: ${one.wrong}`),
    cases: material.cases,
    start: () =>
      behind(
        material,
        chosen.map(one => one.behaviour()),
      ),
  }
}
