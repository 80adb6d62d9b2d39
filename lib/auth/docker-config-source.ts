import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigurationError } from "../errors/usage-errors.js";
import { configFolder, type Environment, homeFolder } from "../wire/environment.js";
import { CredentialsFile } from "./docker-config.js";
import { abortErrorOf } from "./shared-runs.js";

/**
 * Where credentials are configured: `"environment"` for the places that the docker CLI reads, a directory with a `config.json`,
 * or `false` for no configuration.
 *
 * The docker CLI reads the environment variable `DOCKER_AUTH_CONFIG`, which contains a whole configuration, and then
 * `config.json` in the directory that `DOCKER_CONFIG` names, by default `~/.docker`. If `DOCKER_CONFIG` is not set and
 * `~/.docker/config.json` does not exist, it reads the older `~/.dockercfg`.
 *
 * @category Authentication
 */
export type DockerConfigSource =
  | "environment"
  | {
      /** The directory that holds `config.json`. */
      readonly directory: string;
    }
  | false;

/**
 * Reads the configurations of a source in order of precedence. Each configuration is read only when the iteration reaches it, so
 * that a recent login takes effect, and a later configuration is not read if an earlier one has the credentials. Configurations
 * that do not exist are skipped.
 *
 * @param source - where the configurations are.
 * @param env - the environment.
 * @param signal - cancels the search.
 * @param platform - the operating system.
 * @param missing - receives the path of each file that does not exist.
 * @throws {@link ConfigurationError} when a configuration is not a JSON object or cannot be read.
 * @throws {@link AbortError} when the signal is aborted.
 */
export async function* dockerConfigs(
  source: DockerConfigSource,
  env: Environment,
  signal?: AbortSignal,
  platform?: NodeJS.Platform,
  missing?: (path: string) => void,
): AsyncGenerator<CredentialsFile, void, undefined> {
  if (source === false) return;
  if (source === "environment") {
    const text = env["DOCKER_AUTH_CONFIG"];
    if (text) yield new CredentialsFile(text, { source: "the environment variable DOCKER_AUTH_CONFIG" });
  }
  const folder = (source !== "environment" && source.directory) || configFolder(env, platform);
  const path = join(folder, "config.json");
  const config = await readConfig(path, false, signal);
  if (config) return yield config;
  missing?.(path);
  if (source !== "environment" || env["DOCKER_CONFIG"]) return;
  const older = await readConfig(join(homeFolder(env, platform), ".dockercfg"), true, signal);
  if (older) yield older;
}

async function readConfig(path: string, legacy: boolean, signal: AbortSignal | undefined): Promise<CredentialsFile | undefined> {
  let text: string;
  try {
    text = await readFile(path, { encoding: "utf8", ...(signal && { signal }) });
  } catch (cause) {
    if (signal?.aborted) throw abortErrorOf(signal);
    const { code } = cause as NodeJS.ErrnoException; // node:fs rejects with this type
    if (code === "ENOENT") return undefined;
    throw new ConfigurationError(`${path} cannot be read (${code ?? "unknown reason"})`, { cause });
  }
  return new CredentialsFile(text, { source: path, legacy });
}
