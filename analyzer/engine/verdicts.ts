/**
 * The books of a run: how each rule stood with each thing that it looked at. A rule says only what is wrong; that it
 * held is concluded here, and only where it asked for something and everything that it asked for could be known.
 */
import { watchLooks, type LookListener } from '../application/looks.ts'
import type { Application, LambdaFunction, Policy, Resource, Template } from '../application/model.ts'
import type { Handler } from '../application/code.ts'
import { positionAt, type Loc } from '../application/source.ts'
import type { Value } from '../application/value.ts'
import type { LintedResource, RuleVerdicts } from '../../reports/evidence.ts'
import type { PythonHandler } from '../application/python.ts'
import type { Rule } from './rule.ts'

/** What a rule can stand well or ill with. */
export interface Subject {
  readonly id: string
  readonly type: string
  readonly loc: Loc
}

/** There is one for each rule and resource, and nearly all of them hold nothing. */
interface Standing {
  present: boolean
  why: string | undefined
  /** Keys of the reports. */
  faults: Set<string> | undefined
}

/** What became of a report: the finding that it is part of, and the reason for which somebody lives with it. */
export interface Outcome {
  readonly fingerprint: string
  readonly accepted: Omit<RuleVerdicts['accepted'][number], 'resource' | 'findings'> | undefined
}

/** Keeps what each rule looked at and found, so that there is a verdict for each subject. */
export interface Books {
  /** Runs a hook of a rule on one thing, or on everything: then it turns to one thing after the other. */
  during(rule: string, subject: Subject | undefined, run: () => void): void
  /** What the rule reports from now on is about these, and what it asks for is not watched. */
  about(subjects: readonly Subject[]): void
  /** A rule that looks at everything at once turns to one thing. */
  turn(rule: string, subject: Subject): void
  /** Nothing is known of what the rule was turned to. */
  fail(rule: string, why: string): void
  /** A report, under the key by which its outcome is asked for; `loc` tells what it is about when nothing else does. */
  report(rule: string, key: string, loc: Loc): void
  /** The rule held there as far as it reported nothing, or it cannot be told why not. */
  settle(rule: string, subject: Subject, why?: string): void
  close(rules: readonly string[], outcome: (key: string) => Outcome | undefined): Closed
}

interface Closed {
  readonly resources: readonly LintedResource[]
  readonly rules: readonly Omit<RuleVerdicts, 'title' | 'severity' | 'category' | 'page'>[]
}

/** Opens the books of a run. `off` says that a rule is silent in a file: it is then said of nothing in it. */
export function openBooks(app: Application, off: (rule: string, file: string) => boolean): Books {
  const subjects: Subject[] = []
  const byKey = new Map<string, number>()
  const bySubject = new WeakMap<Subject, number>()
  const standings = new Map<string, Map<number, Standing>>()
  let current: readonly Subject[] = []
  const indexOf = (subject: Subject): number => {
    const known = bySubject.get(subject)
    if (known !== undefined) return known
    const key = `${subject.loc.source.path}\n${subject.id}\n${subject.type}`
    const index = byKey.get(key) ?? subjects.push(subject) - 1
    byKey.set(key, index)
    bySubject.set(subject, index)
    return index
  }
  const standingOf = (rule: string, subject: Subject): Standing => {
    const index = indexOf(subject)
    const ofRule = standings.get(rule) ?? new Map<number, Standing>()
    standings.set(rule, ofRule)
    const known = ofRule.get(index)
    if (known) return known
    const made: Standing = { present: false, why: undefined, faults: undefined }
    ofRule.set(index, made)
    return made
  }
  const silent = (rule: string, { loc }: Subject): boolean => off(rule, loc.source.path)

  return {
    during(rule, subject, run) {
      // It runs all the same: what it finds may lie in a file in which it is not silent.
      current = subject && !silent(rule, subject) ? [subject] : []
      if (current[0]) standingOf(rule, current[0])
      let turned: Subject | undefined
      let standing: Standing | undefined
      // Asked for with every value: it changes only when the rule turns to another thing.
      const now = (): Standing | undefined => {
        const [subject] = current
        if (subject !== turned) standing = subject && standingOf(rule, subject)
        turned = subject
        return standing
      }
      watchLooks(listenerFor(now), run)
      current = []
    },
    about(those) {
      current = those
    },
    turn(rule, subject) {
      current = silent(rule, subject) ? [] : [subject]
      if (current.length) standingOf(rule, subject)
    },
    fail(rule, why) {
      for (const subject of current) standingOf(rule, subject).why ??= why
    },
    report(rule, key, loc) {
      const about = current.length ? current : [resourceAt(app, loc) ?? fileAt(loc)]
      for (const subject of about) (standingOf(rule, subject).faults ??= new Set()).add(key)
    },
    settle(rule, subject, why) {
      if (silent(rule, subject)) return
      const standing = standingOf(rule, subject)
      standing.present = true
      standing.why ??= why
    },
    close(rules, outcome) {
      return {
        resources: subjects.map(({ id, type, loc }) => ({
          id,
          type,
          file: loc.source.path,
          line: positionAt(loc.source, loc.start).line,
        })),
        rules: rules.map(rule => verdictsOf(rule, standings.get(rule) ?? new Map(), outcome)),
      }
    },
  }
}

