import { noteLook } from './looks.ts'
import type { Loc } from './source.ts'
import type { Resource } from './model.ts'

/**
 * - `string`, `number`, `boolean`, `null`, `list`, `map`: known.
 * - `reference`: another resource or a pseudo parameter (`AWS::Region`); which one is known, what it becomes is not.
 * - `joined`: a text of which some parts are known and others are references or unknown (`Fn::Sub`, `Fn::Join`).
 * - `unknown`: cannot be resolved before deployment; `why` says what stands in the way.
 * - `absent`: not written (or `AWS::NoValue`). This is knowledge: the default of AWS applies.
 */
export type ValueKind =
  | 'string'
  | 'number'
  | 'boolean'
  | 'null'
  | 'list'
  | 'map'
  | 'reference'
  | 'joined'
  | 'unknown'
  | 'absent'

/** How a value came to be what it is, when it is not simply what stands at `loc`. */
export interface Via {
  /**
   * `parameter`: default of a template parameter, which a deployment may override. `global`: `Globals` of SAM or
   * `provider` of serverless.yml. `default`: nobody wrote it, AWS (or the framework) takes it. `condition`: a branch
   * that was chosen by parameter defaults. `mapping`, `variable`: looked up.
   */
  readonly kind: 'parameter' | 'global' | 'default' | 'condition' | 'mapping' | 'variable'
  readonly name: string
  /** Where the thing behind it is written. */
  readonly loc?: Loc
}

/** A mention of another resource: `!Ref Queue` has attribute `Ref`, `!GetAtt Queue.Arn` has `Arn`. */
export interface Reference {
  /** Logical id, or the name of a pseudo parameter such as `AWS::Region`. */
  readonly id: string
  readonly attribute: string
  /** The resource, when it is in the same template. */
  readonly resource?: Resource | undefined
}

/** A key of a map, or an index of a list, with its value. */
export interface Entry {
  readonly key: string
  readonly keyLoc: Loc
  readonly value: Value
}

/** One child of a map or list, evaluated when somebody looks at it. */
export interface LazyEntry {
  readonly key: string
  readonly keyLoc: Loc
  readonly evaluate: () => Value
}

interface Content {
  readonly scalar?: string | number | boolean | null
  readonly entries?: readonly LazyEntry[]
  readonly parts?: readonly Value[]
  readonly reference?: Reference
  readonly why?: string
  readonly alternatives?: readonly Value[]
  /** The condition that chooses between two alternatives: the first where it holds. */
  readonly condition?: string
  readonly open?: boolean
  readonly translated?: boolean
  readonly document?: Value
  readonly file?: string
}

/** The longest text that is still read as a number. */
const MAX_DIGITS = 400
/**
 * CloudFormation takes no longer template; beyond it a text that is put together is not followed, nor one of more
 * parts.
 */
const MAX_JOINED = 2 ** 20
const MAX_PARTS = 10_000

const NOWHERE: Content = {}

/**
 * One value of a template or policy. Never null: what is not there is a value of kind `absent` whose `loc` is the place
 * where it is missing, so that `properties.at('Timeout')` can always be asked, and always be reported on.
 *
 * The typed accessors (`string()`, `number()`, `boolean()`) answer `undefined` unless the value is surely known. A rule
 * that returns on `undefined` is therefore silent about everything that cannot be resolved.
 */
export class Value {
  readonly kind: ValueKind
  /** What is written; for an absent value, what it is missing from. */
  readonly loc: Loc
  readonly via: readonly Via[]
  /** Key in the parent map, index in the parent list. */
  readonly key: string | undefined
  readonly keyLoc: Loc | undefined
  readonly parent: Value | undefined
  readonly #content: Content
  readonly #written: Value | undefined
  #entries: readonly Entry[] | undefined
  #index: Map<string, LazyEntry> | undefined
  readonly #children = new Map<string, Value>()

