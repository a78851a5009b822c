import { defineRule } from '../engine/rule.ts'

/** More layers than a function may have: the deployment fails. */
export const rule = defineRule({
  id: 'layers-too-many',
  fn(fn, { quota, report }) {
    const most = quota('layers')
    for (const layers of fn.layers.possible()) {
      // Items that are not known still count: each is one layer, unless a condition takes it out.
      const surely = layers.items().filter(layer => layer.possible().every(one => !one.isAbsent))
      if (surely.length <= most) continue
      const shared = surely.filter(layer => layer.via.some(via => via.kind === 'global'))
      report({
        at: surely[most] ?? layers,
        message: `${fn.id} has ${surely.length} layers: a function may have ${most}`,
        help: 'Put the contents of several layers into one, or into the package',
        related:
          shared[0] && shared.length < surely.length
            ? [{ at: shared[0], message: `${shared.length} of them come from what all functions share` }]
            : [],
      })
    }
  },
})
