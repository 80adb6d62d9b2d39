/**
 * The names that are valid in a value of a request, at every depth: an object has a shape for each member, a list one for its
 * items, and a map one for its values (`*`). A `value` has no members.
 */
export type Shape = "value" | ListShape | MemberShapes;

/** The shape of a list: the shape of its items. */
type ListShape = readonly [Shape];

/** The shapes of an object's members by name, or of the values of a map under `*`. */
export interface MemberShapes {
  readonly [name: string]: Shape;
}

/** A value whose members are not checked, such as a string. */
export const value = "value";
/** A list of such values. */
export const list = [value] as const;
/** A map of such values. The caller chooses its keys. */
export const map = { "*": value } as const;
/** An object that is always empty. */
export const empty = {} as const;

/** A map of values of some shape. The caller chooses its keys. */
export const mapOf = <S extends Shape>(shape: S): { readonly "*": S } => ({ "*": shape });

/** The members of an object type. The compiler rejects a missing or misspelled member. */
export type MembersOf<T extends object> = { readonly [K in keyof T & string]-?: ShapeOf<NonNullable<T[K]>> };

type MapShape<V> = [V] extends [never] ? typeof empty : { readonly "*": ShapeOf<NonNullable<V>> };

/** The shape of the values of a type. */
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

/** An invalid member of a request: an unknown name, or a string in place of a list. */
export type MemberProblem =
  | {
      readonly kind: "unknown";
      readonly path: string;
      readonly name: string;
      readonly value: unknown;
      readonly known: readonly string[];
    }
  | { readonly kind: "string"; readonly path: string; readonly expects: string };

type Step = string | number;

const pathOf = (steps: readonly Step[]): string =>
  steps.map((step, index) => (typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`)).join("");

/** Adds the problems of a value to `found`. Paths are built only for problems, because this runs on every call. */
function visit(value: unknown, shape: Shape, steps: Step[], found: MemberProblem[]): void {
  if (shape === "value") return;
  const inner = (step: Step, one: unknown, its: Shape): void => {
    if (its === "value") return;
    steps.push(step);
    visit(one, its, steps, found);
    steps.pop();
  };
  if (isList(shape)) {
    const [item] = shape;
    const expects = item === "value" ? "a list of strings" : "a list";
    if (typeof value === "string") found.push({ kind: "string", path: pathOf(steps), expects });
    else if (item !== "value" && Array.isArray(value)) for (const [index, one] of value.entries()) inner(index, one, item);
  } else if (Array.isArray(value)) {
    // some options accept one object or a list
    for (const [index, one] of value.entries()) inner(index, one, shape);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined) continue;
      const its = shape["*"] ?? (Object.hasOwn(shape, name) ? shape[name] : undefined);
      if (its !== undefined) inner(name, member, its);
      else found.push({ kind: "unknown", path: pathOf([...steps, name]), name, value: member, known: Object.keys(shape) });
    }
  }
}

/**
 * Returns the unknown members of a value, and the strings in place of lists. Checking all other types is left to the engine.
 *
 * @param path - the path of the value, with which the paths of its members begin.
 */
export function memberProblems(value: unknown, shape: Shape, path: string): readonly MemberProblem[] {
  const found: MemberProblem[] = [];
  visit(value, shape, [path], found);
  return found;
}

/**
 * Whether a shape has a member at a path such as `HostConfig.Mounts[].Type`. Every path into a map counts as one, because its
 * keys may contain dots.
 */
export function hasMember(shape: Shape, path: string): boolean {
  if (shape === "value") return false;
  if (isList(shape)) return path.startsWith("[].") && hasMember(shape[0], path.slice(3));
  if (shape["*"] !== undefined) return true;
  return Object.entries(shape).some(([name, inner]) => {
    if (!path.startsWith(name)) return false;
    const rest = path.slice(name.length); // names of filters may contain dots
    return (
      rest === "" || (rest.startsWith("[") && hasMember(inner, rest)) || (rest.startsWith(".") && hasMember(inner, rest.slice(1)))
    );
  });
}

/** Yields the paths of all members of a shape, in the form that {@link hasMember} accepts; `*` stands for the keys of a map. */
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
