/**
 * The typed specification: what the compiler makes of the pages, and all that any other folder knows of them.
 * Plain JSON data: no functions, no classes, safe to serialise, to cache and to hand to a worker.
 */

/** Where a part of the specification stands. `file` is relative to the `spec/` folder, with forward slashes. */
export interface Source {
  readonly file: string
  /** 1-based. */
  readonly line: number
  /** 1-based. */
  readonly column: number
}

/** RFC 2119 strength of a clause. */
export type Level = 'must' | 'should' | 'may'

/**
 * Who says so. `guide`: the Developer Guide. `recorded`: the real service was seen doing it (beyond or against the
 * guide).
 * `model`: AWS's later published service model.
 */
export type Origin = 'guide' | 'recorded' | 'model'

/** A state of AWS's documentation, `YYYY-MM`; the guide this project starts from is `2021-11`. */
export type Edition = string

/** JSON plus the tagged values that `request` and `property` fences may hold (see `Tagged`). */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value } | Tagged

/**
 * A YAML tag of a fence, kept as data: `!member CreateFunction.MemorySize` is
 * `{$tag: 'member', value: 'CreateFunction.MemorySize'}`.
 * `$x.y` references stay strings that begin with `$`; `$$` at the start of a string stands for one literal `$`.
 */
export interface Tagged {
  readonly $tag: string
  readonly value: Value
  readonly source: Source
}

/** The type of a member: a plain one, a list, a map, or the type of a page. */
export type TypeRef =
  | { readonly kind: 'string' | 'integer' | 'long' | 'double' | 'boolean' | 'timestamp' | 'blob' | 'json' }
  | { readonly kind: 'list'; readonly of: TypeRef }
  | { readonly kind: 'map'; readonly key: TypeRef; readonly value: TypeRef }
  | { readonly kind: 'ref'; readonly type: string }

/** What a text must be beside its length and pattern. */
export type Format =
  | 'base64'
  | 'json'
  | 'iso8601'
  | 'epoch'
  | 'uuid'
  | 'arn'
  | 'sha256'
  | 'iam-policy'
  | 'iam-statement'

/**
 * Where an agreement holds: a member of the same structure, or of the request (`['request', 'Publish']`), has this
 * value, or has this part at all.
 */
export interface Condition {
  readonly of: readonly string[]
  readonly part?: string
  readonly value?: string
}

/** When an agreement or a default holds; always, if nothing is said. */
export interface Conditions {
  readonly when?: Condition
  readonly unless?: Condition
}

/**
 * What must agree in an answer: members with each other, or with the request. Paths begin in the same structure, or
 * with `request`.
 */
export type Agreement =
  /** Belongs to the same account and Region as everything else of the answer that is the caller's own. */
  | { readonly kind: 'own' }
  /**
   * Equal to another member. `part`: of both, where they have it: `name`, `qualifier`, `version`, `function`, or a
   * member of the JSON that the text is.
   */
  | ({ readonly kind: 'same'; readonly part?: string; readonly as: readonly string[] } & Conditions)
  | ({ readonly kind: 'equals'; readonly value: string } & Conditions)
  /** Ends with a text in which `{Member}` stands for a member of the same structure. */
  | { readonly kind: 'ends'; readonly with: string }
  /** Another member is this one, a colon, and more. */
  | { readonly kind: 'prefix'; readonly of: readonly string[] }
  /** No two elements of the list have the same value of this member. */
  | { readonly kind: 'unique'; readonly by: string }
  | ({ readonly kind: 'most'; readonly of: readonly string[] } & Conditions)
  | { readonly kind: 'absent'; readonly when: Condition }

