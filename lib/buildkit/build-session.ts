import type { Duplex, Readable } from "node:stream";
import { type GrpcMethods, GrpcServer } from "./grpc/server.js";
import { authMethods, type LookUp } from "./services/auth.js";
import { fileSendMethods, type OutputTarget } from "./services/file-send.js";
import { fileSyncMethods } from "./services/file-sync.js";
import { healthMethods } from "./services/health.js";
import { type ReadSecrets, secretsMethods } from "./services/secrets.js";
import { sshMethods } from "./services/ssh.js";
import { uploadMethods } from "./services/upload.js";
import type { SyncSource } from "./sync-source.js";

/** What a session offers a build. */
export interface BuildServices {
  /** The directories, by the name that the build has for them. */
  readonly directories: ReadonlyMap<string, SyncSource>;
  /** The archives, by name. Each can be fetched once. */
  readonly uploads: Map<string, Readable>;
  /** Reads the secrets, by ID. */
  readonly secrets: ReadSecrets;
  /** The sockets of SSH agents, by ID. */
  readonly ssh: ReadonlyMap<string, string>;
  /** Looks up the credentials for a registry. */
  readonly lookUp: LookUp;
  /** Where the outputs go. */
  readonly outputs: readonly (OutputTarget | undefined)[];
}

/** Serves a session: the engine calls for what the build needs. */
export class BuildSession {
  readonly #methods: GrpcMethods;
  #server: GrpcServer | undefined;
  #failure: unknown;

  /** @param services - what the session offers. */
  constructor(services: BuildServices) {
    const report = (error: unknown): void => void (this.#failure ??= error);
    this.#methods = new Map([
      ...healthMethods(),
      ...authMethods(services.lookUp),
      ...secretsMethods(services.secrets),
      ...sshMethods(services.ssh),
      ...fileSyncMethods(services.directories, report),
      ...fileSendMethods(services.outputs, report),
      ...uploadMethods(services.uploads, report),
    ]);
  }

  /** The paths of the methods, which the engine has to know beforehand. */
  get methods(): readonly string[] {
    return [...this.#methods.keys()];
  }

  /** The reason why the session could not give or take what the build needed; undefined if there is none. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Starts to serve on a connection, before its first byte. */
  serve(connection: Duplex): void {
    this.#server = new GrpcServer(connection, this.#methods);
  }

  /** Ends the session and its connection. */
  async close(): Promise<void> {
    await this.#server?.close();
  }
}
