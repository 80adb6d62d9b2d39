import { isDefault } from "./gates.js";
import { memberPaths, memberProblems, type Shape } from "./members/shape.js";
import { nearestName, sameName, suggestion } from "./names.js";

/** A wrong option, by its path, and what to do about it. */
export type Problem = readonly [option: string, message: string];

/** The names that the values of a method's options may have, by option. */
export type OptionMembers = Readonly<Record<string, Shape>>;

/** Returns the path of a member that has the name, in any option. */
function placeOf(name: string, members: OptionMembers): string | undefined {
  const paths = Object.entries(members).flatMap(([option, shape]) => [option, ...memberPaths(shape, option)]);
  const places = paths.filter((path) => sameName(name, [path.slice(path.lastIndexOf(".") + 1)]) !== undefined);
  return places.toSorted((a, b) => a.split(".").length - b.split(".").length)[0];
}

/**
 * Returns what is wrong with the names in the value of an option. An unknown member that resembles no other and requests nothing is
 * accepted: newer engines send such members in inspections.
 *
 * @param method - the method, for the message.
 * @param members - the names in all options of the method.
 * @param option - the option, and its value.
 * @param isSent - returns whether the unknown member at a path is sent anyway; by default none is.
 */
export function memberProblem(
  method: string,
  members: OptionMembers,
  [option, value]: readonly [option: string, value: unknown],
  isSent: (path: string) => boolean = () => false,
): Problem | undefined {
  for (const problem of memberProblems(value, Object.hasOwn(members, option) ? (members[option] ?? "value") : "value", option)) {
    const { path } = problem;
    if (problem.kind === "string") return [path, `${method}: option "${path}" must be ${problem.expects}, not a string`];
    const { name, known } = problem;
    if (isSent(path)) continue;
    const elsewhere = sameName(name, known) === undefined ? placeOf(name, members) : undefined;
    if (elsewhere !== undefined) return [path, `${method} has no option "${path}": did you mean "${elsewhere}"?`];
    if (nearestName(name, known) === undefined && isDefault(problem.value, path, undefined)) continue;
    return [path, `${method} has no option "${path}"${suggestion(name, known)}`];
  }
  return undefined;
}