/** What a constraint demands, without where it comes from. */
export type ConstraintBody =
  | Agreement
  /** An ARN of one of these kinds, `lambda:function`; of any kind when there are none. */
  | { readonly kind: 'arn'; readonly of: readonly string[] }
  /**
   * Request only: legal values may be refused all the same, for this reason; the member keeps the value of the page's
   * example.
   */
  | { readonly kind: 'coupled'; readonly reason: string }
  /** Request only: values for generators, so that they are accepted as well as legal. It allows and forbids nothing. */
  | { readonly kind: 'free'; readonly bound: Bound }
  | Bound

/** A constraint on a single value that a generator can satisfy and break. */
export type Bound =
  /** Length of a string in characters, of a blob in bytes before base64. */
  | { readonly kind: 'length'; readonly min?: number; readonly max?: number }
  | { readonly kind: 'range'; readonly min?: number; readonly max?: number }
  /** Number of elements of a list. */
  | { readonly kind: 'items'; readonly min?: number; readonly max?: number }
  /** Number of entries of a map. */
  | { readonly kind: 'entries'; readonly min?: number; readonly max?: number }
  /** A regular expression that the whole value must match, as AWS prints it (compile with `^(?:…)$`). */
  | { readonly kind: 'pattern'; readonly pattern: string }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'format'; readonly format: Format }
  /** Response only: equals the member of the same name in the request, when the request gave it. */
  | { readonly kind: 'echo' }
  /** Response only: the value when the request did not give it. */
  | ({ readonly kind: 'default'; readonly value: Value } & Conditions)
  /** Response only: the list of values is open, AWS adds to it; what is printed is for people and for generators. */
  | { readonly kind: 'open' }

/**
 * One constraint of one member. Constraints of the same `kind` and `on` but different `origin` are alternatives:
 * a value is surely legal when all of them hold, surely illegal when none holds, and in between nothing may be claimed.
 * A constraint that only `recorded` or `model` knows bounds what we send as valid, and never makes a refusal mandatory.
 */
export type Constraint = ConstraintBody & {
  /** `each`: elements of a list or values of a map; `key`: keys of a map. */
  readonly on: 'self' | 'each' | 'key'
  readonly origin: Origin
  readonly since?: Edition
  /**
   * Ids of ledger entries that the clause of this constraint covers; of an answer's member, the `answer` of the action.
   */
  readonly covers?: readonly string[]
  readonly source: Source
}

/** Where a member travels; `payload` is the whole body. */
export type MemberLocation = 'uri' | 'query' | 'header' | 'body' | 'payload' | 'status'

/** A member of a request, an answer or a type. */
export interface Member {
  readonly name: string
  /** Name on the wire: the header or query key; equal to `name` elsewhere. */
  readonly wireName: string
  readonly in: MemberLocation
  readonly type: TypeRef
  /** In a request: must be sent. In a response: always comes. */
  readonly required: boolean
  readonly constraints: readonly Constraint[]
  readonly origin: Origin
  readonly since?: Edition
  readonly until?: Edition
  /** The same of all clauses of the member. */
  readonly covers?: readonly string[]
  readonly source: Source
}

/** A documented error of an action. */
export interface ErrorRow {
  readonly name: string
  readonly status: number
  /** Why, in our words. */
  readonly when: string
  readonly origin: Origin
  readonly since?: Edition
  readonly source: Source
}

/** What is known of an error by its name alone. */
export interface ErrorName {
  readonly name: string
  /** The member of the body that holds its text. */
  readonly text?: 'message' | 'Message'
  /** A request of a wrong form may be refused with it. */
  readonly form: boolean
  readonly source: Source
}

/** What a condition says of what it looks at; without one it is to be there. A pattern is looked for anywhere. */
export type RequestTest =
  | { readonly kind: 'equals'; readonly value: string }
  | { readonly kind: 'matches'; readonly pattern: string }
  /** A number, or the name of a group of the text's pattern. */
  | { readonly kind: 'over' | 'most'; readonly bound: number | string }
  | { readonly kind: 'json' }
  /** Both are there, and differ. */
  | { readonly kind: 'other'; readonly than: RequestTerm }
  /** Two elements of a list agree in what the pattern finds. */
  | { readonly kind: 'repeats'; readonly pattern: string }

