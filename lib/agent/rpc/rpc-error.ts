/** The kinds of failures, with their codes in JSON-RPC 2.0. */
export const CODES = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  engine: -32000,
  unauthorized: -32001,
  notFound: -32004,
  conflict: -32009,
  unexpectedState: -32022,
  busy: -32029,
  timeout: -32030,
  policy: -32031,
  canceled: -32032,
} as const;

/** The kind of a failure. */
export type FailureKind = keyof typeof CODES;

/** What a failure says beyond its message. */
export interface FailureData {
  /** HTTP status of the engine's response. */
  engineStatus?: number | undefined;
  /** ID of the container or guest concerned. */
  containerId?: string | undefined;
  /** Seconds after which a retry may succeed. */
  retryAfter?: number | undefined;
  /** State that the guest should have. */
  expected?: string | undefined;
  /** State that the guest has. */
  actual?: string | undefined;
  /** The rule of the policy that refused the call. */
  rule?: string | undefined;
  /** Where in the parameters the problem is. */
  path?: string | undefined;
}

/** The messages that the specification of JSON-RPC 2.0 gives. */
const STANDARD: Partial<Record<FailureKind, string>> = {
  parseError: "Parse error",
  invalidRequest: "Invalid Request",
  methodNotFound: "Method not found",
};

/** An error of JSON-RPC 2.0. */
export interface RpcErrorObject {
  code: number;
  message: string;
  data: FailureData & { kind: FailureKind; reason?: string };
}

/** A failure of a call, as its caller sees it. */
export class RpcError extends Error {
  override name = "RpcError";
  readonly kind: FailureKind;
  readonly data: FailureData;

  constructor(kind: FailureKind, message: string, data: FailureData = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.data = data;
  }

  /** The error object of JSON-RPC 2.0. Failures that the protocol defines have its message, and ours as their reason. */
  toObject(): RpcErrorObject {
    const { kind, message, data } = this;
    const standard = STANDARD[kind];
    return { code: CODES[kind], message: standard ?? message, data: { kind, ...(standard && { reason: message }), ...data } };
  }
}
