import { objectKey, type ObjectKey } from '@lg/runtime'
import type { Storage } from '../storage.ts'
import { Region, Widget } from './kinds.ts'

/** What the suite needs of a storage. Each case gets one of its own, with nothing stored. */
export interface StorageHarness {
  /** Serves the kinds of `conformanceScheme`, in files of its choice, and gives a file to each new object. */
  readonly storage: Storage
  /** Puts a YAML file in place behind the storage's back, and reads it; absent where nobody can. */
  readonly outside?:
    | {
        write(path: string, content: string): Promise<void>
        read(path: string): Promise<string | undefined>
      }
    | undefined
  close(): Promise<void>
}

export const widgetKey = (name: string, namespace = 'default'): ObjectKey =>
  objectKey({ group: Widget.group, kind: Widget.kind, namespace, name })
export const regionKey = (name: string): ObjectKey =>
  objectKey({ group: Region.group, kind: Region.kind, name })
