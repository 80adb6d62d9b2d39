import { parseReference } from "../../wire/reference.js";
import { isPrefixedImageId, referenceProblem, tagProblem } from "../../wire/reference-grammar.js";
import { badRequest } from "../engine-error.js";

/** Docker Hub, which names without a registry belong to. */
export const DEFAULT_REGISTRY = "docker.io";

/** The longest name of a repository, without the registry. */
const PATH_LIMIT = 255;

/** The name of an image, with a tag, a digest, both or neither. */
export interface NamedReference {
  /** The registry, such as `docker.io` or `localhost:5000`. */
  readonly registry: string;
  /** Path in the registry, such as `library/busybox`. */
  readonly path: string;
  /** The repository as Docker shows it, such as `busybox` or `localhost:5000/team/tool`. */
  readonly repository: string;
  /** The tag, if the name has one. */
  readonly tag: string | undefined;
  /** The digest, if the name has one. */
  readonly digest: string | undefined;
}

/** Splits a repository into registry and path, by the rule that a registry has a dot, a port or an upper-case letter. */
function splitRepository(repository: string): { registry: string; path: string } {
  const slash = repository.indexOf("/");
  const first = slash < 0 ? "" : repository.slice(0, slash);
  const isRegistry = first === "localhost" || /[.:A-Z[]/.test(first);
  const registry = isRegistry && first !== "index.docker.io" ? first : DEFAULT_REGISTRY;
  const rest = isRegistry ? repository.slice(slash + 1) : repository;
  return { registry, path: registry === DEFAULT_REGISTRY && !rest.includes("/") ? `library/${rest}` : rest };
}

function familiar(registry: string, path: string): string {
  if (registry !== DEFAULT_REGISTRY) return `${registry}/${path}`;
  return /^library\/([^/]+)$/.exec(path)?.[1] ?? path;
}

/**
 * Parses the name of an image, such as `busybox`, `localhost:5000/team/tool:1` or `busybox@sha256:…`.
 *
 * @throws {@link EngineError} with status 400 when it is invalid.
 */
export function parseName(name: string): NamedReference {
  const { repository, tag, digest } = parseReference(name);
  if (/^[0-9a-f]{64}$/.test(name)) {
    throw badRequest(`invalid repository name (${name}), cannot specify 64-byte hexadecimal strings`);
  }
  const { registry, path } = splitRepository(repository);
  // ids that start with their algorithm are names with the repository sha256
  if (referenceProblem(name) !== undefined && !isPrefixedImageId(name)) {
    if (path.length > PATH_LIMIT && /^[a-z0-9/._-]*$/.test(path)) {
      throw badRequest(`repository name must not be more than ${PATH_LIMIT} characters`);
    }
    if (/[A-Z]/.test(path) && referenceProblem(name.replace(repository, repository.toLowerCase())) === undefined) {
      throw badRequest(`invalid reference format: repository name (${path}) must be lowercase`);
    }
    throw badRequest("invalid reference format");
  }
  return { registry, path, repository: familiar(registry, path), tag, digest };
}

/**
 * Parses the name and the tag that a request sends separately, as the target of a tag.
 *
 * @throws {@link EngineError} with status 400 when they are invalid.
 */
export function parseTarget(repository: string, tag: string): NamedReference {
  const name = parseName(repository);
  if (name.digest !== undefined) throw badRequest("cannot import digest reference");
  if (tag === "") return withDefaultTag(name);
  if (tagProblem(tag) !== undefined) throw badRequest("invalid tag format");
  return { ...name, tag };
}

/** Returns the name with the tag `latest` if it has neither tag nor digest. */
export const withDefaultTag = (name: NamedReference): NamedReference =>
  name.tag === undefined && name.digest === undefined ? { ...name, tag: "latest" } : name;

/** Formats a name as Docker shows it. */
export function formatName({ repository, tag, digest }: NamedReference): string {
  return `${repository}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

/** The key of a name in the store: with its digest, or else its tag, `latest` by default. */
export function keyOf(name: NamedReference): string {
  return name.digest === undefined ? formatName(withDefaultTag(name)) : `${name.repository}@${name.digest}`;
}

/** Returns whether a stored name has a digest instead of a tag. */
export const isDigestKey = (key: string): boolean => key.includes("@");

/** Returns the repository of a stored name. */
export const repositoryOf = (key: string): string => parseReference(key).repository;
