import { InvalidOptionError } from "../../errors/usage-errors.js";
import { parseReference } from "../../wire/reference.js";
import { digestProblem, isPrefixedImageId, referenceProblem, tagProblem } from "../../wire/reference-grammar.js";
import { imageIdAsName, noImageName } from "./errors.js";

/** The options that identify an image in a registry. */
interface NamedImage {
  /** The operation, for errors. */
  readonly operation: Parameters<typeof noImageName>[0];
  /** Name of the option that contains the image name. */
  readonly option: string;
  /** The repository, optionally with a registry, and with a tag or digest. */
  readonly name: string;
  /** The registry, if the name does not include it. */
  readonly registry: string | undefined;
  /** The tag or digest, if the name does not include it. */
  readonly tag: string | undefined;
  /** Whether to use all tags of the repository. */
  readonly allTags: boolean | undefined;
}

/** An image in a registry. */
export interface RegistryImage {
  /** Registry and repository. */
  readonly repository: string;
  /** The tag or digest; undefined for all tags. */
  readonly tag: string | undefined;
  /** The full reference. */
  readonly reference: string;
}

/** Returns whether a tag is actually a digest. */
export const isDigest = (tag: string): boolean => tag.includes(":");

/**
 * Combines the options into a reference. The registry becomes a prefix of the name, because engines no longer accept it
 * separately.
 *
 * @throws {@link InvalidOptionError} when the options contain two different tags, or both a tag and `allTags`.
 */
export function registryImage({ operation, option, name, registry, tag, allTags = false }: NamedImage): RegistryImage {
  const invalid = (wrong: string, problem: string) =>
    new InvalidOptionError(wrong, `${operation.name}: ${problem}`, { operation: operation.name });
  if (!name) throw noImageName(operation);
  if (isPrefixedImageId(name)) throw imageIdAsName(operation, name);
  const full = registry ? `${registry}/${name}` : name;
  const problem = referenceProblem(full);
  if (problem !== undefined) throw invalid(option, `option "${option}" ${problem}`);
  const tagFault = tag !== undefined && (isDigest(tag) ? digestProblem(tag) : tagProblem(tag));
  if (tagFault) throw invalid("tag", `option "tag" ${tagFault}`);
  const named = parseReference(full);
  const { repository } = named;
  const own = named.digest ?? named.tag;
  if (tag !== undefined && own !== undefined && tag !== own) {
    throw invalid("tag", `${name} already has a tag or digest that conflicts with option "tag"`);
  }
  const given = tag ?? own;
  if (allTags && given !== undefined) throw invalid("allTags", 'pass either a tag or the option "allTags"');
  const wanted = given ?? (allTags ? undefined : "latest");
  const reference = wanted === undefined ? repository : `${repository}${isDigest(wanted) ? "@" : ":"}${wanted}`;
  return { repository, tag: wanted, reference };
}
