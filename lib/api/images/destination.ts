import { InvalidOptionError } from "../../errors/usage-errors.js";
import { parseReference } from "../../wire/reference.js";
import { referenceProblem } from "../../wire/reference-grammar.js";

/** The name of an image to create. */
interface Destination {
  repository: string;
  tag: string | undefined;
}

/**
 * Splits the new name of an image, because engines expect the repository and the tag separately.
 *
 * @param operation - name of the method, for errors.
 * @param option - name of the option that contains the repository and optionally a tag.
 * @param repository - the value of that option.
 * @param tag - the value of the option `tag`.
 * @throws {@link InvalidOptionError} when the name has a digest, which cannot be assigned, or two different tags.
 */
export function destination(operation: string, option: string, repository: string, tag: string | undefined): Destination {
  const invalid = (wrong: string, problem: string) =>
    new InvalidOptionError(wrong, `${operation}: option "${wrong}" ${problem}`, { operation });
  const problem = referenceProblem(repository);
  if (problem !== undefined) throw invalid(option, problem);
  const named = parseReference(repository);
  if (named.digest !== undefined) throw invalid(option, "must not have a digest");
  if (named.tag !== undefined && tag !== undefined && named.tag !== tag) {
    throw invalid("tag", `conflicts with the tag ${named.tag} in option "${option}"`);
  }
  return { repository: named.repository, tag: tag ?? named.tag };
}
