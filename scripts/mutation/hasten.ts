/** Pages whose properties do not wait for the real service, but for the embedded endpoint, where time goes faster. */
import type { Property, Spec, Step } from '../../spec/model.ts'

/** What has not come by then on the embedded endpoint will not come. */
const LONGEST_SECONDS = 15

/** The same pages; nothing that is to hold `eventually` is waited for longer than a few seconds. */
export function hastened(spec: Spec): Spec {
  return { ...spec, properties: spec.properties.map(hastenedProperty) }
}

function hastenedProperty(property: Property): Property {
  return { ...property, when: property.when.map(hastenedStep), then: property.then.map(hastenedStep) }
}

function hastenedStep(step: Step): Step {
  const { eventually, parallel, repeat } = step
  return {
    ...step,
    ...(eventually !== undefined && { eventually: Math.min(eventually, LONGEST_SECONDS) }),
    ...(parallel !== undefined && { parallel: parallel.map(hastenedStep) }),
    ...(repeat !== undefined && { repeat: { ...repeat, steps: repeat.steps.map(hastenedStep) } }),
  }
}
