import type { Readable } from "node:stream";
import type { AuthConfiguration } from "../../auth/auth-configuration.js";
import { BuildSession } from "../../buildkit/build-session.js";
import type { OutputTarget } from "../../buildkit/services/file-send.js";
import type { SyncSource } from "../../buildkit/sync-source.js";
import type { OpenResponse } from "../../core/request.js";
import { type Hijacked, HijackedStream } from "../../streams/hijacked-stream.js";
import { type ByteSink, writableOf } from "../../wire/byte-sink.js";
import type { Environment } from "../../wire/environment.js";
import { ignoreErrors } from "../../wire/quiet.js";
import type { BuildKitOptions } from "./build-options.js";
import { agentSockets, readSecrets } from "./build-secrets.js";
import type { SessionOptions } from "./session-operations.js";

/** A connection that the engine has upgraded. */
export type Connected = Hijacked & Pick<OpenResponse, "headers" | "request">;

/** What a session needs of the client. */
export interface ServingClient {
  readonly endpoint: string;
  readonly env: Environment;
  /** Opens a session. */
  session(options: SessionOptions): Promise<Connected>;
  /** Looks up the credentials for a registry. */
  lookUp(registry: string, signal: AbortSignal): Promise<AuthConfiguration | undefined>;
}

/** What a session offers. */
export interface Offer extends Pick<BuildKitOptions, "secrets" | "ssh"> {
  readonly id: string;
  readonly sharedKey: string | undefined;
  readonly directories: ReadonlyMap<string, SyncSource>;
  readonly uploads: Map<string, Readable>;
  readonly outputs: readonly { readonly directory?: string | undefined; readonly outputStream?: ByteSink | undefined }[];
}

/** A session that serves builds. */
export class ServedSession {
  /** What was given in confidence, for errors. */
  readonly confidential: string[] = [];
  readonly #operation: string;
  readonly #client: ServingClient;
  readonly #closing: (() => Promise<void> | void)[] = [];
  #session: BuildSession | undefined;

  private constructor(operation: string, client: ServingClient) {
    this.#operation = operation;
    this.#client = client;
  }

  /**
   * Opens a session.
   *
   * @param operation - the method that opens it, for errors.
   * @throws {@link InvalidOptionError} when a secret or an agent does not exist.
   */
  static async open(operation: string, client: ServingClient, offer: Offer): Promise<ServedSession> {
    const served = new ServedSession(operation, client);
    try {
      await served.#serve(offer);
      return served;
    } catch (error) {
      await served.close();
      throw error;
    }
  }

  /** The reason why the session could not give or take what a build needed; undefined if there is none. */
  get failure(): unknown {
    return this.#session?.failure;
  }

  /** Ends the session. */
  async close(): Promise<void> {
    for (let close = this.#closing.pop(); close; close = this.#closing.pop()) await close();
  }

  async #serve({ id, sharedKey, directories, uploads, secrets, ssh, outputs }: Offer): Promise<void> {
    const { env } = this.#client;
    const session = new BuildSession({
      directories,
      uploads,
      secrets: this.#listening(await readSecrets(secrets, env)),
      ssh: agentSockets(ssh, env),
      lookUp: async (registry, signal) => {
        const found = await this.#client.lookUp(registry, signal);
        this.confidential.push(
          ...[found?.password, found?.identitytoken, found?.registrytoken].filter((one) => one !== undefined),
        );
        return found;
      },
      outputs: outputs.map((output) => this.#targetOf(output)),
    });
    this.#session = session;
    session.serve(new HijackedStream(await this.#client.session({ id, methods: session.methods, sharedKey })));
    this.#closing.push(() => session.close());
  }

  /** Notes the secrets that are read. */
  #listening(secrets: ReadonlyMap<string, () => Promise<Buffer>>): ReadonlyMap<string, () => Promise<Buffer>> {
    return new Map(
      [...secrets].map(([id, read]) => [
        id,
        async () => {
          const secret = await read();
          this.confidential.push(secret.toString());
          return secret;
        },
      ]),
    );
  }

  #targetOf({ directory, outputStream }: Offer["outputs"][number]): OutputTarget | undefined {
    if (directory !== undefined) return { directory };
    if (outputStream === undefined) return undefined;
    const stream = writableOf(outputStream, "outputs", { operation: this.#operation, endpoint: this.#client.endpoint });
    stream.on("error", ignoreErrors); // the next write reports it
    this.#closing.push(() => void stream.off("error", ignoreErrors));
    return { stream };
  }
}
