import { InvalidOptionError } from "../../errors/usage-errors.js";
import { parseReference } from "../../wire/reference.js";

/** The options that name an image in a registry. */
interface NamedImage {
  /** Name of the method, for its errors. */
  readonly operation: string;
  /** The repository, optionally with the registry, and a tag or digest. */
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

/** Distinguishes a digest from a tag. */
export const isDigest = (tag: string): boolean => tag.includes(":");

/**
 * Combines the options into a reference. Engines no longer accept the registry separately, so it is prefixed to the name.
 *
 * @throws {@link InvalidOptionError} when the options contain two tags, or a tag and `allTags`.
 */
export function registryImage({ operation, name, registry, tag, allTags = false }: NamedImage): RegistryImage {
  const named = parseReference(registry ? `${registry}/${name}` : name);
  const { repository } = named;
  const own = named.digest ?? named.tag;
  if (tag !== undefined && own !== undefined && tag !== own) {
    throw new InvalidOptionError("tag", `${operation}: ${name} already has a tag or digest that conflicts with option "tag"`, {
      operation,
    });
  }
  const given = tag ?? own;
  if (allTags && given !== undefined) {
    throw new InvalidOptionError("allTags", `${operation}: pass either a tag or the option "allTags"`, { operation });
  }
  const wanted = given ?? (allTags ? undefined : "latest");
  const reference = wanted === undefined ? repository : `${repository}${isDigest(wanted) ? "@" : ":"}${wanted}`;
  return { repository, tag: wanted, reference };
}