/** A member of a request, or a part of one. */
export interface RequestTerm {
  /** `bytes` and `count` (of elements or entries) are numbers. */
  readonly part?: 'name' | 'qualifier' | 'service' | 'bytes' | 'count'
  /** The path of a member, or `qualifier`, `request` or `text`. */
  readonly of: readonly string[]
}

/** A condition on a request. `only`: it has no other members. */
export type RequestCondition =
  | ({ readonly not: boolean; readonly test?: RequestTest } & RequestTerm)
  | { readonly only: readonly string[] }

/** A row about refusals, as far as all tables are alike. */
interface RefusalRow {
  /** Names of errors. */
  readonly errors: readonly string[]
  /** Names of actions; null for all. */
  readonly actions: readonly string[] | null
  readonly source: Source
}

/** What AWS was seen refusing, and in which words: what recorded refusals are held against. */
export interface Refusals {
  /** What a text says: the errors that say it (none: any), the actions that do, and what is asked then. */
  readonly texts: readonly (RefusalRow & {
    readonly pattern: string
    readonly request: readonly RequestCondition[]
  })[]
  /** What the text of an error is about. */
  readonly about: readonly (RefusalRow & { readonly pattern: string; readonly why: string })[]
  /** Requests that are not answered with these errors. */
  readonly notDue: readonly (RefusalRow & { readonly request: readonly RequestCondition[]; readonly why: string })[]
  /** The errors that tell a constraint of these kinds (none: any) to be broken, below other members than these. */
  readonly constraints: readonly (Omit<RefusalRow, 'actions'> & {
    readonly kinds: readonly string[]
    readonly except: readonly string[]
  })[]
  /** Requests that no service fulfils, though each member keeps its constraints. */
  readonly requests: readonly (RefusalRow & { readonly request: readonly RequestCondition[]; readonly why: string })[]
}

/** What a value of an answer is: `since` is a day before which no time lies, `open` means that no list is complete. */
export type AnswerForm =
  | { readonly kind: 'pattern'; readonly pattern: string }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'since'; readonly day: string }
  | { readonly kind: 'open' }

/** A row about answers, as far as all tables are alike. */
interface AnswerRow {
  /** What must hold, or why. */
  readonly why: string
  readonly source: Source
}

/** What AWS was seen answering, beyond what members allow: what recorded answers are held against. */
export interface Answers {
  /** Members whose value is the user's own. */
  readonly chosen: readonly string[]
  /** `beside`: a member of the structures that the row is about. */
  readonly forms: readonly (AnswerRow & {
    readonly members: readonly string[]
    readonly beside?: string
    readonly form: AnswerForm
  })[]
  /** Where members of a request come back (null: nowhere), and which actions always show them. */
  readonly returned: readonly (AnswerRow & {
    readonly members: readonly string[]
    readonly as: readonly string[] | null
    readonly always: readonly string[]
  })[]
  /** Actions whose answer has an ARN that ends with the qualifier of the request. */
  readonly qualified: readonly (AnswerRow & { readonly actions: readonly string[]; readonly otherwise?: string })[]
  /** What tells an account or a Region, by groups of the pattern; what is of one owner agrees. */
  readonly places: readonly (AnswerRow & {
    readonly members: readonly string[]
    readonly pattern: string
    readonly whose: string
  })[]
}

/** A request that provokes one error: laid over the action's smallest valid request (`!absent` takes a member out). */
export interface Provocation {
  readonly error: string
  /**
   * Stable within the action; part of the clause id. An error with more than one provocation has at most one without.
   */
  readonly id?: string
  readonly level: Level
  readonly origin: Origin
  /** Extra resources that must exist, beside the action's own. */
  readonly needs: readonly string[]
  readonly capabilities: readonly string[]
  readonly covers: readonly string[]
  readonly request: { readonly [member: string]: Value }
  readonly source: Source
}

