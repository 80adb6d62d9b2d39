import type { ApiErrorDetails } from "../../errors/api-error.js";
import { NoSuchContainerError } from "../../errors/container-errors.js";

/** An operation that was not sent. */
type UnsentOperation = Readonly<Record<"name" | "method" | "path", string>>;

/** The details of a 404 that the client reports itself because a name is empty. */
export const emptyName = ({ name, method, path }: UnsentOperation, message: string): ApiErrorDetails => ({
  status: 404,
  method,
  path,
  message,
  operation: name,
  sent: false,
});

/** Creates the error for an operation whose option `container` is empty. Nothing was sent. */
export const noContainerName = (operation: UnsentOperation): NoSuchContainerError =>
  new NoSuchContainerError("", emptyName(operation, "the container name is empty"));
