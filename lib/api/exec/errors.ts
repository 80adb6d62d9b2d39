import { containerState } from "../../core/errors/container.js";
import { classifier, type Wording } from "../../core/wordings.js";
import { type ApiErrorFactory, ConflictError } from "../../errors/api-error.js";
import { NoSuchExecError } from "../../errors/container-errors.js";

/** Converts a 404 to a {@link NoSuchExecError}. */
export const noSuchExec =
  (id: string): ApiErrorFactory =>
  (details) =>
    new NoSuchExecError(id, details);

/** Messages for an exec instance that was already started. */
export const startedWordings: readonly Wording[] = [
  [/already run/i, "Docker 20+", (details) => new ConflictError(details)],
  [/exec session state improper/i, "Podman 4+", (details) => new ConflictError(details)],
];

/** Converts a 409 to the error for the state of the exec instance or of its container, whose ID is only in the message. */
export const execState = classifier(startedWordings, (details) =>
  containerState(/container (\S+) is/i.exec(details.message)?.[1] ?? "")(details),
)();
