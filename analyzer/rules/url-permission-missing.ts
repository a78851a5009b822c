import type { Application, InvokePermission, LambdaFunction, Resource } from '../application/model.ts'
import { defineRule } from '../engine/rule.ts'
import { permissionsFor } from '../permissions/invoke-permissions.ts'

/** A public function URL without the two permissions that it needs. */
export const rule = defineRule({
  id: 'url-permission-missing',
  fn(fn, { app, report }) {
    const { format, open } = fn.template
    // SAM, the Serverless Framework and Terraform's provider add permissions of their own.
    if (open || !/^(cloudformation|cdk|sam)$/.test(format)) return
    for (const url of urlResources(fn)) {
      const unfit = permissionBesideAlias(app, url)
      if (unfit)
        report({
          at: unfit.functionName,
          message:
            `${unfit.resource.id} is for the function itself, and its URL is one of ` +
            `${url.property('Qualifier').string()}`,
          help: 'A permission counts for what it is attached to: name the alias in FunctionName, too',
          related: [{ at: url.property('Qualifier'), message: 'the URL' }],
        })
    }
    for (const url of urlsOf(fn)) {
      const type = url.property('AuthType').string()
      const permissions = permissionsFor(app, fn)
      const forUrls = permissions.filter(one => mayAllow(one, 'lambda:InvokeFunctionUrl'))
      if (type === 'NONE' && !forUrls.length)
        report({
          at: url,
          message: `Nothing allows lambda:InvokeFunctionUrl on ${fn.id}: its URL answers 403 to everybody`,
          help:
            'Add an AWS::Lambda::Permission for lambda:InvokeFunctionUrl with FunctionUrlAuthType NONE, ' +
            'and one for lambda:InvokeFunction with InvokedViaFunctionUrl true',
        })
      else if (type === 'NONE' && !permissions.some(one => mayAllow(one, 'lambda:InvokeFunction')))
        report({
          at: url,
          message: `Nothing allows lambda:InvokeFunction on ${fn.id} by way of its URL`,
          help:
            'Since October 2025 new URLs need both rights: add an AWS::Lambda::Permission for ' +
            'lambda:InvokeFunction with InvokedViaFunctionUrl true',
        })
      for (const one of forUrls) {
        const of = one.resource.property('FunctionUrlAuthType')
        if (type !== undefined && of.string() !== undefined && of.string() !== type)
          report({
            at: of,
            message: `${one.resource.id} is for URLs of the type ${of.string()}, and that of ${fn.id} is ${type}`,
            help: 'The permission never fits: give both the same type',
            related: [{ at: url, message: 'the URL' }],
          })
      }
    }
  },
})

const urlResources = (fn: LambdaFunction): readonly Resource[] =>
  fn.events.flatMap(event => {
    const resource =
      event.kind === 'url' && event.declaredBy === 'resource' ? fn.template.resources.get(event.id) : undefined
    return resource ? [resource] : []
  })

const urlsOf = (fn: LambdaFunction): readonly Resource[] =>
  urlResources(fn).filter(url => url.property('Qualifier').isAbsent)

/** A permission for URLs on a function of which an alias alone has one. */
function permissionBesideAlias(app: Application, url: Resource): InvokePermission | undefined {
  const target = url.property('TargetFunctionArn').resource
  if (!target || url.property('Qualifier').string() === undefined) return undefined
  const sameTarget = (one: Resource): boolean => one.property('TargetFunctionArn').resource === target
  if (app.ofType('AWS::Lambda::Url').some(one => sameTarget(one) && one.property('Qualifier').isAbsent))
    return undefined
  return app.invokePermissions.find(
    ({ functionName, action }) => functionName.resource === target && action.string() === 'lambda:InvokeFunctionUrl',
  )
}

/** Whether a permission allows an action, as far as it is known. */
function mayAllow({ action }: InvokePermission, wanted: string): boolean {
  const text = action.string()
  return text === undefined || text === wanted || text === 'lambda:*' || text === '*'
}
