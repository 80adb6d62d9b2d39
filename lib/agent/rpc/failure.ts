import * as z from "zod";
import {
  AbortError,
  ApiError,
  CommandStartError,
  ConnectionError,
  DockerError,
  InvalidOptionError,
  OutputLimitError,
  RegistryAuthenticationError,
  TimeoutError,
  UnsupportedVersionError,
} from "../../index.js";
import { type FailureKind, RpcError } from "./rpc-error.js";

/** The kind of failure that a status of the engine means. */
function kindOf(status: number): FailureKind {
  if (status === 404) return "notFound";
  if (status === 409) return "conflict";
  if (status === 400) return "invalidParams";
  if (status === 401 || status === 403) return "unauthorized";
  return "engine";
}

/**
 * Turns whatever a method threw into a failure for its caller. What is not known to be fit for callers becomes an internal error
 * without its message, which may contain paths or credentials.
 */
export function toRpcError(error: unknown): RpcError {
  if (error instanceof RpcError) return error;
  if (error instanceof z.ZodError) return invalidParams(error);
  if (!(error instanceof DockerError)) return new RpcError("internal", "internal error", {}, error);
  const message = withoutOperation(error);
  if (error instanceof RegistryAuthenticationError) return new RpcError("unauthorized", message, {}, error);
  if (error instanceof CommandStartError) return new RpcError("invalidParams", message, { engineStatus: error.status }, error);
  if (error instanceof ApiError) {
    const { status } = error;
    return new RpcError(
      kindOf(status),
      message,
      { ...(status >= 300 && { engineStatus: status }), ...containerIn(error) },
      error,
    );
  }
  if (error instanceof TimeoutError) return new RpcError("timeout", message, {}, error);
  if (error instanceof AbortError) return new RpcError("canceled", "the call was canceled", {}, error);
  if (error instanceof InvalidOptionError || error instanceof UnsupportedVersionError)
    return new RpcError("invalidParams", message, {}, error);
  // its own message tells which option of our client to raise
  if (error instanceof OutputLimitError)
    return new RpcError("invalidParams", `the output, or a line of it, exceeds ${error.limit} bytes`, {}, error);
  if (error instanceof ConnectionError)
    return new RpcError("engine", `the engine is not reachable: ${message}`, { retryAfter: 5 }, error);
  return new RpcError("engine", message, {}, error);
}

/** Returns the first problem of parameters as an error, with the place where it is. */
export function invalidParams({ issues }: z.ZodError): RpcError {
  const [issue] = issues;
  const path = (issue?.path ?? []).join(".");
  const message = issue?.message ?? "invalid parameters";
  // our own messages name what is wrong, those of the library only how
  const isOurs = /^(missing|must|a |the )/.test(message);
  return new RpcError("invalidParams", isOurs || path === "" ? message : `${path}: ${message}`, path === "" ? {} : { path });
}

/** Callers know neither our client nor its methods. */
function withoutOperation({ message, operation }: DockerError): string {
  if (operation === undefined || !message.startsWith(operation)) return message;
  const [subject = "", ...rest] = message.split(": ");
  return rest.length > 0 ? rest.join(": ") : `the call${subject.slice(operation.length)}`;
}

function containerIn(error: ApiError): { containerId?: string } {
  const id = (error as { id?: unknown }).id ?? (error as { container?: unknown }).container;
  return typeof id === "string" ? { containerId: id } : {};
}
