/** Values beside objects, which nothing sees on the objects. An object that is let go takes its value along. */
export interface Notes<Value> {
  get(object: object): Value | undefined
  set(object: object, value: Value): void
}

/**
 * Keeps each value in a private field of its object, put there by a constructor that returns the object itself: a
 * `WeakMap` of the copies that a long list gives away costs as much as the copies, most of it in the garbage collector.
 * Objects that take no fields any more, such as frozen ones, are kept in a `WeakMap` all the same.
 */
export function createNotes<Value>(): Notes<Value> {
  const others = new WeakMap<object, Value>()
  class Note extends (itself as unknown as new (object: object) => object) {
    #value: Value
    constructor(object: object, value: Value) {
      super(object)
      this.#value = value
    }
    static get(object: object): Value | undefined {
      return #value in object ? object.#value : others.get(object)
    }
    static set(object: object, value: Value): void {
      if (#value in object) object.#value = value
      else if (Object.isExtensible(object)) void new Note(object, value)
      else others.set(object, value)
    }
  }
  return { get: Note.get, set: Note.set }
}

function itself(object: object): object {
  return object
}
