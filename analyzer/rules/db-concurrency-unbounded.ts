import { isOneProject } from '../application/one-project.ts'
import type { Application, EventSource, LambdaFunction } from '../application/model.ts'
import { defineRule } from '../engine/rule.ts'
import { packageOf } from '../packaging/packages.ts'

const DRIVERS = new Set([
  'pg',
  'pg-promise',
  'postgres',
  'mysql',
  'mysql2',
  'mariadb',
  'mssql',
  'tedious',
  'oracledb',
  'knex',
  'sequelize',
  'typeorm',
  '@prisma/client',
  'serverless-postgres',
  'serverless-mysql',
])

/** As many connections to a relational database as there are environments, without a bound. */
export const rule = defineRule({
  id: 'db-concurrency-unbounded',
  fn(fn, { app, report }) {
    const event = fn.events.find(growsWithLoad)
    if (!fn.entry || fn.vpc.isAbsent || !fn.reservedConcurrency.isAbsent || !event) return
    const database = app
      .ofType('AWS::RDS::DBInstance', 'AWS::RDS::DBCluster')
      .find(one => isOneProject(one.template, fn.template))
    if (!database || usesProxy(fn, app)) return
    const driver = fn.entry.files
      .flatMap(file => file.imports)
      .find(one => one.kind !== 'type' && !one.file && DRIVERS.has(packageOf(one.specifier) ?? ''))
    if (!driver) return
    report({
      at: fn,
      message:
        `${fn.id} opens connections to a database with each of its environments, and nothing bounds how many ` +
        'these become',
      help: 'Put an RDS proxy between them, or set ReservedConcurrentExecutions to what the database bears',
      related: [
        { at: driver.loc, message: `${driver.specifier} connects to it` },
        { at: event, message: 'the load comes in here' },
        { at: database, message: 'the database' },
      ],
    })
  },
})

/** Whether more load makes more environments: not for schedules and what is read with a bound. */
function growsWithLoad(event: EventSource): boolean {
  if (
    event.kind === 'schedule' ||
    event.kind === 'kinesis' ||
    event.kind === 'dynamodb' ||
    event.kind === 'config' ||
    event.kind === 'codecommit'
  )
    return false
  return event.property('ScalingConfig', 'MaximumConcurrency').isAbsent
}

function usesProxy(fn: LambdaFunction, app: Application): boolean {
  if (app.ofType('AWS::RDS::DBProxy', 'AWS::RDS::DBProxyEndpoint').some(one => isOneProject(one.template, fn.template)))
    return true
  return (
    fn.environment.isUnknown ||
    fn.environment
      .entries()
      .some(
        ({ key, value }) =>
          /proxy/i.test(key) ||
          /proxy/i.test(value.text('*') ?? '') ||
          (/host|endpoint|url|dsn/i.test(key) && value.kind === 'unknown'),
      )
  )
}
