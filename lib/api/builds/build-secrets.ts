import { readFile, stat } from "node:fs/promises";
import { InvalidOptionError } from "../../errors/usage-errors.js";
import type { Environment } from "../../wire/environment.js";
import { errorMessage, isBytes } from "../../wire/realm.js";
import type { BuildKitOptions, BuildSecret } from "./build-options.js";

/** The largest secret, in bytes, as with the docker command. */
const LARGEST_SECRET = 500 * 1024;

/** The ID of the SSH agent that a step gets by default. */
const DEFAULT_AGENT = "default";

const refuse = (option: string, problem: string, cause?: unknown): InvalidOptionError =>
  new InvalidOptionError(option, `buildImage: ${problem}`, { operation: "buildImage", cause });

async function reader(id: string, secret: BuildSecret, env: Environment): Promise<() => Promise<Buffer>> {
  const checked = (length: number): void => {
    if (length > LARGEST_SECRET) throw refuse("secrets", `the secret "${id}" has more than ${LARGEST_SECRET} bytes`);
  };
  if ("file" in secret) {
    const { file } = secret;
    const stats = await stat(file).catch((cause: unknown) => {
      throw refuse("secrets", `the file of the secret "${id}" cannot be read: ${errorMessage(cause)}`, cause);
    });
    checked(stats.size);
    return () => readFile(file);
  }
  const value = "env" in secret ? env[secret.env] : secret.value;
  if (value === undefined && "env" in secret) {
    throw refuse("secrets", `the variable ${secret.env} of the secret "${id}" is not set`);
  }
  if (typeof value !== "string" && !isBytes(value)) throw refuse("secrets", `the secret "${id}" has none of file, env and value`);
  const content = Buffer.from(value);
  checked(content.length);
  return () => Promise.resolve(content);
}

/**
 * Returns functions that read the secrets of a build, by ID.
 *
 * @throws {@link InvalidOptionError} when a file or variable does not exist, or a secret is too large.
 */
export async function readSecrets(
  secrets: BuildKitOptions["secrets"] = {},
  env: Environment,
): Promise<ReadonlyMap<string, () => Promise<Buffer>>> {
  const readers = new Map<string, () => Promise<Buffer>>();
  for (const [id, secret] of Object.entries(secrets)) readers.set(id, await reader(id, secret, env));
  return readers;
}

/**
 * Returns the sockets of the SSH agents of a build, by ID.
 *
 * @throws {@link InvalidOptionError} when the environment has no agent.
 */
export function agentSockets(ssh: BuildKitOptions["ssh"] = {}, env: Environment): ReadonlyMap<string, string> {
  const agents = Object.entries(ssh === true ? { [DEFAULT_AGENT]: true as const } : ssh);
  return new Map(
    agents.map(([id, agent]) => {
      const path = agent === true ? env["SSH_AUTH_SOCK"] : agent;
      if (!path) throw refuse("ssh", `there is no SSH agent for "${id}": SSH_AUTH_SOCK is not set`);
      return [id, path];
    }),
  );
}
