import { parseReference } from "../../wire/reference.js";
import { InvalidOptionError } from "../../errors/usage-errors.js";

/** The name that an image is to get. */
interface Destination {
  repository: string;
  tag: string | undefined;
}

/**
 * Takes apart the name that an image is to get, because engines want repository and tag each on its own.
 *
 * @param operation - name of the method, for its errors.
 * @param option - name of the option that gives the repository, and may give the tag with it.
 * @param repository - the repository, as given.
 * @param tag - the tag, as given.
 * @throws {@link InvalidOptionError} when the name has a digest, which is not given but found, or two tags.
 */
export function destination(operation: string, option: string, repository: string, tag: string | undefined): Destination {
  const named = parseReference(repository);
  if (named.digest !== undefined) {
    throw new InvalidOptionError(option, `${operation}: option "${option}" must not have a digest`, { operation });
  }
  if (named.tag !== undefined && tag !== undefined && named.tag !== tag) {
    const problem = `${operation}: option "${option}" names the tag ${named.tag} already, and option "tag" another`;
    throw new InvalidOptionError("tag", problem, { operation });
  }
  return { repository: named.repository, tag: tag ?? named.tag };
}