/** What a request about one member must say beside it: laid over the smallest valid request. */
export interface Setting {
  /** The member, with dots; what is in it belongs to it. */
  readonly member: string
  /** Extra resources that must exist, beside the action's own. */
  readonly needs: readonly string[]
  readonly request: { readonly [member: string]: Value }
  readonly source: Source
}

/** A documented answer to a legal request. */
export interface ResponseDef {
  readonly status: number
  /**
   * Request members that select this answer, such as `{InvocationType: 'Event'}`. Absent: the answer when no other is
   * selected.
   */
  readonly when?: { readonly [member: string]: string }
  readonly members: readonly Member[]
  readonly source: Source
}

/** Which members a list pages by. */
export interface Pagination {
  /** Request members. */
  readonly marker: string
  readonly size?: string
  /** Response members. */
  readonly next: string
  readonly items: string
}

/** The page of an action, compiled. */
export interface Action {
  readonly name: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD' | 'PATCH'
  /** With `{Member}` labels, and fixed query pairs as printed (`?find=LayerVersion`). */
  readonly path: string
  readonly profile: string
  /** Page of the guide, such as `API_Invoke`; null for an action that came later. */
  readonly guide: string | null
  readonly edition: Edition
  readonly summary: string
  /** Resources that must exist before the smallest valid request can succeed; names of resource pages. */
  readonly needs: readonly string[]
  readonly capabilities: readonly string[]
  readonly covers: readonly string[]
  readonly request: readonly Member[]
  /** The smallest valid request. */
  readonly example: { readonly [member: string]: Value }
  readonly responses: readonly ResponseDef[]
  readonly errors: readonly ErrorRow[]
  readonly provocations: readonly Provocation[]
  readonly settings?: readonly Setting[]
  readonly pagination?: Pagination
  readonly source: Source
}

/** The page of a data type, compiled. */
export interface StructType {
  readonly name: string
  readonly guide: string | null
  readonly edition: Edition
  readonly summary: string
  readonly covers: readonly string[]
  readonly members: readonly Member[]
  /** A whole valid value, smallest form; generators fall back on members alone. */
  readonly example?: Value
  readonly source: Source
}

/** A row of a Lifecycle table: which actions make, show, change, remove and list a resource. */
export interface Lifecycle {
  readonly resource: string
  /**
   * Request members that name one resource, such as `['FunctionName', 'Name']`. `Qualifier=Version` says that the value
   * of the request member `Qualifier` stands in the create answer under the path `Version`.
   */
  readonly key: readonly string[]
  readonly create: string
  readonly read?: string
  readonly update?: string
  readonly delete?: string
  readonly list?: string
  /**
   * Members of what `list` shows, or of its request, that bear the name of the run that made the resource:
   * `FunctionArn`, `AllowedPublishers.SigningProfileVersionArns`. Absent: the resource goes with another.
   */
  readonly marks?: readonly string[]
  /** Resources whose end this one does not share, though its key names them. */
  readonly outlives?: readonly string[]
  readonly source: Source
}

/** Laws of a resource; their names are part of the grammar. */
export type LawName =
  | 'create twice'
  | 'read written'
  | 'read unknown'
  | 'update unknown'
  | 'delete unknown'
  | 'read deleted'
  | 'list items'
  | 'mutable'
  | 'revision'
  | 'guarded'
  | 'modified'
  | 'parallel'

/**
 * One row of a resource's `Laws` table: what the lifecycle leaves open. Names are fixed by the grammar:
 * `read written` (what was given comes back) succeeds; `create twice`, `read unknown`, `update unknown`,
 * `delete unknown`, `read deleted` answer with an error name, `succeeds` or `replaces`;
 * `list items` gives the path to the listed keys (`Aliases[].Name`); `mutable` the members that update may change;
 * `revision` the member that changes with every write and guards it; `guarded` the actions that accept it as a
 * condition; `modified` the path to the time of the last change in what is read; `parallel` the actions of which any two
 * at the same time end as if one had come after the other.
 */
