import type { AuthConfigurations } from "../../auth/auth-configuration.js";
import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { composite, type OptionKinds } from "../../core/signatures.js";
import { InvalidOptionError } from "../../errors/usage-errors.js";
import type { ByteSink } from "../../wire/byte-sink.js";
import type { BuildKitOptions } from "./build-options.js";
import { PROTOCOL, session, type SessionOptions } from "./session-operations.js";

/** Where an output of a build over a session goes: into a local directory, or as an archive to a stream, which is not ended. */
export interface SessionOutput {
  /** The local directory. It is created if it does not exist; files that are already there stay. */
  directory?: string | undefined;
  /** Receives the archive. */
  outputStream?: ByteSink | undefined;
}

/** Options for {@link Client.buildSession}. */
export interface BuildSessionOptions extends Pick<BuildKitOptions, "secrets" | "ssh"> {
  /** ID of the session, unique among the open ones. Defaults to a random one. */
  id?: string | undefined;
  /** A key that sessions share if they repeatedly send the same directories. The engine keeps its copies under it. */
  sharedKey?: string | undefined;
  /** The local directories, by the name that the build has for them: `context` and `dockerfile` for `docker build`. */
  directories?: Readonly<Record<string, string>> | undefined;
  /** Where the outputs of the build go, in their order; an empty object for one that stays on the engine. */
  outputs?: readonly SessionOutput[] | undefined;
  /** Credentials by registry; false gives none. Defaults to the client's credentials. */
  authConfigs?: AuthConfigurations | false | undefined;
}

/** An open session, which lasts until it is closed. */
export interface ServedBuildSession extends AsyncDisposable {
  /** ID of the session, for the option `session` of a build. */
  readonly id: string;
  /** Why the session could not give or take what a build needed, such as an {@link ArchiveError}; undefined if it could. */
  readonly failure: unknown;
  /** Ends the session. Builds that still need it fail. */
  close(): Promise<void>;
  /** Ends the session at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void>;
}

const buildSession = composite("buildSession", {
  id: "optional",
  sharedKey: "optional",
  directories: "optional",
  outputs: "optional",
  secrets: "optional",
  ssh: "optional",
  authConfigs: "optional",
} satisfies OptionKinds<BuildSessionOptions>);

/** Mixed into {@link Client}. */
export default abstract class BuildBuildSessionMixin extends Connection {
  /**
   * Opens a session and serves it: directories, secrets, SSH agents and credentials for builds that you start yourself, by
   * {@link Client.buildImage} with `session`, {@link Client.grpc} or another program. `buildImage` with `version: "2"` needs no
   * session of yours. API 1.39+.
   *
   * @category Session
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/Session | Session}
   * @throws {@link InvalidOptionError} when a directory, a secret or an agent does not exist, or the ID is empty.
   * @throws {@link BadRequestError} when the ID is in use.
   * @throws {@link NotImplementedError} when the engine does not have BuildKit, as with Podman.
   * @example
   * ```ts
   * await using session = await client.buildSession({ directories: { context: "app", dockerfile: "app" } });
   * await client.buildImage({ remote: "client-session", session: session.id, version: "2", name: "app" });
   * ```
   */
  async buildSession(options: BuildSessionOptions = {}, call?: CallOptions): Promise<ServedBuildSession> {
    const { ServedSession, directorySource, randomUUID } = await import("./buildkit.js");
    const { id = randomUUID(), sharedKey, directories = {}, outputs = [], secrets, ssh, authConfigs } = options;
    if (id === "") {
      const message = 'buildSession: option "id" must not be empty';
      throw new InvalidOptionError("id", message, { operation: buildSession.name, endpoint: this.endpoint });
    }
    const sources = new Map(
      await Promise.all(Object.entries(directories).map(async ([name, path]) => [name, await directorySource(path)] as const)),
    );
    const client = {
      endpoint: this.endpoint,
      env: this.environment(),
      session: (of: SessionOptions) => this.hijack(session, of, call, { upgrade: PROTOCOL }),
      lookUp: (registry: string, signal: AbortSignal) => this.credentials.lookUp(registry, authConfigs, signal),
    };
    const offer = { id, sharedKey, directories: sources, uploads: new Map(), outputs, secrets, ssh };
    const served = await ServedSession.open(buildSession.name, client, offer);
    return {
      id,
      get failure() {
        return served.failure;
      },
      close: () => served.close(),
      [Symbol.asyncDispose]: () => served.close(),
    };
  }
}
