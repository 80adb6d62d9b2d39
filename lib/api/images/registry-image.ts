import { parseReference } from "../../wire/reference.js";
import { InvalidOptionError } from "../../errors/usage-errors.js";

/** How options name an image in a registry. */
interface NamedImage {
  /** Name of the method, for its errors. */
  readonly operation: string;
  /** The repository, which may have the registry, a tag or a digest with it. */
  readonly name: string;
  /** The registry, where the name does not have it. */
  readonly registry: string | undefined;
  /** The tag or digest, where the name does not have it. */
  readonly tag: string | undefined;
  /** Whether all tags of the repository are meant. */
  readonly allTags: boolean | undefined;
}

/** An image in a registry. */
export interface RegistryImage {
  /** Registry and repository. */
  readonly repository: string;
  /** The tag or digest; undefined for all tags. */
  readonly tag: string | undefined;
  /** All of it in one. */
  readonly reference: string;
}

/** Tells a digest from a tag. */
export const isDigest = (tag: string): boolean => tag.includes(":");

/**
 * Puts together how a registry knows an image. Engines no longer read a registry of its own: it goes before the name.
 *
 * @throws {@link InvalidOptionError} when the options name two tags, or one and all of them.
 */
export function registryImage({ operation, name, registry, tag, allTags = false }: NamedImage): RegistryImage {
  const named = parseReference(registry ? `${registry}/${name}` : name);
  const { repository } = named;
  const own = named.digest ?? named.tag;
  if (tag !== undefined && own !== undefined && tag !== own) {
    throw new InvalidOptionError("tag", `${operation}: ${name} names a tag or digest already, and option "tag" another`, {
      operation,
    });
  }
  const given = tag ?? own;
  if (allTags && given !== undefined) {
    throw new InvalidOptionError("allTags", `${operation}: give either a tag or the option "allTags"`, { operation });
  }
  const wanted = given ?? (allTags ? undefined : "latest");
  const reference = wanted === undefined ? repository : `${repository}${isDigest(wanted) ? "@" : ":"}${wanted}`;
  return { repository, tag: wanted, reference };
}
