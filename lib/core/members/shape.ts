/**
 * The names that a value of a request may have at every depth: of an object by member, of a list in its items, of a map (`*`) in its
 * values. `value` has no members.
 */
export type Shape = "value" | ListShape | MemberShapes;

/** The shape of a list: that of its items. */
export type ListShape = readonly [Shape];

/** The shapes of an object's members by name, or of the values of a map under `*`. */
export interface MemberShapes {
  readonly [name: string]: Shape;
}

/** A value without members. */
export const value = "value";
/** A list of values without members. */
export const list = [value] as const;
/** A map of values without members. Its keys are the caller's. */
export const map = { "*": value } as const;
/** An object that is always empty. */
export const empty = {} as const;

/** A map of values of some shape. Its keys are the caller's. */
export const mapOf = <S extends Shape>(shape: S): { readonly "*": S } => ({ "*": shape });

/** The members of an object type: the compiler rejects a missing or misspelt one. */
export type MembersOf<T extends object> = { readonly [K in keyof T & string]-?: ShapeOf<NonNullable<T[K]>> };

type MapShape<V> = [V] extends [never] ? typeof empty : { readonly "*": ShapeOf<NonNullable<V>> };

/** The shape of a type. */
export type ShapeOf<V> = [V] extends [string | number | boolean | Uint8Array]
  ? "value"
  : [V] extends [readonly (infer Item)[]]
    ? readonly [ShapeOf<NonNullable<Item>>]
    : [keyof V] extends [never]
      ? "value"
      : string extends keyof V
        ? MapShape<V[keyof V & string]>
        : V extends object
          ? MembersOf<V>
          : never;

const isList = (shape: ListShape | MemberShapes): shape is ListShape => Array.isArray(shape);

/** A member that a request must not have. */
export type MemberProblem =
  | {
      readonly kind: "unknown";
      readonly path: string;
      readonly name: string;
      readonly value: unknown;
      readonly known: readonly string[];
    }
  | { readonly kind: "string"; readonly path: string; readonly expects: string };

/**
 * Yields the unknown members of a value, and the strings in place of lists. Values of another kind than their shape are left to the
 * engine.
 *
 * @param path - the path of the value, for its members.
 */
export function* memberProblems(value: unknown, shape: Shape, path: string): Generator<MemberProblem> {
  if (shape === "value") return;
  if (isList(shape)) {
    const [item] = shape;
    if (typeof value === "string") yield { kind: "string", path, expects: item === "value" ? "a list of strings" : "a list" };
    if (item === "value" || !Array.isArray(value)) return;
    for (const [index, one] of value.entries()) yield* memberProblems(one, item, `${path}[${index}]`);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    // some options accept one or several
    for (const [index, one] of value.entries()) yield* memberProblems(one, shape, `${path}[${index}]`);
    return;
  }
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const inner = shape["*"] ?? (Object.hasOwn(shape, name) ? shape[name] : undefined);
    if (inner === undefined) yield { kind: "unknown", path: `${path}.${name}`, name, value: member, known: Object.keys(shape) };
    else yield* memberProblems(member, inner, `${path}.${name}`);
  }
}

/** Whether a shape has a member at a path such as `HostConfig.Mounts[].Type`. Any path into a map is one: its keys may have dots. */
export function hasMember(shape: Shape, path: string): boolean {
  if (shape === "value") return false;
  if (isList(shape)) return path.startsWith("[].") && hasMember(shape[0], path.slice(3));
  if (shape["*"] !== undefined) return true;
  return Object.entries(shape).some(([name, inner]) => {
    if (!path.startsWith(name)) return false;
    const rest = path.slice(name.length); // names of filters may have dots
    return (
      rest === "" || (rest.startsWith("[") && hasMember(inner, rest)) || (rest.startsWith(".") && hasMember(inner, rest.slice(1)))
    );
  });
}

/** Yields the paths of all members of a shape, in the form of {@link hasMember}; `*` is any key of a map. */
export function* memberPaths(shape: Shape, path: string): Generator<string> {
  if (shape === "value") return;
  if (isList(shape)) yield* memberPaths(shape[0], `${path}[]`);
  else {
    for (const [name, inner] of Object.entries(shape)) {
      const below = path === "" ? name : `${path}.${name}`;
      yield below;
      yield* memberPaths(inner, below);
    }
  }
}