/** Keeps what a rule asks for. What is only partly known counts as unknown unless it was asked for its parts too. */
function listenerFor(standing: () => Standing | undefined): LookListener {
  const inParts = new WeakSet<Value>()
  return {
    value(value, as) {
      const book = standing()
      if (!book || value.kind === 'absent') return
      if (value.kind === 'unknown') {
        // That something is written is known, whatever it is.
        if (as === 'presence' && value.key !== undefined) book.present = true
        else if (!value.possible().some(one => one !== value)) book.why ??= value.why ?? 'a value is not known'
      } else if (value.kind === 'joined') {
        if (as === 'parts') inParts.add(value)
        else if (as === 'whole' && !inParts.has(value) && holdsUnknown(value))
          book.why ??= value.why ?? 'a part of a text is not known'
        book.present = true
      } else book.present = true
    },
    other(why) {
      const book = standing()
      if (!book) return
      book.present = true
      if (why !== undefined) book.why ??= why
    },
  }
}

/** Whether it hangs on more than names that a deployment gives to what is known. */
const holdsUnknown = (value: Value): boolean =>
  value.kind === 'unknown' || (value.kind === 'joined' && value.parts().some(holdsUnknown))

function verdictsOf(
  rule: string,
  standings: ReadonlyMap<number, Standing>,
  outcome: (key: string) => Outcome | undefined,
): Closed['rules'][number] {
  const pass: number[] = []
  const fail: RuleVerdicts['fail'][number][] = []
  const unknown: RuleVerdicts['unknown'][number][] = []
  const notApplicable: number[] = []
  const accepted: RuleVerdicts['accepted'][number][] = []
  for (const [resource, standing] of standings) {
    const outcomes = [...(standing.faults ?? [])].flatMap(fault => outcome(fault) ?? [])
    const open = outcomes.filter(one => !one.accepted)
    const [first] = outcomes
    if (open.length) fail.push({ resource, findings: unique(open.map(one => one.fingerprint)) })
    else if (first?.accepted)
      accepted.push({ resource, findings: unique(outcomes.map(one => one.fingerprint)), ...first.accepted })
    else if (standing.why !== undefined) unknown.push({ resource, why: standing.why })
    else if (standing.present) pass.push(resource)
    else notApplicable.push(resource)
  }
  return { rule, pass, fail, unknown, notApplicable, accepted }
}

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)]

const made = new WeakMap<Resource, Subject>()

/** The same for the same resource, so that it is known again at once. */
export function subjectOfResource(resource: Resource): Subject {
  const known = made.get(resource)
  if (known) return known
  const { id, type, loc } = resource
  const subject = { id, type, loc }
  made.set(resource, subject)
  return subject
}

/** The resource that declares it; what a function inherits is its own. */
export const subjectOfFunction = (fn: LambdaFunction): Subject => subjectOfResource(fn.resource)
/** The template as a whole, at its first character. */
export const subjectOfTemplate = ({ source }: Template): Subject => fileAt({ source, start: 0, end: 0 })
/** The resource that declares the policy; where none does, the place of the policy itself. */
export const subjectOfPolicy = (policy: Policy): Subject =>
  policy.resource ? subjectOfResource(policy.resource) : fileAt(policy.loc)

/** The functions that a handler is of; itself where no template names it. */
export const subjectsOfHandler = (handler: Handler | PythonHandler): readonly Subject[] =>
  handler.functions.length ? handler.functions.map(subjectOfFunction) : [handlerAlone(handler)]

const handlerAlone = (handler: Handler | PythonHandler): Subject => {
  const [file] = handler.files
  const source = 'exportName' in handler ? handler.file.source : file?.source
  const name = 'exportName' in handler ? handler.exportName : 'handler'
  return {
    id: `${source?.path ?? ''}#${name}`,
    type: 'handler',
    loc: { source: source ?? { path: '', absolute: '', text: '' }, start: 0, end: 0 },
  }
}

const fileAt = ({ source }: Loc): Subject => ({
  id: source.path,
  type: 'file',
  loc: { source, start: 0, end: 0 },
})

function resourceAt(app: Application, loc: Loc): Subject | undefined {
  const found = app.resources.find(
    one => one.loc.source === loc.source && one.loc.start <= loc.start && loc.start < one.value.loc.end,
  )
  return found && subjectOfResource(found)
}

/** Rules that look at code, and what of each function's code they cannot see. */
export function settleCode(app: Application, rules: readonly Rule[], books: Books): void {
  const typed = rules.filter(rule => rule.handler || rule.file || rule.visit)
  const python = new Set(rules.filter(rule => rule.python))
  const both = [...new Set([...typed, ...python])]
  for (const fn of app.functions) {
    const subject = subjectOfFunction(fn)
    const { lookup } = fn
    for (const rule of both) {
      if (lookup.found) {
        if (!typed.includes(rule)) continue
        const bundle = lookup.handler.files.every(file => file.generated)
        books.settle(rule.id, subject, bundle ? 'its code is a bundle, which is not read' : undefined)
      } else if (lookup.python)
        books.settle(rule.id, subject, python.has(rule) ? undefined : 'the rule does not read Python')
      else books.settle(rule.id, subject, lookup.why)
    }
  }
  for (const handler of app.handlers)
    if (!handler.functions.length) {
      const subject = handlerAlone(handler)
      for (const rule of typed) books.settle(rule.id, subject)
    }
  for (const handler of app.python.handlers())
    if (!handler.functions.length) for (const rule of python) books.settle(rule.id, handlerAlone(handler))
}
