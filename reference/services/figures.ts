import type { Figure, Figures } from '../../spec/model.ts'
import { numberOf, type Members } from './input.ts'

/** The figures that a service keeps to, as its page states them. */
export interface ServiceFigures {
  /** What holds when nobody chooses. */
  usual(figure: string): number
  most(figure: string): number
  least(figure: string): number
  /** The values that may be chosen, where they are told one by one. */
  values(figure: string): readonly number[]
  allows(figure: string, value: number): boolean
  /**
   * What a request chooses, or nothing; refuses what is not allowed. Members of other names than the figure's say so.
   */
  chosen(input: Members, figure: string, member?: string): number | undefined
  /** What a request chooses, or what is usual. */
  wanted(input: Members, figure: string): number
}

/** All services that there are beside Lambda. */
export interface FiguresOfServices {
  readonly sqs: ServiceFigures
  readonly kinesis: ServiceFigures
  readonly dynamodb: ServiceFigures
  readonly logs: ServiceFigures
}

/** Reads the pages of figures. What a page does not state is missed when it is asked for. */
export function readFiguresOfServices(figures: Figures): FiguresOfServices {
  return {
    sqs: figuresOf(figures, 'sqs'),
    kinesis: figuresOf(figures, 'kinesis'),
    dynamodb: figuresOf(figures, 'dynamodb'),
    logs: figuresOf(figures, 'logs'),
  }
}

function figuresOf(figures: Figures, service: string): ServiceFigures {
  const part = <Key extends 'usual' | 'min' | 'max' | 'values'>(name: string, key: Key): NonNullable<Figure[Key]> => {
    const value = figures[service]?.[name]?.[key]
    if (value === undefined) throw new Error(`spec/services.md states no ${key} of ${service} ${name}`)
    return value
  }
  const chosen: ServiceFigures['chosen'] = (input, name, member = memberOf(name)) =>
    numberOf(input, member, part(name, 'min'), part(name, 'max'))
  return {
    usual: name => part(name, 'usual'),
    most: name => part(name, 'max'),
    least: name => part(name, 'min'),
    values: name => part(name, 'values'),
    allows: (name, value) => value >= part(name, 'min') && value <= part(name, 'max'),
    chosen,
    wanted: (input, name) => chosen(input, name) ?? part(name, 'usual'),
  }
}

/** The last part of `ListQueues.MaxResults`. */
const memberOf = (figure: string): string => figure.slice(figure.lastIndexOf('.') + 1)
