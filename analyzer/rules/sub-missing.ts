import { defineRule } from '../engine/rule.ts'

/** `${AWS::Region}` in a text that nothing substitutes. */
export const rule = defineRule({
  id: 'sub-missing',
  application({ templates }, { report, turnTo }) {
    for (const template of templates) {
      if (!/^(sam|cloudformation)$/.test(template.format)) continue
      for (const resource of template.resources.values()) {
        turnTo(resource)
        resource.properties.walk(value => {
          if (/^(Code|InlineCode|DefinitionBody|Body|UserData)$/.test(value.key ?? '')) return false
          const text = value.kind === 'string' && value.via.length === 0 ? value.string() : undefined
          const [variable] = /\$\{AWS::\w+\}/.exec(text ?? '') ?? []
          // `${!AWS::Region}` of a Sub is meant to stay, and is no longer written so.
          const written = value.loc.source.text.slice(value.loc.start, value.loc.end)
          if (variable !== undefined && !/Sub\b/.test(written) && written.includes(variable))
            report({
              at: value,
              message: `${variable} stays as it is written: nothing substitutes it`,
              help: 'Put Fn::Sub (!Sub) before the text',
            })
          return true
        })
      }
    }
  },
})