export interface Law {
  readonly law: LawName
  readonly answers: readonly string[]
  readonly level: Level
  readonly origin: Origin
  readonly covers: readonly string[]
  readonly source: Source
}

/** The page of a resource, compiled. */
export interface Resource {
  readonly name: string
  readonly profile: string
  readonly guide: string | null
  readonly edition: Edition
  readonly needs: readonly string[]
  readonly capabilities: readonly string[]
  readonly covers: readonly string[]
  readonly lifecycle: Lifecycle
  readonly laws: readonly Law[]
  /** How a fixture is made: the request of `lifecycle.create`. `$resource.Member` then reads its request and answer. */
  readonly create: { readonly [member: string]: Value }
  /** Functions are started for it before anybody calls them. */
  readonly prepares?: 'environments'
  /** Polled after create until it matches, such as `{GetFunctionConfiguration: {…}, returns: {State: Active}}`. */
  readonly ready?: Step
  /**
   * Sent when creating answers with what there is already: it changes something, so that creating once more makes
   * another.
   */
  readonly another?: Step
  readonly source: Source
}

/**
 * One step of a property. Exactly one of `call`, `parallel`, `repeat`, `wait`, `http`, `journal` and `everyAnswer` is
 * there.
 */
export interface Step {
  readonly call?: { readonly action: string; readonly request: { readonly [member: string]: Value } }
  readonly parallel?: readonly Step[]
  readonly repeat?: { readonly times: number; readonly steps: readonly Step[] }
  /** Seconds. */
  readonly wait?: number
  /**
   * A raw request, for what no action can say (unknown path, wrong verb, no signature); or, with `service`, `action`
   * and `body`, a call of another service on the same endpoint.
   */
  readonly http?: { readonly [key: string]: Value }
  /** Reads what functions told the queue of this url that they were called with, all of it so far. */
  readonly journal?: Value
  /**
   * Of every answer to a call of this run, or to those with a body or those that refuse: `returns` holds for each.
   * Asked when all other cases have run.
   */
  readonly everyAnswer?: 'all' | 'bodies' | 'refusals'
  readonly as?: string
  /** Partial match of status, headers and members of the answer. `$status` and `$headers` match the wire. */
  readonly returns?: Value
  /** Error name, or `Name 409`, or a list of either; `message` patterns are `{error, message}`. */
  readonly fails?: Value
  /** Seconds to retry until `returns` or `fails` holds. */
  readonly eventually?: number
  /** What another answer than that of `returns` says of the property; absent: that it does not hold. */
  readonly otherwise?: 'inconclusive'
  /** In `parallel`: how many must end as `returns` says, the rest as `fails` says. */
  readonly exactly?: number
  readonly source: Source
}

/**
 * A statement of a behaviour page that can be executed: generators, steps before, steps, and what must then hold.
 */
export interface Property {
  readonly id: string
  readonly level: Level
  readonly profile: string
  /** The heading and the prose above the fence. */
  readonly title: string
  readonly statement: string
  readonly covers: readonly string[]
  readonly origin: Origin
  readonly since?: Edition
  readonly until?: Edition
  /** Capabilities. */
  readonly needs: readonly string[]
  readonly forAll: { readonly [variable: string]: Value }
  readonly given: { readonly [variable: string]: Value }
  readonly when: readonly Step[]
  readonly then: readonly Step[]
  /** How many generated examples at most; absent: the run's own. */
  readonly runs?: number
  /** Seconds that a case may take, where those of the run are fewer: what the service does takes its time. */
  readonly time?: number
  readonly source: Source
}

