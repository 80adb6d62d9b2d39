/** What can lie below the path `P`, which holds a `T`. */
type Below<P extends string, T> = T extends string | number | boolean
  ? never
  : T extends readonly (infer Item)[]
    ? Below<`${P}[]`, NonNullable<Item>>
    : string extends keyof T
      ? never
      : `${P}.${BodyPath<T>}`;

/**
 * Every path into a JSON body, such as `HostConfig.Mounts[].Target`. The members of maps, whose keys are the caller's, are not
 * among them.
 *
 * @typeParam T - the body.
 */
export type BodyPath<T> = {
  [K in keyof T & string]-?: K | Below<K, NonNullable<T[K]>>;
}[keyof T & string];
