/** The options of an operation without options. @category Client */
export type NoOptions = Readonly<Record<string, never>>;

/** The four timeouts of a call, in milliseconds. `0` and values beyond 24.8 days, such as `Infinity`, mean no timeout. */
export interface Timeouts {
  /** From dialling to an established connection, TLS and ssh handshakes included. By default 10,000. */
  connect?: number;
  /** From the end of the upload to the first byte of the response. No timeout by default. */
  headers?: number;
  /** The longest silence on a stream that is being read. Time in which the reader applies backpressure does not count. No timeout by default. */
  inactivity?: number;
  /**
   * The whole call, including its stream. No timeout by default. The client's `total` and `headers` timeouts do not apply to operations
   * that may rightly take long (start, remove, wait, logs, build, pull…) and are extended by the grace period of a stop; timeouts of the
   * call itself apply as they are.
   */
  total?: number;
}

/** Settings of one call that are not sent to the engine. Every method takes them as its second argument. */
export interface CallOptions {
  /** Ends the call at any stage, with an `AbortError`. */
  signal?: AbortSignal | undefined;
  /** The timeout of the whole call, in milliseconds: short for `timeouts: { total }`. */
  timeout?: number | undefined;
  /** Timeouts that differ from the client's. */
  timeouts?: Timeouts | undefined;
  /**
   * Whether to send members of the options that the client does not know, such as extensions of an engine: of a body, as in
   * `hostConfig`, or filters. By default `reject`, with the nearest known name.
   */
  unknownMembers?: "reject" | "send" | undefined;
  /** Additional request headers. */
  headers?: Readonly<Record<string, string>> | undefined;
}
