/** What a seeded fault is: one way in which a server is wrong, and the cases that must notice. */
import type { Family } from '../../case.ts'

/** A request on its way to the server that is to look faulty. */
export interface Passing {
  readonly method: string
  /** With query, as it came. */
  readonly target: string
  /** Lower-case names. */
  readonly headers: { readonly [name: string]: string }
  readonly body: Buffer
  /** Name of the action that the request is, by method and path; undefined when it is none. */
  readonly action: string | undefined
  /** Its members by name, as far as they can be read. */
  readonly params: { readonly [member: string]: unknown }
}

export interface Answered {
  readonly status: number
  /** Lower-case names. */
  readonly headers: { readonly [name: string]: string }
  readonly body: Buffer
}

/** `hang`: no answer at all; `reset`: the connection breaks. */
export type Reply = Answered | 'hang' | 'reset'

/** Asks the true server. A request may be changed before, and asked for more than once. */
export type Forward = (request?: Partial<Pick<Passing, 'method' | 'target' | 'body'>>) => Promise<Answered>

/** Made anew for each proxy: what it remembers is its own. */
export type Behaviour = (request: Passing, forward: Forward) => Promise<Reply>

export interface Fault {
  readonly id: string
  /** What such a server does, in one sentence. */
  readonly wrong: string
  /** Cases that pass on the true server and must fail on this one, by family. */
  readonly caught: { readonly [family in Family]?: readonly string[] }
  behaviour(): Behaviour
}

/** The answer as JSON; undefined when it is none. */
export function jsonOf(answer: Pick<Answered, 'body'>): { [member: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(answer.body.toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as { [member: string]: unknown })
      : undefined
  } catch {
    return undefined
  }
}

export function answer(status: number, value: unknown, headers: { readonly [name: string]: string } = {}): Answered {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify(value)),
  }
}

/** An error as the service writes it. */
export function refusal(status: number, name: string, message = 'no'): Answered {
  return answer(status, { Type: 'User', message }, { 'x-amzn-errortype': name })
}

export function withJson(given: Answered, change: (value: { [member: string]: unknown }) => unknown): Answered {
  const value = jsonOf(given)
  return value === undefined ? given : { ...given, body: Buffer.from(JSON.stringify(change(value))) }
}
