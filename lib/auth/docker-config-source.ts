import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { ConfigurationError } from "../errors/usage-errors.js";
import { abortErrorOf } from "./shared-runs.js";
import { type DockerConfig, parseDockerConfig } from "./docker-config.js";

/** Environment variables by name, as in `process.env`. @category Authentication */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where credentials are configured: `"environment"` for where the docker CLI looks, a directory with a `config.json` in it, or
 * `false` for nowhere.
 *
 * The docker CLI looks in the variable `DOCKER_AUTH_CONFIG`, which holds a whole configuration, and then in `config.json` in the
 * directory `DOCKER_CONFIG`, by default `~/.docker`. Where `DOCKER_CONFIG` is not set and there is no `~/.docker/config.json`,
 * the older `~/.dockercfg` is read as well.
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
 * Reads the configurations of a source, the one that comes first before the others. Each is read when it is asked for, so that
 * a login made meanwhile counts, and a later one is not read at all when an earlier one has the answer.
 *
 * @throws {@link ConfigurationError} when a configuration cannot be read or is damaged. One that does not exist is left out.
 * @throws {@link AbortError} when the signal is aborted.
 */
export async function* dockerConfigs(
  source: DockerConfigSource,
  env: Environment,
  signal?: AbortSignal,
): AsyncGenerator<DockerConfig, void, undefined> {
  if (source === false) return;
  if (source === "environment") {
    const text = env["DOCKER_AUTH_CONFIG"];
    if (text) yield parseDockerConfig(text, { source: "the environment variable DOCKER_AUTH_CONFIG" });
  }
  const home = env[process.platform === "win32" ? "USERPROFILE" : "HOME"] || homedir();
  const own = source === "environment" ? env["DOCKER_CONFIG"] : source.directory;
  const config = await readConfig(join(own || join(home, ".docker"), "config.json"), false, signal);
  if (config) yield config;
  else if (!own) {
    const older = await readConfig(join(home, ".dockercfg"), true, signal);
    if (older) yield older;
  }
}

async function readConfig(path: string, legacy: boolean, signal: AbortSignal | undefined): Promise<DockerConfig | undefined> {
  let text: string;
  try {
    text = await readFile(path, { encoding: "utf8", ...(signal && { signal }) });
  } catch (cause) {
    if (signal?.aborted) throw abortErrorOf(signal);
    const { code } = cause as NodeJS.ErrnoException; // what node:fs rejects with
    if (code === "ENOENT") return undefined;
    throw new ConfigurationError(`${path} cannot be read (${code ?? "unknown reason"})`, { cause });
  }
  return parseDockerConfig(text, { source: path, legacy });
}
