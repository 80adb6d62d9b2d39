import { InvalidOptionError } from "../../errors/usage-errors.js";
import { imageNameProblem, referenceProblem, tagProblem } from "../../wire/reference-grammar.js";
import { isText, type TextField, type Versions } from "./field.js";
import { query } from "./query.js";

type Problem = (name: string) => string | undefined;

/** Returns what is wrong with the first of several names. */
const firstProblem = (problem: Problem, names: readonly string[]): string | undefined =>
  names.map(problem).find((wrong) => wrong !== undefined);

const explained = (problem: Problem) => (value: unknown) => {
  const names = [value].flat();
  return names.every(isText) ? firstProblem(problem, names) : undefined;
};

/** The name of an image or plugin in the path: a reference or an ID. Its slashes and colons are not percent-encoded. */
export const referenceParam: TextField<string> = {
  in: "path",
  key: "",
  encoding: "reference",
  expects: "a string",
  required: true,
  // the operation's own error reports an empty name
  encode: (v) => (isText(v) && (v === "" || imageNameProblem(v) === undefined) ? v : undefined),
  explain: explained(imageNameProblem),
};

/** An image reference. */
export const reference = (key: string, versions?: Versions): TextField<string> => ({
  ...query(key, "reference", "a string", (v) => (isText(v) && referenceProblem(v) === undefined ? v : undefined), versions),
  explain: explained(referenceProblem),
});

/** The tag of an image. */
export const imageTag = (key: string): TextField<string> => ({
  ...query(key, "reference", "a string", (v) => (isText(v) && tagProblem(v) === undefined ? v : undefined)),
  explain: explained(tagProblem),
});

/** A key that occurs once for each image reference. A single string counts as a list of one. */
export const repeatedReference = (
  key: string,
  { problem = referenceProblem, ...versions }: Versions & { problem?: Problem } = {},
): TextField<string | readonly string[]> => ({
  ...query(
    key,
    "repeat",
    "a string or a list of strings",
    (v) => {
      const names = [v].flat();
      return names.every(isText) && firstProblem(problem, names) === undefined ? names : undefined;
    },
    versions,
  ),
  explain: explained(problem),
});

/**
 * Checks the name of an image in a body: the engine would reject it only after other work, or with a misleading error.
 *
 * @param operation - name of the method, for its errors.
 * @param image - the option, the path of the image in it, and the image; an empty image is left to the engine.
 * @param problem - returns what is wrong with an image.
 * @throws {@link InvalidOptionError} when the image is neither a reference nor, if the operation accepts one, an ID.
 */
export function checkImage(
  operation: string,
  { option, path, image }: { option: string; path: string; image: string | undefined },
  problem: Problem = imageNameProblem,
): void {
  const wrong = isText(image) && image !== "" ? problem(image) : undefined;
  if (wrong !== undefined)
    throw new InvalidOptionError(option, `${operation}: ${path} of option "${option}" ${wrong}`, { operation });
}
