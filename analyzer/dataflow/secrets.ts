/** Tokens that show by their form what they are. */
const FORMS: readonly (readonly [name: string, form: RegExp])[] = [
  ['an access key of AWS', /\b(AKIA|ASIA)[A-Z2-7]{16}\b/],
  // Its marks alone, around nothing or dots, are a placeholder.
  [
    'a private key',
    /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----(?:\s|\\[nr])*(?:[A-Z][\w-]*: [\w,. -]+(?:\s|\\[nr])+)*[A-Za-z0-9+/]{12}/,
  ],
  ['a token of GitHub', /\b(gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})\b/],
  ['a token of Slack', /\bxox[abprs]-[A-Za-z0-9-]{20,}\b/],
  ['a secret key of Stripe', /\b[sr]k_live_[A-Za-z0-9]{20,}\b/],
  ['a key of SendGrid', /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b/],
  ['a token of npm', /\bnpm_[A-Za-z0-9]{36}\b/],
  ['a key of Google', /\bAIza[A-Za-z0-9_-]{35}\b/],
]

/**
 * What a text holds that nobody should read, by its form alone; undefined when nothing. The keys of AWS's own examples
 * are none.
 */
export function secretForm(text: string): string | undefined {
  return FORMS.find(([, form]) => {
    const match = form.exec(text)
    return match !== null && !match[0].endsWith('EXAMPLE')
  })?.[0]
}

const NAMES =
  /(^|_)(PASS(WORD|WD|PHRASE)?|PWD|SECRET|SECRETKEY|TOKEN|AUTHTOKEN|APIKEY|API_KEY|ACCESS_KEY|PRIVATE_KEY|SECRET_KEY|CLIENT_SECRET|CREDENTIALS?)$/

/** How such names end: asked first, for every name of a project comes by. */
const ENDS = /(?:pass|password|passwd|passphrase|pwd|secret|key|token|credentials?)$/i

/** Whether a variable of this name holds a secret, and not the name, place or lifetime of one. */
export const isSecretName = (name: string): boolean =>
  ENDS.test(name) && NAMES.test(name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase())

/** A value that only points to a secret, or that cannot be one. */
export const isPointer = (value: string): boolean =>
  value.trim() === '' ||
  /^(true|false|yes|no|none|null|undefined|\d{1,4})$/i.test(value) ||
  /^(arn:|\/|https?:\/\/|ssm:|s3:\/\/|\{\{resolve:)/.test(value) ||
  /^\$\{?[\w:.]+\}?$/.test(value) ||
  /^(x{3,}|\*{3,}|<.*>|.*your[-_ ].*|change[-_ ]?(me|this).*|todo|dummy.*|.*placeholder.*|.*example\d*|replace[-_ ].*|to[-_ ]be[-_ ].*)$/i.test(
    value,
  )
