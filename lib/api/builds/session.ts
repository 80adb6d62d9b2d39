import type { CallOptions, NoOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { repeated, text } from "../../core/fields/fields.js";
import { inHeader } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { HijackedStream } from "../../streams/hijacked-stream.js";

/** The protocol that both kinds of connection are upgraded to: HTTP/2 without TLS. */
const PROTOCOL = "h2c";

/** Options for {@link Client.session}. */
export interface SessionOptions {
  /**
   * ID of the session, unique among the open sessions. A build refers to it in its option `session`.
   */
  id: string;
  /** Display name of the session. */
  name?: string | undefined;
  /** A key that sessions share if they repeatedly send the same files. BuildKit uses it to cache their state. */
  sharedKey?: string | undefined;
  /**
   * The gRPC methods that the caller serves, such as `/moby.filesync.v1.FileSync/DiffCopy`. BuildKit calls some methods only if
   * they are listed.
   */
  methods?: string | readonly string[] | undefined;
}

const session = operation<SessionOptions>({
  name: "session",
  method: "POST",
  path: "/session",
  since: "1.31",
  longRunning: true,
  fields: {
    id: inHeader(text("X-Docker-Expose-Session-Uuid", { required: "nonempty" })),
    name: inHeader(text("X-Docker-Expose-Session-Name")),
    sharedKey: inHeader(text("X-Docker-Expose-Session-Sharedkey")),
    methods: inHeader(repeated("X-Docker-Expose-Session-Grpc-Method")),
  },
});

const grpc = operation<NoOptions>({ name: "grpc", method: "POST", path: "/grpc", since: "1.39", longRunning: true, fields: {} });

/** Mixed into {@link Client}. */
export default abstract class BuildSessionMixin extends Connection {
  /**
   * Opens a session: a connection over which the engine's BuildKit calls gRPC methods that the caller serves, such as methods
   * that provide files, credentials and secrets for a build. API 1.31+; requires an experimental engine before API 1.39.
   *
   * The engine is the HTTP/2 client and sends the first data. Every five seconds, it calls `/grpc.health.v1.Health/Check`, and
   * closes the session if there is no response. The session lasts until the connection is closed. Deprecated since API 1.53.
   *
   * @returns the connection, positioned before the first byte of HTTP/2.
   * @category Session
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/Session | Session}
   * @throws {@link BadRequestError} when the ID is in use.
   * @throws {@link InvalidOptionError} when the ID is empty, or contains characters that are invalid in headers.
   * @throws {@link NotImplementedError} when the engine does not have BuildKit, as with Podman.
   * @example
   * ```ts
   * import { performServerHandshake } from "node:http2";
   *
   * const connection = await client.session({ id: "build-1", methods: "/moby.filesync.v1.Auth/Credentials" });
   * const http2 = performServerHandshake(connection);
   * http2.on("stream", (stream, headers) => console.log(headers[":path"]));
   * ```
   */
  async session(options: SessionOptions, call?: CallOptions): Promise<HijackedStream> {
    return new HijackedStream(await this.hijack(session, options, call, { upgrade: PROTOCOL }));
  }

  /**
   * Opens a connection for calling gRPC methods of the engine's BuildKit, such as `/moby.buildkit.v1.Control/ListWorkers`.
   * API 1.39+.
   *
   * The engine is the HTTP/2 server. Deprecated since API 1.53.
   *
   * @returns the connection, positioned before the first byte of HTTP/2.
   * @category Session
   * @throws {@link NotImplementedError} when the engine does not have BuildKit, as with Podman.
   * @example
   * ```ts
   * import { connect } from "node:http2";
   *
   * const connection = await client.grpc();
   * const http2 = connect("http://docker", { createConnection: () => connection });
   * ```
   */
  async grpc(options: NoOptions = {}, call?: CallOptions): Promise<HijackedStream> {
    return new HijackedStream(await this.hijack(grpc, options, call, { upgrade: PROTOCOL }));
  }
}