/** A row of the quotas: a figure, its unit, and what it bounds. */
export interface Quota {
  readonly id: string
  readonly profile: string
  readonly title: string
  readonly value: number
  readonly unit: string
  /** `Action.Member` paths, `env`, `package.zip`, `package.unzipped`, `function.layers` …: what the figure bounds. */
  readonly appliesTo: readonly string[]
  readonly adjustable: boolean
  readonly guide: string | null
  readonly covers: readonly string[]
  readonly origin: Origin
  readonly since?: Edition
  readonly until?: Edition
  readonly source: Source
}

/** A figure of a service beside Lambda, which the embedded endpoint keeps to. No clause is made of it. */
export interface Figure {
  /** What it is when nobody chooses. */
  readonly usual?: number
  /** What may be chosen: from one number to another, or one of these. */
  readonly min?: number
  readonly max?: number
  readonly values?: readonly number[]
  readonly unit: string
  readonly source: Source
}

/** Figures by service (`sqs`) and by name (`DelaySeconds`). */
export interface Figures {
  readonly [service: string]: { readonly [figure: string]: Figure }
}

/** A file of an example on the page of a rule. */
export interface RuleExample {
  /** Examples of several files share a case. */
  readonly case: string
  readonly verdict: 'bad' | 'good'
  readonly language: string
  readonly file: string
  readonly body: string
  /** Attributes of the info string besides case and file: `finds=2`, `at=3:5`. */
  readonly attributes: { readonly [name: string]: string }
  readonly source: Source
}

/** The page of a rule, compiled. */
export interface RulePage {
  readonly id: string
  /** Ids that the rule bore before, oldest first: they go on working wherever a user names a rule. */
  readonly aliases: readonly string[]
  readonly title: string
  readonly category: string
  readonly severity: 'error' | 'warning' | 'info'
  /**
   * `certain`: what it says follows from what is written. `likely`: it rests on what such code mostly means, and is
   * never an error.
   */
  readonly confidence: 'certain' | 'likely'
  /**
   * How it was proved, the strongest first; empty where the page does not say. `recorded`: AWS was seen answering so.
   * `schema`: a published schema or model, or AWS's own published code. `language`: it follows from the language in
   * which it is written: JavaScript, Python, policies, references of a template. `documentation`: AWS writes it.
   * `policy`: AWS takes it, and it is for people to decide. Nothing that rests on the last two alone is an error.
   */
  readonly proof: readonly ('recorded' | 'reported' | 'schema' | 'language' | 'documentation' | 'policy')[]
  /** Its severity in a preset where it is another. */
  readonly severities: { readonly [preset: string]: 'error' | 'warning' | 'info' }
  readonly presets: readonly string[]
  readonly guide: readonly string[]
  readonly fixable: 'fix' | 'suggestion' | 'no'
  readonly covers: readonly string[]
  readonly summary: string
  readonly examples: readonly RuleExample[]
  /** The page's Markdown without front matter, for `explain`. */
  readonly markdown: string
  readonly source: Source
}

/** A framework of controls, `spec/controls/*.yaml` or a user's own file. */
export interface Framework {
  /** The name by which it is asked for. */
  readonly id: string
  readonly title: string
  readonly version: string
  readonly origin: string
  readonly licence: string
  readonly controls: readonly Control[]
  readonly source: Source
}

/** How a control is looked at: in sources, on an endpoint, or by a person. */
export type ControlMethod = 'static' | 'dynamic' | 'manual'

/** One demand of a framework of controls. */
export interface Control {
  readonly id: string
  /** In our own words. */
  readonly title: string
  readonly severity?: 'critical' | 'high' | 'medium' | 'low'
  /** How it is looked at: by lint, by certify, by both, or by a person. */
  readonly methods: readonly ControlMethod[]
  /** Rules of the linter. */
  readonly rules: readonly string[]
  /** Ids of clauses; `*` stands for anything. */
  readonly clauses: readonly string[]
  /** Those of the rules that ask for more than the control does: what fails there leaves it open. */
  readonly stricter?: readonly string[]
  /** What of it is not looked at. */
  readonly limits?: string
  readonly source: Source
}

