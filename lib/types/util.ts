/** Value of a filter that accepts one or more known strings. Engines may accept others. */
export type OneOf<T extends string> = T | (string & {}) | readonly (T | (string & {}))[];

/** Paths into a value of type `T` at `P`. */
type Below<P extends string, T> = T extends string | number | boolean
  ? never
  : T extends readonly (infer Item)[]
    ? Below<`${P}[]`, NonNullable<Item>>
    : string extends keyof T
      ? never
      : `${P}.${BodyPath<T>}`;

/**
 * Every path in a JSON body, such as `HostConfig.Mounts[].Target`. Map keys are chosen by the caller and not
 * included.
 *
 * @typeParam T - the body.
 */
export type BodyPath<T> = {
  [K in keyof T & string]-?: K | Below<K, NonNullable<T[K]>>;
}[keyof T & string];

/**
 * An object of the API as a request accepts it: members may be undefined, lists may be read-only, and a value that is one of a few
 * strings may be any, because engines and plugins add some. An object that the engine returned fits unchanged.
 *
 * @typeParam T - the object.
 * @category Versions
 */
export type Sendable<T> = T extends string
  ? string extends T
    ? T
    : T | (string & {})
  : T extends number | boolean | null | undefined
    ? T
    : T extends readonly unknown[]
      ? { readonly [K in keyof T]: Sendable<T[K]> }
      : { readonly [K in keyof T]: Sendable<T[K]> | (object extends Pick<T, K> ? undefined : never) };
