/** The options of an operation without options. @category Client */
export type NoOptions = Readonly<Record<string, never>>;

/** The four timeouts of a call, in milliseconds. `0` and values beyond 24.8 days, such as `Infinity`, mean no timeout. */
export interface Timeouts {
  /** The time to establish a connection, including TLS and ssh handshakes. By default 10,000. */
  connect?: number;
  /** The time from the end of the upload to the first byte of the response. No timeout by default. */
  headers?: number;
  /**
   * The longest time without data on a stream that is being read. Time during which the reader applies backpressure does not
   * count. No timeout by default.
   */
  inactivity?: number;
  /**
   * The time for the whole call, including its stream. No timeout by default. The client's `total` and `headers` timeouts do not
   * apply to operations that can legitimately take a long time (start, remove, wait, logs, build, pull…), and the grace period of
   * a stop extends them. Timeouts that are set on the call itself apply unchanged.
   */
  total?: number;
}

/** Settings of one call, as opposed to the options of its operation. Every method accepts them as its second argument. */
export interface CallOptions {
  /** Aborts the call at any stage. The call fails with an `AbortError`. */
  signal?: AbortSignal | undefined;
  /** The timeout of the whole call, in milliseconds: short for `timeouts: { total }`. */
  timeout?: number | undefined;
  /** Timeouts that differ from the client's. */
  timeouts?: Timeouts | undefined;
  /**
   * Whether to send filters and body members that the client does not know, such as an engine's extensions to `hostConfig`. By
   * default, they are rejected with an error that suggests the nearest known name.
   */
  unknownMembers?: "reject" | "send" | undefined;
  /** Additional request headers. */
  headers?: Readonly<Record<string, string>> | undefined;
}
