import { defaultIn, defaultNumber } from '../../spec/default-of.ts'
import type { Spec } from '../../spec/model.ts'
import type { Settings } from './settings.ts'

/** Settings of a function that its creation need not name. */
export type FunctionDefaults = Pick<Settings, 'memorySize' | 'timeout' | 'ephemeralStorage' | 'tracingMode'>

/**
 * The figures that the page of CreateFunction states.
 * @throws Error when it does not state one of them, or not as what it is
 */
export function readFunctionDefaults(spec: Pick<Spec, 'actions'>): FunctionDefaults {
  return {
    memorySize: defaultNumber(spec, 'CreateFunction', 'MemorySize'),
    timeout: defaultNumber(spec, 'CreateFunction', 'Timeout'),
    ephemeralStorage: Number(defaultIn(spec, 'CreateFunction', 'EphemeralStorage', 'Size')),
    tracingMode: String(defaultIn(spec, 'CreateFunction', 'TracingConfig', 'Mode')),
  }
}
