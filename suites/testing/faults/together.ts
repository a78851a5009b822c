/** Several faults in one server. */
import type { Answered, Behaviour, Forward, Passing } from './fault.ts'

/** No answer came from a behaviour that stands behind another one. */
class Unanswered extends Error {
  constructor(readonly how: 'hang' | 'reset') {
    super(how)
  }
}

/** The first stands before the second, and so on; the last asks the true server. */
export function together(behaviours: readonly Behaviour[]): Behaviour {
  return async (request, forward) => {
    try {
      return await chained(behaviours, forward)(request)
    } catch (error) {
      if (error instanceof Unanswered) return error.how
      throw error
    }
  }
}

function chained(behaviours: readonly Behaviour[], forward: Forward): (request: Passing) => Promise<Answered> {
  const [first, ...rest] = behaviours
  if (first === undefined) return ({ method, target, body }) => forward({ method, target, body })
  const behind = chained(rest, forward)
  return async request => {
    const reply = await first(request, (change = {}) => behind({ ...request, ...change }))
    if (typeof reply === 'string') throw new Unanswered(reply)
    return reply
  }
}
