/** AWS's own page of an action. */
export function awsPageOf(action: string): string | undefined {
  return /^[A-Z][A-Za-z0-9]{2,60}$/.test(action)
    ? `https://docs.aws.amazon.com/lambda/latest/api/API_${action}.html`
    : undefined
}
