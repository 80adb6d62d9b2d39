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
 * Every path in a JSON body, such as `HostConfig.Mounts[].Target`. The keys of maps are not included, because the caller chooses
 * them.
 *
 * @typeParam T - the body.
 */
export type BodyPath<T> = {
  [K in keyof T & string]-?: K | Below<K, NonNullable<T[K]>>;
}[keyof T & string];

/**
 * An API object in the form that requests accept: members may be undefined, and lists may be read-only. Where the object has one
 * of several known strings, any string is accepted, because engines and plugins add values. An object that an engine returned is
 * accepted unchanged.
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
