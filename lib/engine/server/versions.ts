import { atLeast, compareVersions } from "../../wire/api-version.js";
import { badRequest } from "../engine-error.js";

/** The API versions that an engine serves. */
export interface ServedVersions {
  /** The lowest version. */
  readonly min: string;
  /** The highest version: that of requests without a version in their path. */
  readonly max: string;
}

/** The path of a request without the version, and the version that applies to it. */
export interface VersionedPath {
  /** The path without the version. */
  readonly path: string;
  /** The API version. */
  readonly version: string;
}

/**
 * Splits the version off a path.
 *
 * @param path - a path such as `/v1.41/info` or `/info`.
 * @throws an {@link EngineError} with status 400 for a version that is not served.
 */
export function splitVersion(path: string, { min, max }: ServedVersions): VersionedPath {
  const match = /^\/v([\d.]+)(\/.*)$/.exec(path);
  if (!match) return { path, version: max };
  const [, version = max, rest = "/"] = match;
  if (!atLeast(version, min)) {
    throw badRequest(
      `client version ${version} is too old. Minimum supported API version is ${min}, please upgrade your client to a newer version`,
    );
  }
  if (compareVersions(version, max) > 0) {
    throw badRequest(`client version ${version} is too new. Maximum supported API version is ${max}`);
  }
  return { path: rest, version };
}

/** Whether the errors of a request are plain text: below API 1.24 they are. */
export function answersText(target: string): boolean {
  const version = /^\/v([\d.]+)\//.exec(target)?.[1];
  return version !== undefined && !atLeast(version, "1.24");
}
