type AbstractClass<T = object> = abstract new (...args: never[]) => T;

type Supplied<P extends readonly AbstractClass[]> = P[number] extends infer C
  ? C extends AbstractClass<infer I>
    ? keyof I
    : never
  : never;

type Missing<B extends AbstractClass, P extends readonly AbstractClass[]> = Exclude<keyof InstanceType<B>, Supplied<P>>;

/**
 * Copies the methods of `parts` into `target`, whose merged interface promises them.
 * Does not compile while a promised method is in none of the parts.
 *
 * @param target - the class that gets the methods.
 * @param parts - the classes whose methods it gets. They hold methods only: their constructors never run.
 */
export function mixin<B extends AbstractClass, const P extends readonly AbstractClass[]>(
  target: B & (Missing<B, P> extends never ? unknown : { "operations missing from the list": Missing<B, P> }),
  parts: P,
): void {
  for (const part of parts) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(part.prototype))) {
      if (name === "constructor") continue;
      if (Object.hasOwn(target.prototype as object, name)) throw new TypeError(`two parts have a method ${name}`);
      Object.defineProperty(target.prototype, name, property);
    }
  }
}
