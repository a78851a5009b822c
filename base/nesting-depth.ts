/**
 * How deep arrays and objects nest in JSON text, without parsing it: recursive readers run out of stack on what a
 * parser takes. Text that is no JSON gives a figure too, never less than a reader would have to follow. Strings end
 * with their line, so that a lost quote costs one line.
 */
export function nestingDepth(text: string): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (inString) {
      if (code === 92) at++
      else if (code === 34 || code === 10) inString = false
    } else if (code === 34) inString = true
    else if (code === 123 || code === 91) {
      if (++depth > deepest) deepest = depth
    } else if (code === 125 || code === 93) depth--
  }
  return deepest
}
