import { CredentialsError } from "../errors/usage-errors.js";
import type { Environment } from "../wire/environment.js";
import type { AuthConfiguration } from "./auth-configuration.js";
import { type HelperResult, runHelper } from "./helper-process.js";
import { registryOfKey } from "./registry-name.js";
import { SharedRuns } from "./shared-runs.js";

/** The message that every helper prints if it has no credentials for a registry. */
const notFound = "credentials not found in native keychain";

/** The user name that marks a secret as an identity token. */
const tokenUser = "<token>";

/** Settings for running credential helpers. */
export interface CredentialHelpersOptions {
  /** The environment of the helpers, which are found through its `PATH`. */
  readonly env: Environment;
  /** The timeout of each helper, in milliseconds; 0 for none. */
  readonly timeout: number;
}

/** Runs the programs `docker-credential-…`. Concurrent calls for the same credentials share one run. */
export class CredentialHelpers {
  readonly #options: CredentialHelpersOptions;
  readonly #gets = new SharedRuns<AuthConfiguration | undefined>();
  readonly #lists = new SharedRuns<string[]>();

  /** @param options - settings for running helpers. */
  constructor(options: CredentialHelpersOptions) {
    this.#options = options;
  }

  /**
   * Requests the credentials for a registry from a helper.
   *
   * @param name - the helper's name, without `docker-credential-`.
   * @param address - the host of the registry, or the address under which the helper stores it.
   * @param signal - ends the wait, and kills the helper if no other call waits for it.
   * @returns undefined if the helper has none.
   * @throws {@link CredentialsError} when the helper fails.
   * @throws {@link AbortError} when the signal is aborted.
   */
  get(name: string, address: string, signal?: AbortSignal): Promise<AuthConfiguration | undefined> {
    return this.#gets.run(JSON.stringify([name, address]), (shared) => this.#get(name, address, shared), signal);
  }

  /**
   * Requests the list of registries from a helper.
   *
   * @param name - the helper's name, without `docker-credential-`.
   * @param signal - ends the wait, and kills the helper if no other call waits for it.
   * @returns the addresses under which the helper stores credentials.
   * @throws {@link CredentialsError} when the helper fails.
   * @throws {@link AbortError} when the signal is aborted.
   */
  list(name: string, signal?: AbortSignal): Promise<string[]> {
    return this.#lists.run(name, (shared) => this.#list(name, shared), signal);
  }

  async #get(name: string, address: string, signal: AbortSignal): Promise<AuthConfiguration | undefined> {
    const purpose = registryOfKey(address) ?? "a registry";
    const program = programOf(name, purpose);
    const result = await runHelper({ program, action: "get", input: address, purpose, ...this.#options }, signal);
    if (result.status !== 0 && result.output.trim() === notFound) return undefined;
    const { Username: username, Secret: secret } = parseAnswer(result, `${program} get`, purpose);
    if (typeof username !== "string" || typeof secret !== "string") throw malformed(program, purpose);
    if (username === "" && secret === "") return undefined;
    return username === tokenUser ? { identitytoken: secret } : { username, password: secret };
  }

  async #list(name: string, signal: AbortSignal): Promise<string[]> {
    const purpose = "a list of registries";
    const program = programOf(name, purpose);
    // list reads no input, but some helpers wait for input
    const result = await runHelper({ program, action: "list", input: "unused", purpose, ...this.#options }, signal);
    return Object.keys(parseAnswer(result, `${program} list`, purpose));
  }
}

function programOf(name: string, purpose: string): string {
  // the name comes from a file and becomes part of a program name: it must not contain a path
  if (/^\w[\w.+-]*$/.test(name)) return `docker-credential-${name}`;
  throw new CredentialsError(
    `the credential helper configured for ${purpose} has an invalid name (allowed: letters, digits, "_", ".", "+" and "-")`,
  );
}

function malformed(program: string, purpose: string): CredentialsError {
  return new CredentialsError(`credential helper ${program} returned malformed JSON for ${purpose}`);
}

function parseAnswer({ status, output }: HelperResult, command: string, purpose: string): Record<string, unknown> {
  const program = command.split(" ", 1)[0] ?? command;
  if (status !== 0) {
    const how = typeof status === "number" ? `exit status ${status}` : `killed by ${status}`;
    throw new CredentialsError(`credential helper ${program} failed for ${purpose} (${how}); run "${command}" to see why`);
  }
  let answer: unknown;
  try {
    answer = JSON.parse(output);
  } catch {
    // the cause is omitted on purpose: V8 quotes the input in it
    throw malformed(program, purpose);
  }
  // a Go program writes null for an empty map
  if (answer === null) return {};
  if (typeof answer !== "object" || Array.isArray(answer)) throw malformed(program, purpose);
  return answer as Record<string, unknown>; // an object can be indexed by any name
}
