import type { Clock } from '@lg/runtime'
import { bytesOf } from './signature.ts'

/** Tells deliveries that have come before. */
export interface DeliveryMemory {
  /** Whether this body, with what else is signed, comes for the first time; from now on it does not. */
  isNew(body: Uint8Array<ArrayBuffer>, vouched: string): Promise<boolean>
}

/** More than come in the time that they are remembered. */
const most = 10_000

export function createDeliveryMemory(clock: Clock, remember: number): DeliveryMemory {
  /** Oldest first. */
  const times = new Map<string, number>()
  const forget = (now: number): void => {
    for (const [digest, time] of times) {
      if (time > now - remember && times.size <= most) return
      times.delete(digest)
    }
  }
  return {
    async isNew(body, vouched) {
      const prefix = bytesOf(`${vouched.length} ${vouched} `)
      const all = new Uint8Array(prefix.length + body.length)
      all.set(prefix)
      all.set(body, prefix.length)
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', all))
      const digest = String.fromCharCode(...hash)
      const now = clock.now()
      forget(now)
      if (times.has(digest)) return false
      times.set(digest, now)
      return true
    },
  }
}
