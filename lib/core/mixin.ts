import { checked } from "./call-check.js";

type AbstractClass<T = object> = abstract new (...args: never[]) => T;

type Intersection<U> = (U extends unknown ? (member: U) => void : never) extends (member: infer I) => void ? I : never;

/** The methods of all classes in a list. An interface that extends it declares exactly the methods that {@link mixin} copies. */
export type Merged<P extends readonly AbstractClass[]> = Intersection<InstanceType<P[number]>>;

/**
 * Copies the methods of `parts` into `target`. The interface that is merged with `target` extends {@link Merged} of the same
 * list.
 *
 * @param target - the class that receives the methods.
 * @param parts - the classes with the methods. They hold nothing else: their constructors never run.
 */
export function mixin(target: AbstractClass, parts: readonly AbstractClass[]): void {
  for (const part of parts) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(part.prototype))) {
      if (name === "constructor") continue;
      if (Object.hasOwn(target.prototype as object, name)) throw new TypeError(`two mixins define the method ${name}`);
      const { value } = property as { value?: unknown };
      if (typeof value === "function") property.value = checked(name, value as Parameters<typeof checked>[1]);
      Object.defineProperty(target.prototype, name, property);
    }
  }
}
