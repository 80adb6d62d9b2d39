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
