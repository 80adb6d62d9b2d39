/** The values of a filter that takes one of several texts, or more than one of them. Engines may know others. */
export type OneOf<T extends string> = T | (string & {}) | readonly (T | (string & {}))[];