  constructor(
    kind: ValueKind,
    loc: Loc,
    content: Content = NOWHERE,
    via: readonly Via[] = [],
    place?: { key: string; keyLoc: Loc; parent: Value },
    written?: Value,
  ) {
    this.kind = kind
    this.loc = loc
    this.#content = content
    this.via = via
    this.key = place?.key
    this.keyLoc = place?.keyLoc
    this.parent = place?.parent
    this.#written = written
  }

  /** Surely known: a scalar, a list or a map. A list or map may still hold unknown things, see `open`. */
  get isKnown(): boolean {
    noteLook(this, 'whole')
    return !this.#unknown && this.kind !== 'absent'
  }

  /** `unknown`, `joined` or `reference`: there is a value, and it cannot be read before deployment. */
  get isUnknown(): boolean {
    noteLook(this, 'parts')
    return this.#unknown
  }

  get #unknown(): boolean {
    return this.kind === 'unknown' || this.kind === 'joined' || this.kind === 'reference'
  }

  get isAbsent(): boolean {
    noteLook(this, 'presence')
    return this.kind === 'absent'
  }

  /** Nobody wrote it: AWS's or the framework's default. `loc` is then the place where it could be written. */
  get isDefault(): boolean {
    return this.via.some(via => via.kind === 'default')
  }

  /** For an unknown value: what stands in the way, such as `parameter Stage has no default`. */
  get why(): string | undefined {
    return this.#content.why
  }

  /** A list or map that may hold more than what is seen (a transform, an include, an unknown spread). */
  get open(): boolean {
    return this.#content.open ?? false
  }

  /**
   * A map whose names are not those of the file: CloudFormation's, where the file is a serverless.yml or Terraform.
   * Nothing can be added to it.
   */
  get isTranslated(): boolean {
    return this.#content.translated ?? false
  }

  /**
   * The structure behind a text that was made of one, as `jsonencode({…})` of Terraform makes it: it has places, the
   * text has none.
   */
  get document(): Value | undefined {
    return this.#content.document
  }

  /** The file that a text is the whole of, as `file()` of Terraform reads it: its path from the root module. */
  get file(): string | undefined {
    return this.#content.file
  }

  /**
   * The value where it is written, among its neighbours: itself, unless it was merged or translated into another map.
   */
  get written(): Value {
    return this.#written ?? this
  }

  /** For `reference`: which resource or pseudo parameter. */
  get reference(): Reference | undefined {
    return this.#content.reference
  }

  /** The resource that a `reference` of kind `Ref` or `GetAtt` points to, when it is in the template. */
  get resource(): Resource | undefined {
    return this.#content.reference?.resource
  }

  /** The text, when it is known whole. Numbers and booleans answer their text too, as CloudFormation takes them. */
  string(): string | undefined {
    noteLook(this, 'whole')
    return this.#scalarText()
  }

  #scalarText(): string | undefined {
    if (this.kind === 'string' || this.kind === 'number' || this.kind === 'boolean') return String(this.#content.scalar)
    return undefined
  }

  /** The number, when it is known; also of a text that is a number (`"30"`), as CloudFormation takes it. */
  number(): number | undefined {
    noteLook(this, 'whole')
    const { scalar } = this.#content
    if (typeof scalar === 'number') return scalar
    if (this.kind !== 'string' || typeof scalar !== 'string') return undefined
    const text = scalar.trim()
    return text.length <= MAX_DIGITS && /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : undefined
  }

  /** The boolean, when it is known; also of the texts `true` and `false`. */
  boolean(): boolean | undefined {
    noteLook(this, 'whole')
    const { scalar } = this.#content
    if (typeof scalar === 'boolean') return scalar
    if (this.kind !== 'string' || typeof scalar !== 'string') return undefined
    const text = scalar.toLowerCase()
    // YAML 1.1, which the tools that deploy read, has more words for it.
    if (/^(true|yes|on)$/.test(text)) return true
    return /^(false|no|off)$/.test(text) ? false : undefined
  }

  /**
   * What stands at the path below this value, absent when it is not written, unknown when this value is unknown or
   * open.
   * Numbers are indices of lists. Never throws.
   */
  at(...path: readonly (string | number)[]): Value {
    let value: Value = this
    for (const step of path) value = value.#child(step)
    return value
  }

  #child(step: string | number): Value {
    if (this.#unknown) {
      const alternatives = this.#content.alternatives?.map(value => value.at(step))
      const [first] = alternatives ?? []
      if (first && alternatives?.every(value => value.isAbsent)) return first
      return unknownValue(this.loc, this.why ?? 'its parent is not known', {
        via: this.via,
        ...(alternatives ? { alternatives } : {}),
        ...(this.#content.condition === undefined ? {} : { condition: this.#content.condition }),
      })
    }
    if (this.kind !== 'map' && this.kind !== 'list') return absentValue(this.loc)
    const key = String(step)
    const known = this.#children.get(key)
    if (known) return known
    this.#index ??= new Map((this.#content.entries ?? []).map(entry => [entry.key, entry]))
    const entry = this.#index.get(key)
    const value = entry ? this.#adopt(entry) : this.#unwritten(key)
    this.#children.set(key, value)
    return value
  }

  #unwritten(key: string): Value {
    const loc = this.keyLoc ?? this.loc
    if (this.open) return unknownValue(loc, 'what it is made of is not wholly known')
    return new Value('absent', loc, NOWHERE, [], { key, keyLoc: loc, parent: this })
  }

  #adopt(entry: LazyEntry): Value {
    const value = entry.evaluate()
    const via = this.via.length ? [...this.via.filter(one => !value.via.includes(one)), ...value.via] : value.via
    return new Value(
      value.kind,
      value.loc,
      value.#content,
      via,
      { key: entry.key, keyLoc: entry.keyLoc, parent: this },
      value.parent ? value.written : undefined,
    )
  }

  /** Keys that are surely there. */
  keys(): readonly string[] {
    noteLook(this, 'whole')
    return this.kind === 'map' ? this.entries().map(entry => entry.key) : []
  }

  /** The entries of a map that are not absent, in the order written; empty for everything else. */
  entries(): readonly Entry[] {
    noteLook(this, 'whole')
    if (this.kind !== 'map') return []
    return this.#all()
  }

  /**
   * The items of a list that are not absent; empty for everything else, unless `or: 'single'` takes a single value for
   * a list of one.
   */
  items(or?: 'single'): readonly Value[] {
    noteLook(this, 'whole')
    if (this.kind === 'list') return this.#all().map(entry => entry.value)
    return or === 'single' && this.kind !== 'absent' && this.kind !== 'null' ? [this] : []
  }

  #all(): readonly Entry[] {
    this.#entries ??= (this.#content.entries ?? [])
      .map(entry => ({ key: entry.key, keyLoc: entry.keyLoc, value: this.at(entry.key) }))
      .filter(entry => entry.value.kind !== 'absent')
    return this.#entries
  }

  /**
   * Every value that this may turn out to be: itself, or the branches of an `Fn::If` that could not be decided and the
   * rows of an `Fn::FindInMap`. A rule that is wrong about one of them is right to speak.
   */
  possible(): readonly Value[] {
    const alternatives = this.#content.alternatives
    return alternatives?.length ? alternatives.flatMap(value => value.possible()) : [this]
  }

  /** For the two branches of an `Fn::If` that could not be decided: by which condition, and what it becomes. */
  get choice(): { readonly condition: string; readonly yes: Value; readonly no: Value } | undefined {
    const { alternatives, condition } = this.#content
    const [yes, no] = alternatives ?? []
    return condition !== undefined && yes && no ? { condition, yes, no } : undefined
  }

  /** The parts of a `joined` text in order; of anything else, itself. */
  parts(): readonly Value[] {
    noteLook(this, 'parts')
    return this.#content.parts ?? [this]
  }

  /**
   * The text with a placeholder for each part that is not known: `arn:aws:s3:::*` for `arn:aws:s3:::${Bucket}`.
   * Undefined when nothing of it is known.
   */
  text(placeholder: string | ((part: Value) => string) = '*'): string | undefined {
    noteLook(this, 'parts')
    if (this.kind === 'joined') {
      return this.parts()
        .map(part => part.#scalarText() ?? (typeof placeholder === 'string' ? placeholder : placeholder(part)))
        .join('')
    }
    return this.#scalarText()
  }

  /** Every mention of a resource or pseudo parameter in this value and below it. */
  references(): readonly Value[] {
    const found: Value[] = []
    this.walk(value => {
      if (value.kind === 'reference') found.push(value)
    })
    return found
  }

  /**
   * Calls `visit` with this value and everything below it: entries, items, parts and alternatives. `false` stops the
   * way down.
   */
  walk(visit: (value: Value) => unknown): void {
    if (visit(this) === false) return
    if (this.kind === 'map' || this.kind === 'list') for (const entry of this.#all()) entry.value.walk(visit)
    for (const part of this.#content.parts ?? []) part.walk(visit)
    for (const alternative of this.#content.alternatives ?? []) alternative.walk(visit)
  }

  /** Keys from the root of the template down to this value. */
  get path(): readonly string[] {
    if (this.parent) return [...this.parent.path, this.key ?? '']
    return this.key === undefined ? [] : [this.key]
  }

  /** As plain data; what is not known is left out of maps and is null in lists. Give it no secret to print. */
  toPlain(): unknown {
    if (this.kind === 'map') {
      return Object.fromEntries(
        this.entries()
          .filter(entry => entry.value.isKnown)
          .map(entry => [entry.key, entry.value.toPlain()]),
      )
    }
    if (this.kind === 'list') return this.items().map(item => (item.isKnown ? item.toPlain() : null))
    return this.isKnown ? this.#content.scalar : undefined
  }

  /** The same value, with how it came about. */
  withVia(via: Via): Value {
    return new Value(this.kind, this.loc, this.#content, [via, ...this.via], this.#place(), this.#written)
  }

  /** The same value, written elsewhere: a parameter's default seen at its `Ref`. */
  withLoc(loc: Loc): Value {
    return new Value(this.kind, loc, this.#content, this.via, this.#place(), this.#written)
  }

  #place(): { key: string; keyLoc: Loc; parent: Value } | undefined {
    return this.parent && this.keyLoc ? { key: this.key ?? '', keyLoc: this.keyLoc, parent: this.parent } : undefined
  }
}

/** A text, number, boolean or null that stands at a place. */
export function scalarValue(loc: Loc, scalar: string | number | boolean | null): Value {
  return new Value(scalar === null ? 'null' : (typeof scalar as 'string' | 'number' | 'boolean'), loc, { scalar })
}

/** The whole text of a file. */
export const fileText = (loc: Loc, scalar: string, file: string): Value => new Value('string', loc, { scalar, file })

/** A text that was made of a structure: known where all of the structure is. */
export function encodedValue(loc: Loc, document: Value): Value {
  return isWhole(document)
    ? new Value('string', loc, { scalar: JSON.stringify(document.toPlain()), document })
    : new Value('unknown', loc, { why: document.why ?? 'a part of it is not known', document })
}

/** Known, with everything in it. */
function isWhole(value: Value): boolean {
  let whole = true
  value.walk(one => {
    if (one.isUnknown || one.open) whole = false
    return whole
  })
  return whole
}

/** What is not written; the place is where it would be. */
export const absentValue = (loc: Loc): Value => new Value('absent', loc)

/** What cannot be known, with the reason. */
export function unknownValue(
  loc: Loc,
  why: string,
  more: { alternatives?: readonly Value[]; condition?: string; via?: readonly Via[] } = {},
): Value {
  const { via, ...content } = more
  return new Value('unknown', loc, { why, ...content }, via)
}

/** A mention of a resource, a parameter or an attribute. */
export const referenceValue = (loc: Loc, reference: Reference): Value =>
  new Value('reference', loc, { reference, why: `${reference.id}.${reference.attribute} is known after deployment` })

/** What AWS or a framework takes when nobody wrote the value. */
export const defaultValue = (loc: Loc, scalar: string | number | boolean, who = 'AWS'): Value =>
  new Value(typeof scalar as 'string' | 'number' | 'boolean', loc, { scalar }, [{ kind: 'default', name: who }])

/** A map whose values are evaluated when they are asked for; `open` when there may be more keys. */
export function mapValue(loc: Loc, entries: readonly LazyEntry[], open = false): Value {
  return new Value('map', loc, { entries, open })
}

/** A map with CloudFormation's names over values that are written under others. */
export function translatedValue(
  loc: Loc,
  entries: { readonly [name: string]: Value | undefined },
  open = false,
): Value {
  const lazy = Object.entries(entries).flatMap(([key, value]) =>
    value && !value.isAbsent ? [{ key, keyLoc: value.keyLoc ?? value.loc, evaluate: () => value }] : [],
  )
  return new Value('map', loc, { entries: lazy, open, translated: true })
}

/** A list whose items are evaluated when they are asked for; `open` when there may be more. */
export function listValue(loc: Loc, items: readonly (() => Value)[], open = false): Value {
  const entries = items.map((evaluate, index) => ({ key: String(index), keyLoc: loc, evaluate }))
  return new Value('list', loc, { entries, open })
}

/** A text of several parts; a plain string when all of them are known, and nested texts are laid flat. */
export function joinValues(loc: Loc, parts: readonly Value[]): Value {
  const flat = parts.flatMap(part => part.parts())
  const via = flat.flatMap(part => part.via)
  const texts = flat.map(part => part.string())
  const length = texts.reduce((sum, text) => sum + (text?.length ?? 0), 0)
  if (flat.length > 1 && (length > MAX_JOINED || flat.length > MAX_PARTS))
    return unknownValue(loc, 'it is put together to a text longer than a template may be')
  if (texts.every(text => text !== undefined)) return new Value('string', loc, { scalar: texts.join('') }, via)
  const [only, ...others] = flat
  if (only && others.length === 0) return only.withLoc(loc)
  const why = flat.find(part => part.isUnknown)?.why ?? 'a part of it is not known'
  return new Value('joined', loc, { parts: flat.filter(part => part.string() !== ''), why }, via)
}

/**
 * `over` laid on `under` as SAM lays a function on `Globals`: maps are merged key by key, lists are joined (`under`
 * first), and anything else is replaced.
 * @param via is put on what comes from `under`.
 */
export function mergeValues(under: Value, over: Value, via: Via): Value {
  if (over.isAbsent) return under.isAbsent ? over : under.withVia(via)
  if (under.isAbsent) return over
  if (over.kind === 'map' && under.kind === 'map') {
    const entries: LazyEntry[] = over
      .entries()
      .map(entry => ({ ...entry, evaluate: () => mergeValues(under.at(entry.key), entry.value, via) }))
    const own = new Set(entries.map(entry => entry.key))
    for (const entry of under.entries())
      if (!own.has(entry.key)) entries.push({ ...entry, evaluate: () => entry.value.withVia(via) })
    return new Value(
      'map',
      over.loc,
      { entries, open: over.open || under.open },
      over.via,
      over.parent && over.keyLoc ? { key: over.key ?? '', keyLoc: over.keyLoc, parent: over.parent } : undefined,
    )
  }
  if (over.kind === 'list' && under.kind === 'list') {
    const items = [...under.items().map(item => () => item.withVia(via)), ...over.items().map(item => () => item)]
    return listValue(over.loc, items, over.open || under.open)
  }
  if (over.isUnknown && (under.kind === 'map' || under.kind === 'list'))
    return unknownValue(over.loc, over.why ?? 'it is merged with something unknown')
  return over
}

/** The items of a list; any other value that is written, `null` too, counts as a list of one. */
export function itemsOrItself(value: Value): readonly Value[] {
  if (value.kind === 'list') return value.items()
  return value.isAbsent ? [] : [value]
}
