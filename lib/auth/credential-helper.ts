import { CredentialsError } from "../errors/usage-errors.js";
import type { Environment } from "../wire/environment.js";
import type { AuthConfiguration } from "./auth-configuration.js";
import { type HelperResult, runHelper } from "./helper-process.js";
import { registryOfKey } from "./registry-name.js";
import { SharedRuns } from "./shared-runs.js";

/** The text with which every helper says that it has nothing for a registry. */
const notFound = "credentials not found in native keychain";

/** The user name that stands for a secret being an identity token. */
const tokenUser = "<token>";

/** How credential helpers are run. */
export interface CredentialHelpersOptions {
  /** The environment they run in; `PATH` says where they are. */
  readonly env: Environment;
  /** The time that each has, in milliseconds; 0 for all the time it wants. */
  readonly timeout: number;
}

/** Speaks to the programs `docker-credential-…`. Calls for the same thing at the same time share one run. */
export class CredentialHelpers {
  readonly #options: CredentialHelpersOptions;
  readonly #gets = new SharedRuns<AuthConfiguration | undefined>();
  readonly #lists = new SharedRuns<string[]>();

  /** @param options - how helpers are run. */
  constructor(options: CredentialHelpersOptions) {
    this.#options = options;
  }

  /**
   * Asks a helper for a registry's credentials.
   *
   * @param name - the helper's name, without `docker-credential-`.
   * @param address - the registry's host, or the address that the helper keeps it under.
   * @param signal - ends the wait, and the helper when nobody else waits for it.
   * @returns undefined when the helper has none.
   * @throws {@link CredentialsError} when the helper fails.
   * @throws {@link AbortError} when the signal is aborted.
   */
  get(name: string, address: string, signal?: AbortSignal): Promise<AuthConfiguration | undefined> {
    return this.#gets.run(JSON.stringify([name, address]), (shared) => this.#get(name, address, shared), signal);
  }

  /**
   * Asks a helper which registries it has credentials for.
   *
   * @param name - the helper's name, without `docker-credential-`.
   * @param signal - ends the wait, and the helper when nobody else waits for it.
   * @returns the addresses that the helper keeps them under.
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
    // it reads nothing, but helpers exist that wait for something to be written
    const result = await runHelper({ program, action: "list", input: "unused", purpose, ...this.#options }, signal);
    return Object.keys(parseAnswer(result, `${program} list`, purpose));
  }
}

function programOf(name: string, purpose: string): string {
  // the name comes from a file and becomes part of a program's name: it must not lead out of the PATH
  if (/^\w[\w.+-]*$/.test(name)) return `docker-credential-${name}`;
  throw new CredentialsError(
    `the credential helper configured for ${purpose} has a name that is not letters, digits, "_", ".", "+" and "-"`,
  );
}

function malformed(program: string, purpose: string): CredentialsError {
  return new CredentialsError(`credential helper ${program} gave an answer for ${purpose} that is not the JSON it should be`);
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
    // the reason is lost on purpose: V8 quotes the text in it
    throw malformed(program, purpose);
  }
  // a Go program writes null for an empty map
  if (answer === null) return {};
  if (typeof answer !== "object" || Array.isArray(answer)) throw malformed(program, purpose);
  return answer as Record<string, unknown>; // an object may be asked for any name
}
