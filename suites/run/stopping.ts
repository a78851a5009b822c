/** Tells workers that the run is to end, whether they have begun or not: Vitest tells only those that have. */
import { existsSync, writeFileSync } from 'node:fs'
import { BroadcastChannel } from 'node:worker_threads'

/** For workers of this process that run by this plan now, and by a file beside the plan for those that come later. */
export function announceStop(planFile: string): void {
  try {
    writeFileSync(stopFile(planFile), '')
  } catch {
    // The folder has gone: no worker will come any more.
  }
  const channel = new BroadcastChannel(planFile)
  channel.postMessage('stop')
  channel.close()
}

/** Calls `listener` once, at once when it has been announced before. Gives what ends the listening. */
export function onStop(planFile: string, listener: () => void): () => void {
  const channel = new BroadcastChannel(planFile)
  channel.unref()
  let told = false
  const once = (): void => {
    if (told) return
    told = true
    listener()
  }
  channel.onmessage = once
  if (existsSync(stopFile(planFile))) once()
  return () => channel.close()
}

function stopFile(planFile: string): string {
  return `${planFile}.stop`
}
