/**
 * Schedule expressions of EventBridge: what is wrong with one, in a few words; undefined when nothing is. Guide:
 * services-cloudwatchevents-expressions.
 */
export function scheduleFault(expression: string, kinds: readonly ('rate' | 'cron' | 'at')[]): string | undefined {
  const match = /^(rate|cron|at)\((.*)\)$/s.exec(expression)
  if (!match) {
    const bare = /^\s*(rate|cron|at)\b/i.exec(expression)
    return bare
      ? `it must be written ${(bare[1] ?? '').toLowerCase()}(…), in small letters and with nothing around it`
      : `it must be ${kinds.map(kind => `${kind}(…)`).join(' or ')}`
  }
  const [, kind, inner] = match as unknown as [string, 'rate' | 'cron' | 'at', string]
  if (!kinds.includes(kind)) return `${kind}(…) is for EventBridge Scheduler only`
  if (kind === 'rate') return rateFault(inner, kinds.includes('at'))
  if (kind === 'cron') return cronFault(inner)
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(inner) ? undefined : 'at(…) takes a time such as 2026-01-31T08:00:00'
}

/**
 * EventBridge's rules ask for the right number; EventBridge Scheduler takes `rate(1 hours)` and `rate(5 minute)` as
 * well.
 */
function rateFault(inner: string, byScheduler: boolean): string | undefined {
  const match = /^(\S+) (\S+)$/.exec(inner)
  if (!match) return 'rate(…) takes a number, one blank and a unit'
  const [, value = '', unit = ''] = match
  if (!/^[1-9]\d*$/.test(value)) return `the value of a rate is a whole number above 0, not ${value}`
  if (!/^(minute|hour|day)s?$/.test(unit)) return `the unit of a rate is minute, hour or day, not ${unit}`
  if (byScheduler) return undefined
  const plural = unit.endsWith('s')
  if (value === '1' && plural) return `a rate of 1 takes the singular: rate(1 ${unit.slice(0, -1)})`
  if (value !== '1' && !plural) return `a rate above 1 takes the plural: rate(${value} ${unit}s)`
  return undefined
}

interface Field {
  readonly name: string
  readonly least: number
  readonly most: number
  readonly names?: readonly string[]
  /** What may stand there beside numbers, names, lists, ranges and steps. */
  readonly special?: RegExp
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']
const FIELDS: readonly Field[] = [
  { name: 'minutes', least: 0, most: 59 },
  { name: 'hours', least: 0, most: 23 },
  { name: 'day of month', least: 1, most: 31, special: /^(\?|L(-\d{1,2})?|LW|\d{1,2}W)$/ },
  { name: 'month', least: 1, most: 12, names: MONTHS },
  { name: 'day of week', least: 1, most: 7, names: DAYS, special: /^(\?|L|([1-7]|[A-Z]{3})L|([1-7]|[A-Z]{3})#[1-5])$/ },
  { name: 'year', least: 1970, most: 2199 },
]

function cronFault(inner: string): string | undefined {
  const fields = inner.trim().split(/\s+/)
  if (fields.length !== 6)
    return (
      'cron(…) takes six fields (minutes, hours, day of month, month, day of week, year), ' +
      `not ${inner.trim() === '' ? 0 : fields.length}`
    )
  const dayOfMonth = fields[2] ?? ''
  const dayOfWeek = fields[4] ?? ''
  if (dayOfMonth !== '?' && dayOfWeek !== '?') return 'one of day of month and day of week must be ?'
  if (dayOfMonth === '?' && dayOfWeek === '?') return 'day of month and day of week cannot both be ?'
  for (const [index, field] of FIELDS.entries()) {
    const wrong = (fields[index] ?? '')
      .toUpperCase()
      .split(',')
      .find(part => !isPart(part, field))
    if (wrong !== undefined)
      return (
        `${wrong} is no ${field.name} (${field.least} to ` +
        `${field.most}${field.names ? `, ${field.names[0]} to ${field.names.at(-1)}` : ''})`
      )
  }
  return undefined
}

function isPart(part: string, field: Field): boolean {
  if (part === '*' || field.special?.test(part)) return true
  const [base = '', step, ...rest] = part.split('/')
  if (rest.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false
  if (base === '*') return true
  const ends = base.split('-')
  return ends.length <= 2 && ends.every(end => isNumber(end, field))
}

function isNumber(text: string, field: Field): boolean {
  if (field.names?.includes(text)) return true
  return /^\d{1,4}$/.test(text) && Number(text) >= field.least && Number(text) <= field.most
}
