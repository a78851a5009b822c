/**
 * What an endpoint has answered in a run, one answer of each face: what every answer has to have is asked of all of
 * them in the end.
 */
import type { Action } from '../../spec/model.ts'
import type { Answer, AnswerSeen } from '../case.ts'

/** Notes what the endpoint answers to all cases together, for what can only be said at the end. */
export interface AnswersSeen {
  observe(action: Action, answer: Answer | null): void
  list(): readonly AnswerSeen[]
}

/** Of a body nobody looks at more. */
const KEPT_BYTES = 2000
/**
 * Requests bring names of their own, and so do errors: a server that answers each with a face of its own fills no
 * memory.
 */
const MOST = 2000

/**
 * A server error, a request turned away for its number, and a path under which nothing lives are no answers of the
 * action; what breaks there is said by the case that met it.
 */
export function createAnswersSeen(): AnswersSeen {
  const faces = new Map<string, AnswerSeen>()
  return {
    observe(action, answer) {
      if (answer?.status === undefined || answer.status >= 500 || answer.status === 429) return
      if (answer.noRoute === true || answer.error?.name === 'UnknownOperationException') return
      const face = faceOf(action, answer)
      if (faces.has(face) || faces.size >= MOST) return
      faces.set(face, { action: action.name, answer: { ...answer, body: answer.body.slice(0, KEPT_BYTES) } })
    },
    list: () => [...faces.values()],
  }
}

/** The names and forms of its headers, and whether there is a body: values are as they may be. */
function faceOf(action: Action, { status, headers, error, body }: Answer): string {
  const formOf = (value: string): string => value.replace(/[0-9a-f]/gi, '0').slice(0, 80)
  const shown = ['content-type', 'x-amzn-requestid', 'x-amzn-errortype'].map(name => formOf(headers[name] ?? ''))
  return JSON.stringify([action.name, status, ...shown, error?.name === undefined, body.length === 0])
}
