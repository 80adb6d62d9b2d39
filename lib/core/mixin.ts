type AbstractClass<T = object> = abstract new (...args: never[]) => T;

type Intersection<U> = (U extends unknown ? (member: U) => void : never) extends (member: infer I) => void ? I : never;

/** The sum of the instances of `parts`: what an interface extends to promise exactly the methods that {@link mixin} copies. */
export type Merged<P extends readonly AbstractClass[]> = Intersection<InstanceType<P[number]>>;

/**
 * Copies the methods of `parts` into `target`, whose merged interface extends {@link Merged} of the same list.
 *
 * @param target - the class that gets the methods.
 * @param parts - the classes that provide them. They hold methods only: their constructors never run.
 */
export function mixin(target: AbstractClass, parts: readonly AbstractClass[]): void {
  for (const part of parts) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(part.prototype))) {
      if (name === "constructor") continue;
      if (Object.hasOwn(target.prototype as object, name)) throw new TypeError(`two parts have a method ${name}`);
      Object.defineProperty(target.prototype, name, property);
    }
  }
}
