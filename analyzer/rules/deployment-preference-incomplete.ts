import { defineRule } from '../engine/rule.ts'

/** Deployment configurations that CodeDeploy has for Lambda. */
const TYPES =
  /^(AllAtOnce|Canary10Percent(5|10|15|30)Minutes|Linear10PercentEvery(1Minute|(2|3|10)Minutes)|CodeDeployDefault\.Lambda\w+)$/

/** A gradual deployment that SAM refuses, or that nothing would stop. */
export const rule = defineRule({
  id: 'deployment-preference-incomplete',
  fn(fn, { report }) {
    const preference = fn.property('DeploymentPreference')
    if (fn.template.format !== 'sam' || preference.kind !== 'map' || preference.at('Enabled').boolean() === false)
      return
    if (fn.property('AutoPublishAlias').isAbsent) {
      report({
        at: preference,
        message:
          `${fn.id} has a DeploymentPreference but no AutoPublishAlias: there is no alias whose traffic ` +
          'could be moved',
        help: 'Set AutoPublishAlias, such as to live; SAM refuses the template without it',
      })
    }
    const type = preference.at('Type')
    const name = type.string()
    // A configuration of one's own is a resource, or a name that the template declares.
    const own = [...fn.template.resources.values()].some(one => one.type === 'AWS::CodeDeploy::DeploymentConfig')
    if (name !== undefined && !TYPES.test(name) && !own) {
      report({
        at: type,
        message: `${name} is no deployment configuration that CodeDeploy has for Lambda`,
        help: 'Such as Canary10Percent5Minutes, Linear10PercentEvery1Minute or AllAtOnce',
        severity: 'warning',
      })
    }
  },
})
