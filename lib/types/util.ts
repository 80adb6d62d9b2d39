/** The values of a filter that accepts one or more of several known strings. Engines may accept others. */
export type OneOf<T extends string> = T | (string & {}) | readonly (T | (string & {}))[];

/** The paths below `P`, whose value is a `T`. */
type Below<P extends string, T> = T extends string | number | boolean
  ? never
  : T extends readonly (infer Item)[]
    ? Below<`${P}[]`, NonNullable<Item>>
    : string extends keyof T
      ? never
      : `${P}.${BodyPath<T>}`;

/**
 * Every path into a JSON body, such as `HostConfig.Mounts[].Target`. The keys of maps are the caller's and
 * are not included.
 *
 * @typeParam T - the body.
 */
export type BodyPath<T> = {
  [K in keyof T & string]-?: K | Below<K, NonNullable<T[K]>>;
}[keyof T & string];
