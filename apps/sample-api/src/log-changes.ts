import { formatKey, type Logger } from '@lg/runtime'
import type { EventStorage, ObjectEvent } from '@lg/storage'
import type { Subscription } from 'rxjs'

export interface LogChangesOptions {
  /** Also what exists at the start, and edits that leave the value of an object alone. Default false. */
  readonly all?: boolean
}

/** Logs each object that changes, and each file that cannot be served. */
export function logChanges(
  storage: EventStorage,
  logger: Logger,
  { all = false }: LogChangesOptions = {},
): Subscription {
  return storage.events().subscribe({
    next: (event) => {
      if (all || isNews(event)) logEvent(event, logger)
    },
    error: (error: unknown) => logger.error('Changes are not followed any more', { error }),
  })
}

const isNews = (event: ObjectEvent): boolean =>
  event.type !== 'textChanged' && !('initial' in event && event.initial === true)

function logEvent(event: ObjectEvent, logger: Logger): void {
  switch (event.type) {
    case 'error':
      return logger.error('Cannot serve', { error: event.error })
    case 'synced':
    case 'relist':
      return logger.info(event.type === 'synced' ? 'In step' : 'Starting over', { at: event.position })
    default:
      return logger.info(`${formatKey(event.key)} ${event.type}`, {
        path: event.location.path,
        by: event.origin.by,
        ...(event.initial && { initial: true }),
        ...(event.origin.commit && { commit: event.origin.commit }),
      })
  }
}
