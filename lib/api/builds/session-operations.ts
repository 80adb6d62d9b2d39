import type { NoOptions } from "../../core/call-options.js";
import { inHeader, repeated, text } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";

/** The protocol that both kinds of connection are upgraded to: HTTP/2 without TLS. */
export const PROTOCOL = "h2c";

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

/** Opens a session. */
export const session = operation<SessionOptions>({
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

/** Opens a connection for calls to BuildKit. */
export const grpc = operation<NoOptions>({
  name: "grpc",
  method: "POST",
  path: "/grpc",
  since: "1.39",
  longRunning: true,
  fields: {},
});
