import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { scheduleFault } from './schedule.ts'

const RULE = ['rate', 'cron'] as const

describe('scheduleFault', () => {
  test('takes every rate with a number and its unit in the right number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.constantFrom('minute', 'hour', 'day'), (value, unit) => {
        expect(scheduleFault(`rate(${value} ${unit}${value === 1 ? '' : 's'})`, RULE)).toBeUndefined()
        expect(scheduleFault(`rate(${value} ${unit}${value === 1 ? 's' : ''})`, RULE)).toMatch(/singular|plural/)
      }),
    )
  })

  test('leaves the number of the unit to EventBridge Scheduler', () => {
    for (const text of ['rate(1 hours)', 'rate(5 minute)', 'rate(1 day)', 'rate(2 days)', 'at(2026-01-31T08:00:00)'])
      expect(scheduleFault(text, ['rate', 'cron', 'at'])).toBeUndefined()
    for (const text of ['rate(0 hours)', 'rate(5 weeks)', 'rate(5)', 'every hour'])
      expect(scheduleFault(text, ['rate', 'cron', 'at'])).toBeDefined()
  })

  test('takes every cron of plain numbers with exactly one question mark', () => {
    const fields = fc.tuple(
      fc.integer({ min: 0, max: 59 }),
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 1, max: 31 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1970, max: 2199 }),
    )
    fc.assert(
      fc.property(fields, ([minute, hour, day, month, weekday, year]) => {
        expect(scheduleFault(`cron(${minute} ${hour} ${day} ${month} ? ${year})`, RULE)).toBeUndefined()
        expect(scheduleFault(`cron(${minute} ${hour} ? ${month} ${weekday} *)`, RULE)).toBeUndefined()
        expect(scheduleFault(`cron(${minute} ${hour} ${day} ${month} ${weekday} ${year})`, RULE)).toMatch(/must be \?/)
        expect(scheduleFault(`cron(${minute} ${hour} ? ${month} ? ${year})`, RULE)).toMatch(/cannot both/)
        expect(scheduleFault(`cron(${minute + 60} ${hour} ? ${month} ${weekday} *)`, RULE)).toMatch(/minutes/)
      }),
    )
  })

  test.each([
    'cron(0 10 * * ? *)',
    'cron(15 12 ? * MON-FRI *)',
    'cron(0/5 8-17 ? * MON-FRI *)',
    'cron(0 9 ? * 2#1 *)',
    'cron(0 18 L * ? *)',
    'cron(0 8 1W JAN,JUL ? 2026-2030)',
    'cron(0 0 ? * 6L *)',
    'cron(*/10 * ? * mon *)',
  ])('takes %s', expression => expect(scheduleFault(expression, RULE)).toBeUndefined())

  test.each([
    ['every 5 minutes', /rate\(…\) or cron\(…\)/],
    ['rate 5 minutes', /rate\(…\), in small letters/],
    ['rate(5  minutes)', /one blank/],
    ['rate(0 minutes)', /above 0/],
    ['rate(30 seconds)', /minute, hour or day/],
    ['cron(0 10 * * ?)', /six fields/],
    ['cron(0 24 * * ? *)', /hours/],
    ['cron(0 10 ? * MON-XYZ *)', /day of week/],
    ['at(2026-01-31T08:00:00)', /Scheduler only/],
  ])('refuses %s', (expression, words) => expect(scheduleFault(expression, RULE)).toMatch(words))
})
