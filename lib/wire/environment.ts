import { homedir } from "node:os";
import { join } from "node:path";

/** Environment variables by name, as in `process.env`. @category Connecting */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Returns the home directory that the docker CLI uses, according to the rule of Go's `os.UserHomeDir`: `USERPROFILE` on Windows,
 * `HOME` everywhere else. If the variable is not set, the operating system provides the directory.
 *
 * @param env - the environment.
 * @param platform - the operating system.
 * @param home - returns the home directory of the operating system's user.
 */
export function homeFolder(env: Environment, platform: NodeJS.Platform = process.platform, home: () => string = homedir): string {
  return env[platform === "win32" ? "USERPROFILE" : "HOME"] || home();
}

/**
 * Returns the directory of the docker CLI's settings: `DOCKER_CONFIG`, or else `.docker` in the home directory.
 *
 * @param env - the environment.
 * @param platform - the operating system.
 * @param home - returns the home directory of the operating system's user.
 */
export function configFolder(env: Environment, platform?: NodeJS.Platform, home?: () => string): string {
  return env["DOCKER_CONFIG"] || join(homeFolder(env, platform, home), ".docker");
}
