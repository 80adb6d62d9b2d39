type Scalar = string | number | boolean | null | undefined;

/** A list or map in which null is kept, because it means something other than empty. */
type Sent<T> = "as sent" | { readonly "?": Shape<T> };

/** The shape of the items in a list or map; `value` if they contain no list or map. */
type Inner<T> = [Shape<T>] extends [never] ? "value" : Shape<T> | Sent<T>;

/** The members that are or contain lists or maps. */
type Members<T> = { [K in keyof T as [Shape<T[K]>] extends [never] ? never : K]-?: Shape<T[K]> | Sent<T[K]> };

/**
 * Describes where a response has lists and maps: `[items]` is a list, `{ "*": values }` a map, and an object names the members
 * that are or contain a list or map. A `value` contains none. Where null means something other than empty, `as sent` keeps it; so
 * does `{ "?": list }`, for a list whose items contain lists or maps.
 *
 * @typeParam T - the response.
 */
export type Shape<T> = unknown extends T
  ? never
  : T extends Scalar
    ? never
    : T extends readonly (infer Item)[]
      ? readonly [Inner<Item>]
      : string extends keyof T
        ? [T[string & keyof T]] extends [never]
          ? never // an empty object, such as `Global` in the mode of a service
          : { readonly "*": Inner<T[string & keyof T]> }
        : keyof Members<T> extends never
          ? never
          : Readonly<Members<T>>;

/** Any shape. */
export type AnyShape = "value" | "as sent" | readonly [AnyShape] | { readonly [key: string]: AnyShape };

/** A list of values that contain no list or map. */
export const list = ["value"] as const;

/** A map of values that contain no list or map. */
export const map = { "*": "value" } as const;

/** Replaces null lists and maps in a value with empty ones, in place. */
export type Reader = (value: unknown) => unknown;

const unchanged: Reader = (value) => value;
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** Returns a reader that replaces a null list with an empty one, and reads the items of other lists. */
function listReader(item: Reader): Reader {
  return (value) => {
    if (value === null) return [];
    if (item === unchanged || !Array.isArray(value)) return value;
    const items: unknown[] = value;
    for (let at = 0; at < items.length; at += 1) {
      const entry = items[at];
      const seen = item(entry);
      if (seen !== entry) items[at] = seen;
    }
    return items;
  };
}

function mapReader(item: Reader): Reader {
  return (value) => {
    if (value === null) return {};
    if (item === unchanged || !isObject(value)) return value;
    for (const key in value) {
      const seen = item(value[key]);
      if (seen !== value[key]) value[key] = seen;
    }
    return value;
  };
}

function sentReader(read: Reader): Reader {
  return (value) => (value === null ? value : read(value));
}

function objectReader(members: readonly (readonly [name: string, read: Reader])[]): Reader {
  return (value) => {
    if (!isObject(value)) return value;
    for (const [name, read] of members) {
      const member = value[name];
      if (member === undefined) continue;
      const seen = read(member);
      if (seen !== member) value[name] = seen;
    }
    return value;
  };
}

/**
 * Compiles a shape into a function that replaces null with an empty list or map wherever the shape has one. Engines send null for
 * a list or map that was never filled, because they are written in Go.
 */
export function nullReader(shape: AnyShape): Reader {
  if (shape === "value" || shape === "as sent") return unchanged;
  if (isList(shape)) return listReader(nullReader(shape[0]));
  const { "*": values, "?": sent, ...members } = shape;
  if (values !== undefined) return mapReader(nullReader(values));
  if (sent !== undefined) return sentReader(nullReader(sent));
  return objectReader(Object.entries(members).map(([name, member]) => [name, nullReader(member)]));
}

const isList = (shape: AnyShape): shape is readonly [AnyShape] => Array.isArray(shape);
