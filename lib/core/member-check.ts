import { isDefault } from "./gates.js";
import { memberPaths, memberProblems, type Shape } from "./members/shape.js";
import { nearestName, sameName, suggestion } from "./names.js";

/** The path of an invalid option, and a message that says what to do about it. */
export type Problem = readonly [option: string, message: string];

/** The names that are valid in the value of each option of a method. */
export type OptionMembers = Readonly<Record<string, Shape>>;

/** Returns the shortest path, in any of the options, of a member with the name. */
function placeOf(name: string, members: OptionMembers): string | undefined {
  const paths = Object.entries(members).flatMap(([option, shape]) => [option, ...memberPaths(shape, option)]);
  const places = paths.filter((path) => sameName(name, [path.slice(path.lastIndexOf(".") + 1)]) !== undefined);
  return places.toSorted((a, b) => a.split(".").length - b.split(".").length)[0];
}

/**
 * Returns the first problem with the names in an option's value. An unknown member that resembles no known one and requests
 * nothing is accepted: inspections by newer engines contain such members.
 *
 * @param method - the name of the method, for the message.
 * @param members - the valid names in all options of the method.
 * @param option - the option, and its value.
 * @param isSent - whether to send the unknown member at a path anyway. By default, none is sent.
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
