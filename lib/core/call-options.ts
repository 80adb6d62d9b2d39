/** Options of operations that have none. */
export type NoOptions = Readonly<Record<string, never>>;

/** The four times that bound a call, in milliseconds. `0` lifts a bound, and so does what no timer can wait for, such as `Infinity`. */
export interface Timeouts {
  /** From dialling to an established connection, TLS and ssh handshakes included. By default 10,000. */
  connect?: number;
  /** From the end of the request's upload to the first byte of the answer. By default unbounded. */
  headers?: number;
  /** The longest silence on a stream that is being read. Time during which the reader holds the stream back does not count. By default unbounded. */
  inactivity?: number;
  /**
   * The whole call, its stream included. By default unbounded. A bound set on the client does not apply to operations
   * that may rightly run for hours (wait, attach, events, logs, stats, build, pull, push…); one given with the call does.
   */
  total?: number;
}

/** Settings of one call, apart from what is asked of the engine. Every method takes them as its second argument. */
export interface CallOptions {
  /** Ends the call, at whatever stage it is, with an `AbortError`. */
  signal?: AbortSignal | undefined;
  /** The whole call's bound, in milliseconds: short for `timeouts: { total }`. */
  timeout?: number | undefined;
  /** Bounds that differ from the client's. */
  timeouts?: Timeouts | undefined;
  /** Further request headers. */
  headers?: Readonly<Record<string, string>> | undefined;
}
