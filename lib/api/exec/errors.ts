import { containerState } from "../../core/errors/container.js";
import { classifier, type Wording } from "../../core/wordings.js";
import { type ApiErrorFactory, ConflictError } from "../../errors/api-error.js";
import { NoSuchExecError } from "../../errors/container-errors.js";

/** Turns a 404 into a {@link NoSuchExecError}. */
export const noSuchExec =
  (id: string): ApiErrorFactory =>
  (details) =>
    new NoSuchExecError(id, details);

/** Exec instances that were started before. */
export const startedWordings: readonly Wording[] = [
  [/already run/i, "Docker 20+", (details) => new ConflictError(details)],
  [/exec session state improper/i, "Podman 4+", (details) => new ConflictError(details)],
];

/** Turns a 409 into the error for the state of the exec instance, or else of its container, which only the message names. */
export const execState = classifier(startedWordings, (details) =>
  containerState(/container (\S+) is/i.exec(details.message)?.[1] ?? "")(details),
)();