/** A testable statement of the guide. */
export interface LedgerEntry {
  readonly id: string
  /** Page of the guide. */
  readonly page: string
  /**
   * What a test of it takes: plain calls, a function that runs, a queue …; absent where a clause was there from the
   * first.
   */
  readonly class?: string
  readonly statement: string
  readonly level: Level
  readonly kind: string
  /** How it can be tested: against a running endpoint, by reading code and templates, or not from outside. */
  readonly how: 'dynamic' | 'static' | 'not-testable'
  /** Why it cannot be tested from outside; of what can, why nothing tests it yet. */
  readonly why?: string
  /** What of a covered statement no clause tests. Without it the statement is covered whole. */
  readonly part?: string
  readonly sameAs?: string
  /** What has changed at AWS since the edition of the guide. */
  readonly since?: string
  readonly source: Source
}

/** What a clause is about. */
export type ClauseKind =
  | 'answer' // a valid request is answered with the documented status and shape
  | 'required'
  | 'type'
  | 'length'
  | 'range'
  | 'pattern'
  | 'enum'
  | 'items'
  | 'entries'
  | 'format'
  | 'syntax' // malformed JSON
  | 'faults' // more than one at a time
  | 'error' // a documented error, provoked
  | 'law' // of a lifecycle
  | 'model' // random command sequences agree with a model
  | 'property'
  | 'quota'
  | 'rule'

/**
 * The smallest testable statement. Ids are stable for ever:
 * `Action.answer`, `Action.request.Path.To.Member.<kind>` (list elements are a step `[]` of the path, map keys `{key}`,
 * map values `{}`), `Action.request.syntax`, `Action.request.faults`, `Action.error.<Name>[.<provocation id>]`,
 * `<resource>.law.<law-with-dashes>`, `<resource>.model`, `quota.<id>`, `rule.<id>`, and for properties the id that
 * their fence gives.
 */
export interface Clause {
  readonly id: string
  readonly level: Level
  readonly kind: ClauseKind
  /** File under `spec/`. */
  readonly page: string
  readonly line: number
  /** One sentence that says what must hold. */
  readonly text: string
  readonly profile: string
  readonly origin: Origin
  readonly covers: readonly string[]
  readonly since?: Edition
  readonly until?: Edition
  readonly action?: string
  readonly resource?: string
  /**
   * Members from the request down to the constrained one; `[]` for list elements, `{}` map values, `{key}` map keys.
   */
  readonly path?: readonly string[]
  /** Capabilities without which the case is skipped. */
  readonly needs: readonly string[]
}

/**
 * All pages, compiled. What `lambdacheck spec --json` prints.
 *
 * @since 0.1.0
 */
export interface Spec {
  readonly schemaVersion: 1
  /** The latest edition that any page describes. */
  readonly edition: Edition
  /** SHA-256 over the pages, hex: two runs are comparable when it is equal. */
  readonly digest: string
  readonly actions: { readonly [name: string]: Action }
  readonly types: { readonly [name: string]: StructType }
  readonly resources: { readonly [name: string]: Resource }
  /** Errors that any action may give (authentication, syntax, validation …), from `behaviour/errors.md`. */
  readonly commonErrors: readonly ErrorRow[]
  /** By name. An error that is not here says nothing about its spelling, and may be about the form of a request. */
  readonly errorNames: { readonly [name: string]: ErrorName }
  readonly refusals: Refusals
  readonly answers: Answers
  readonly properties: readonly Property[]
  readonly quotas: readonly Quota[]
  readonly figures: Figures
  readonly rules: { readonly [id: string]: RulePage }
  readonly ledger: readonly LedgerEntry[]
  readonly clauses: readonly Clause[]
}
