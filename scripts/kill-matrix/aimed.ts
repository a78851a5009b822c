/** For cases that failed nowhere yet: endpoints with faults where just these cases come by. */
import type { Case } from '../../suites/case.ts'
import type { Covering } from '../mutation/coverage.ts'
import { apart } from '../mutation/combined.ts'
import type { Place, Program } from '../mutation/program.ts'
import { seeded } from '../mutation/sample.ts'
import { placeText, type Endpoint } from './endpoints.ts'

/** What is aimed with. */
export interface Aim {
  readonly cases: readonly Case[]
  /** Whether a case has not failed meanwhile. */
  readonly isLeft: (one: Case) => boolean
  readonly places: readonly Place[]
  /** Of these cases. */
  readonly covering: Covering
  readonly program: Program
  readonly seed: number
  /** Endpoints for each case, and faults of each. */
  readonly rounds: number
  readonly faults: number
}

/**
 * For each case in turn endpoints with a few mutants of places that it executes, first of those that few others do. All
 * other cases that come by are asked as well.
 */
export function* aimedEndpoints({
  cases,
  isLeft,
  places,
  covering,
  program,
  seed,
  rounds,
  faults,
}: Aim): Generator<Endpoint> {
  const visitors = new Map(places.map(place => [place, visitorsOf(covering, place)]))
  for (let round = 0; round < rounds; round++)
    for (const one of cases) {
      if (!isLeft(one)) continue
      const own = places.filter(place => visitors.get(place)?.includes(one))
      const rarest = seeded(own, seed + round)
        .map(place => ({ place, others: visitors.get(place)?.length ?? 0 }))
        .toSorted((a, b) => a.others - b.others)
        .map(({ place }) => place)
      // Half of them are rare, and half from anywhere: what is rare may be a detail of an answer.
      const half = Math.ceil(faults / 2)
      const from = (round * half) % Math.max(1, rarest.length)
      const chosen = apart([...rarest.slice(from, from + half), ...seeded(own, seed + 100 + round)]).slice(0, faults)
      if (chosen.length === 0) continue
      const others = chosen.flatMap(place => visitors.get(place) ?? [])
      yield {
        kind: 'aimed',
        name: `aimed at ${one.id} ${round}`,
        faults: chosen.map(placeText),
        cases: [...new Set([one, ...others.filter(isLeft)])].slice(0, MOST_ASKED),
        start: () => program.start(chosen),
      }
    }
}

/** Of those that come by the rarest places first. */
const MOST_ASKED = 12

function visitorsOf(covering: Covering, { file, mutant }: Place): readonly Case[] {
  return [...covering.of(file, mutant.reached, 'must'), ...covering.of(file, mutant.reached, 'weaker')]
}
