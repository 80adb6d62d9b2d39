import { InvalidOptionError, UnsupportedVersionError } from "../../errors/usage-errors.js";
import { atLeast } from "../../wire/api-version.js";
import type { BuildImageOptions, BuildKitOptions } from "./build-options.js";

/** The options that only a session of the client's own can provide. */
const needingSession: readonly (keyof BuildKitOptions)[] = [
  "secrets",
  "ssh",
  "contexts",
  "platforms",
  "cacheTo",
  "noCacheFilter",
  "provenance",
  "entitlements",
];

/** The options that BuildKit ignores. */
const unknownToBuildKit: readonly (keyof BuildImageOptions)[] = [
  "memory",
  "memswap",
  "cpuShares",
  "cpuSetCpus",
  "cpuSetMems",
  "cpuPeriod",
  "cpuQuota",
  "securityOpt",
  "isolation",
  "squash",
];

/** The networks that BuildKit has. */
const networks: readonly unknown[] = [undefined, "", "default", "none", "host"];

/** The version since which engines have several outputs; before, they ignore all but the first. */
const SEVERAL_OUTPUTS = "1.45";

const refuse = (option: string, problem: string): InvalidOptionError =>
  new InvalidOptionError(option, `buildImage: option "${option}" ${problem}`, { operation: "buildImage" });

/**
 * Refuses the options that only a session of the client's own can provide.
 *
 * @throws {@link InvalidOptionError} when one is set.
 */
export function checkWithoutOwnSession(options: BuildImageOptions): void {
  const why = options.session === undefined ? 'requires version "2"' : "cannot be combined with a session of your own";
  const { value: feature } = ownSessionFeatures(options).next();
  if (feature) throw refuse(feature.option, `${feature.use}${why}`);
}

/** Yields the options that only a session of the client's own can provide. */
export function* ownSessionFeatures(options: BuildImageOptions): Generator<{ option: string; use: string }, undefined> {
  for (const option of needingSession) if (options[option] !== undefined) yield { option, use: "" };
  const isOther = options.cacheFrom?.some((entry) => typeof entry !== "string");
  if (isOther) yield { option: "cacheFrom", use: "with other sources than images " };
  const isLocal = options.outputs?.some(({ directory, outputStream }) => directory !== undefined || outputStream !== undefined);
  if (isLocal) yield { option: "outputs", use: "with a local destination " };
}

function checkOutputs({ outputs = [] }: BuildImageOptions): void {
  for (const { Type, directory, outputStream } of outputs) {
    if (Type === "local") {
      if (directory === undefined) throw refuse("outputs", 'needs a "directory" for the type local');
      if (outputStream !== undefined)
        throw refuse("outputs", 'has an "outputStream" for the type local, which needs a directory');
      continue;
    }
    if (directory !== undefined) throw refuse("outputs", `has a "directory" for the type ${Type}: only local has one`);
    const isArchive = Type === "tar" || Type === "oci" || Type === "docker";
    if (isArchive && outputStream === undefined) throw refuse("outputs", `needs an "outputStream" for the type ${Type}`);
    if (!isArchive && outputStream !== undefined)
      throw refuse("outputs", `has an "outputStream" for the type ${Type}, which has none`);
  }
}

/**
 * Refuses what BuildKit would ignore.
 *
 * @throws {@link InvalidOptionError} when an option has no effect on BuildKit, or its value is invalid there.
 */
export function checkForBuildKit(options: BuildImageOptions): void {
  for (const option of unknownToBuildKit) {
    if (options[option] !== undefined)
      throw refuse(option, "has no effect on BuildKit: leave it out, or use the classic builder");
  }
  const { networkMode, platform, platforms, noCache, noCacheFilter } = options;
  if (!networks.includes(networkMode)) throw refuse("networkMode", "must be default, none or host for BuildKit");
  if (platform !== undefined && platforms !== undefined) throw refuse("platforms", 'cannot be combined with "platform"');
  if (noCache && noCacheFilter) throw refuse("noCacheFilter", 'cannot be combined with "noCache"');
  checkOutputs(options);
}

/**
 * Refuses what an engine would ignore.
 *
 * @throws {@link UnsupportedVersionError} when the engine has only one output.
 */
export function checkEngineForBuildKit({ outputs = [] }: BuildImageOptions, version: string, endpoint: string): void {
  if (outputs.length > 1 && !atLeast(version, SEVERAL_OUTPUTS)) {
    const details = { operation: "buildImage", endpoint };
    throw new UnsupportedVersionError(
      'several outputs in option "outputs" of buildImage',
      { version, since: SEVERAL_OUTPUTS },
      details,
    );
  }
}
