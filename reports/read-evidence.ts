/** Evidence from text that anybody may have written. */
import { MAX_NESTING } from '../base/parse-json.ts'
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { nestingDepth } from '../base/nesting-depth.ts'
import { readAsset } from './assets.ts'
import type { Evidence } from './evidence.ts'
import { EvidenceError } from './evidence-error.ts'
import { certifyProfiles } from './certify.ts'
import { isJournal, recoverJournal } from './journal.ts'
import { plainLine } from './plain.ts'
import { sealOf } from './seal.ts'
import { messageOf } from '../base/message-of.ts'

/** The version of `evidence.schema.json`. */
const NEWEST = 1

/**
 * Reads `evidence.json`, or the journal `evidence.jsonl` that a killed run left (the evidence is then `partial`).
 *
 * @param name what messages call the text: usually its file
 * @throws EvidenceError that names the first member that is wrong, a schema version that this version cannot read, or a
 * digest that does not fit: the file was cut or edited
 */
export function readEvidence(text: string, name = 'evidence'): Evidence {
  const json = text.startsWith('\ufeff') ? text.slice(1) : text
  if (json.trim() === '') throw new EvidenceError(`${name}: the file is empty`)
  const depth = nestingDepth(json)
  if (depth > MAX_NESTING)
    throw new EvidenceError(
      `${name}: nested ${depth} levels deep, more than the ${MAX_NESTING} that lambdacheck writes: ` +
        'it was edited or is damaged',
    )
  const journal = isJournal(json)
  const value = journal ? recoverJournal(json) : parse(json, name)
  const version = versionOf(value)
  if (typeof version === 'number' && version > NEWEST) {
    throw new EvidenceError(
      `${name}: written by a newer lambdacheck (schema version ${version}; this one reads up to ${NEWEST}). ` +
        'Update lambdacheck to read it',
    )
  }
  if (version === undefined)
    throw new EvidenceError(`${name}: this is not evidence of lambdacheck: it has no schemaVersion`)
  const validate = validator()
  if (!validate(value)) throw new EvidenceError(`${name}: ${describe(validate.errors?.[0])}`)
  return journal ? value : checkSeal(value, name)
}

/** Evidence of earlier versions has neither digest: it is still shown, and certifies nothing. */
function checkSeal(evidence: Evidence, name: string): Evidence {
  if (evidence.digest === undefined) {
    if (evidence.caseList !== undefined)
      throw new EvidenceError(`${name}: its own digest is missing: it was edited after the run. ${USE_ORIGINAL}`)
    if (evidence.results.length === 0) return evidence
    return {
      ...evidence,
      profiles: certifyProfiles(evidence.results, evidence),
      notes: [...evidence.notes, UNSEALED],
    }
  }
  if (sealOf(evidence) !== evidence.digest)
    throw new EvidenceError(
      `${name}: it is not what the run wrote: its digest does not fit its contents. ${USE_ORIGINAL}`,
    )
  return evidence
}

const USE_ORIGINAL = 'Use the file as the run left it'
const UNSEALED =
  'This evidence has no digest: an earlier version of lambdacheck wrote it. Nobody can tell whether results are ' +
  'missing, so it certifies nothing.'

function parse(json: string, name: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    throw new EvidenceError(`${name}: not JSON: ${plainLine(messageOf(error), 200)}`)
  }
}

function versionOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'schemaVersion' in value ? value.schemaVersion : undefined
}

let compiled: ValidateFunction<Evidence> | undefined

function validator(): ValidateFunction<Evidence> {
  compiled ??= new Ajv2020({ validateFormats: false, allowUnionTypes: true }).compile<Evidence>(
    JSON.parse(readAsset('evidence.schema.json')),
  )
  return compiled
}

/** `results[3].clause.level: must be one of must, should, may`. */
function describe(error: ErrorObject | undefined): string {
  if (error === undefined) return 'not evidence of lambdacheck'
  const path = plainLine(
    error.instancePath
      .replace(/\/(\d+)(?=\/|$)/g, '[$1]')
      .replaceAll('/', '.')
      .replaceAll('~1', '/')
      .replaceAll('~0', '~')
      .replace(/^\./, ''),
    200,
  )
  return `${path === '' ? '' : `${path}: `}${error.message ?? 'is wrong'}${allowedBy(error)}`
}

/** What the schema allows in a place, where it names it. */
function allowedBy({ keyword, params }: ErrorObject): string {
  if (keyword === 'enum' && Array.isArray(params['allowedValues'])) return `: ${params['allowedValues'].join(', ')}`
  return keyword === 'const' ? `: ${JSON.stringify(params['allowedValue'])}` : ''
}
