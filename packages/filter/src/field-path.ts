/** What has no fields of its own. */
type Leaf = string | number | bigint | boolean | null | undefined | symbol | ((...args: never[]) => unknown)

/** Keys that are stated one by one; where a type has none, every key. */
type KnownKey<T> = keyof { [Key in keyof T as string extends Key ? never : Key]: 0 } & string
type FieldKey<T> = [KnownKey<T>] extends [never] ? keyof T & string : KnownKey<T>

/** Every dotted path into a type, seven levels deep: `spec.engine`, `spec.wheels.0.size`. */
export type FieldPath<T, Depth extends readonly unknown[] = []> =
  T extends Leaf ? never
  : Depth['length'] extends 7 ? never
  : T extends readonly (infer Item)[] ?
    `${number}` | `${number}.${FieldPath<NonNullable<Item>, [...Depth, 0]>}`
  : {
      [Key in FieldKey<T>]: Key | `${Key}.${FieldPath<NonNullable<T[Key & keyof T]>, [...Depth, 0]>}`
    }[FieldKey<T>]

/** The type of the value at a path. */
export type FieldValue<T, Path extends string> =
  T extends readonly (infer Item)[] ?
    Path extends `${number}.${infer Rest}` ?
      FieldValue<NonNullable<Item>, Rest>
    : Item
  : Path extends keyof T ? NonNullable<T[Path]>
  : Path extends `${infer Key}.${infer Rest}` ?
    Key extends keyof T ?
      FieldValue<NonNullable<T[Key]>, Rest>
    : unknown
  : unknown

/** The value at a path, through own properties only; `undefined` where nothing is. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let current = value
  for (const key of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined
    current = (current as Record<string, unknown>)[key]
  }
  return current
}
