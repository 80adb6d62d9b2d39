import { quoted } from "../errors/quote.js";
import { parseReference } from "./reference.js";

/** The longest path of a repository, in characters. */
const PATH_LIMIT = 255;

/** The longest tag, in characters. */
const TAG_LIMIT = 128;

/** The number of hexadecimal digits in a digest, by algorithm. */
const digestSizes: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

const HIGHEST_PORT = 65_535;

/** Quotes a part of an untrusted reference. */
const quote = (part: string): string => quoted(part, 80);

/**
 * Returns whether a name is an image ID with its algorithm, or the start of one. Docker reads it as a tag in the repository
 * `sha256`.
 */
export const isPrefixedImageId = (name: string): boolean => /^sha256:[0-9a-f]+$/.test(name);

/** An image ID without its algorithm, which Docker does not accept as the name of a repository. */
const bareId = /^[0-9a-f]{64}$/;

/**
 * Returns whether a name has the form of an image ID: `sha256:…`, 64 hexadecimal digits, or the 12 digits that the docker command
 * prints. No image in a registry has such a name.
 */
export const isImageId = (name: string): boolean => isPrefixedImageId(name) || bareId.test(name) || /^[0-9a-f]{12}$/.test(name);

/** Returns what is wrong with the tag of an image; undefined if it is valid. */
export function tagProblem(tag: string): string | undefined {
  if (tag === "") return "has an empty tag";
  if (tag.length > TAG_LIMIT) return `has a tag of ${tag.length} characters; ${TAG_LIMIT} is the limit`;
  const wrong = /[^\w.-]/.exec(tag);
  if (wrong) return `has the character ${quote(wrong[0])} in its tag ${quote(tag)}`;
  return /^\w/.test(tag) ? undefined : `has a tag that starts with ${quote(tag.slice(0, 1))}`;
}

/** Returns what is wrong with a digest; undefined if it is valid. */
export function digestProblem(digest: string): string | undefined {
  if (digest === "") return "has an empty digest";
  const colon = digest.indexOf(":");
  const algorithm = digest.slice(0, Math.max(colon, 0));
  const hex = digest.slice(colon + 1);
  const size = Object.hasOwn(digestSizes, algorithm) ? digestSizes[algorithm] : undefined;
  if (size === undefined) return `has a digest without a known algorithm such as "sha256:": ${quote(digest)}`;
  if (hex.length !== size) return `has a ${algorithm} digest of ${hex.length} digits instead of ${size}`;
  return /^[0-9a-f]+$/.test(hex) ? undefined : `has a digest that is not lower-case hexadecimal: ${quote(digest)}`;
}

function hostProblem(host: string): string | undefined {
  const [, name = "", port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(host) ?? [];
  if (port !== undefined && (!/^\d+$/.test(port) || Number(port) > HIGHEST_PORT)) {
    return `has the port ${quote(port)} in its registry ${quote(host)}`;
  }
  const isHost =
    /^\[[0-9a-fA-F:]+\]$/.test(name) ||
    name.split(".").every((label) => /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/.test(label));
  return isHost ? undefined : `has the invalid registry ${quote(host)}`;
}

function componentProblem(component: string): string | undefined {
  if (component === "") return "has an empty path component";
  const wrong = /[^a-z0-9._-]/.exec(component);
  if (wrong) {
    const kind = /[A-Z]/.test(wrong[0]) ? "the upper-case letter" : "the character";
    return `has ${kind} ${quote(wrong[0])} in its repository ${quote(component)}`;
  }
  // one dot, one or two underscores, or any number of hyphens between letters and digits
  const isValid = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/.test(component);
  return isValid ? undefined : `has misplaced separators in its repository ${quote(component)}`;
}

/** Whether Docker treats the first component of a reference as the registry. */
const isHost = (first: string): boolean => /[.:A-Z[]/.test(first) || first === "localhost";

function repositoryProblem(repository: string): string | undefined {
  if (repository === "") return "has no repository";
  if (bareId.test(repository)) return "is an image ID, not a repository";
  const [first = "", ...rest] = repository.split("/");
  const hasHost = rest.length > 0 && isHost(first);
  const path = hasHost ? rest : [first, ...rest];
  const problem = hasHost ? hostProblem(first) : undefined;
  if (problem !== undefined) return problem;
  for (const component of path) {
    const wrong = componentProblem(component);
    if (wrong !== undefined) return wrong;
  }
  const { length } = path.join("/");
  return length > PATH_LIMIT ? `has a repository of ${length} characters; ${PATH_LIMIT} is the limit` : undefined;
}

/**
 * Returns what is wrong with an image reference according to Docker's grammar, as the predicate of a sentence; undefined if it is
 * valid.
 */
export function referenceProblem(reference: string): string | undefined {
  const { repository, tag, digest } = parseReference(reference);
  return (
    repositoryProblem(repository) ??
    (tag === undefined ? undefined : tagProblem(tag)) ??
    (digest === undefined ? undefined : digestProblem(digest))
  );
}

/** Returns what is wrong with the name of an image in the engine, which may also be an ID or the start of an ID. */
export const imageNameProblem = (name: string): string | undefined => (isImageId(name) ? undefined : referenceProblem(name));
