import { formatKey, type Logger } from '@lg/runtime'
import type { EventStorage, ObjectEvent } from '@lg/storage'
import type { Subscription } from 'rxjs'

/** Logs each object that changes, and each file that cannot be served. */
export function logChanges(storage: EventStorage, logger: Logger): Subscription {
  return storage.events().subscribe({
    next: (event) => logEvent(event, logger),
    error: (error: unknown) => logger.error('Changes are not followed any more', { error }),
  })
}

function logEvent(event: ObjectEvent, logger: Logger): void {
  switch (event.type) {
    case 'error':
      return logger.error('Cannot serve', { error: event.error })
    case 'synced':
    case 'relist':
      return logger.info(event.type === 'synced' ? 'In step' : 'Starting over', { at: event.position })
    case 'textChanged':
      return
    default:
      if (event.initial) return
      return logger.info(`${formatKey(event.key)} ${event.type}`, {
        path: event.location.path,
        by: event.origin.by,
        commit: event.origin.commit,
      })
  }
}
