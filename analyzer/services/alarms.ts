import { isOneProject } from '../application/one-project.ts'
import type { Application, LambdaFunction } from '../application/model.ts'

/**
 * Whether an alarm of the project may watch a metric of the function: one on that metric whose dimension is the
 * function or cannot be known, or one that is made of expressions.
 */
export function hasAlarm(app: Application, fn: LambdaFunction, metric: string): boolean {
  return app.ofType('AWS::CloudWatch::Alarm').some(alarm => {
    if (!isOneProject(alarm.template, fn.template)) return false
    const name = alarm.property('MetricName')
    if (name.isAbsent) return true
    if (name.isKnown && name.string() !== metric) return false
    const dimensions = alarm.property('Dimensions')
    // Without a dimension it watches all functions of the account together.
    if (dimensions.isAbsent) return true
    if (dimensions.isUnknown) return true
    return dimensions.items().some(dimension => {
      const value = dimension.at('Value')
      if (value.references().length > 0)
        return value.references().some(one => one.resource === fn.resource || one.resource === undefined)
      return value.isUnknown || fn.name.isUnknown || value.string() === fn.name.string()
    })
  })
}
