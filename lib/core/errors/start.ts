import { type ApiErrorFactory, apiErrorOf, type ApiErrors } from "../../errors/api-error.js";
import { CommandNotFoundError, CommandStartError, type StartProblem } from "../../errors/command-errors.js";
import { classifier, type Wording } from "../wordings.js";

type StartSubject = [id: string, otherwise: ApiErrorFactory];

const because =
  (problem: StartProblem): Wording<StartSubject>[2] =>
  (details, id) =>
    new CommandStartError(id, problem, details);

const notFound: Wording<StartSubject>[2] = (details, id) => new CommandNotFoundError(id, details);

/** Wordings for commands that cannot be started. Docker answers 400 or 500, Podman 409 or 500. */
export const startWordings: readonly Wording<StartSubject>[] = [
  [/\bchdir to cwd \(/, "Docker 20+, in exec", because("working-directory")],
  [/\bCannot mkdir: .* is not a directory/, "Docker 20+", because("working-directory")],
  [/\bchdir (?:to )?`/, "Podman 4+, in exec", because("working-directory")],
  [/\bworkdir ".*" exists on container .* is not a directory/, "Podman 4+", because("working-directory")],
  [/\bunable to find user /, "Docker 20+, Podman 4+", because("user")],
  [/\bunable to find group /, "Docker 20+, Podman 4+", because("user")],
  [/\bexec: ".*": stat .*: no such file or directory/, "Docker 20+: a path", notFound],
  [/\bexec: ".*": executable file not found in /, "Docker 20+: a name", notFound],
  [/\bexecutable file `.*` not found/, "Podman 4+", notFound],
  [/\bexec: ".*": .*permission denied/, "Docker 20+", because("permission-denied")],
  [/: OCI permission denied/, "Podman 4+", because("permission-denied")],
];

const startFailed = classifier(startWordings, (details, _id, otherwise) => otherwise(details));

/**
 * Adds the errors for a command that cannot be started to the errors of an operation that starts one.
 *
 * @param id - ID or name of the container, or ID of the exec instance.
 * @param errors - the errors for everything else.
 */
export function orNotStarted(id: string, errors: ApiErrors): ApiErrors {
  const failed = (status: number): ApiErrorFactory => startFailed(id, errors[status] ?? apiErrorOf);
  return { ...errors, 400: failed(400), 409: failed(409), 500: failed(500) };
}

/** Whether a message means that the program of a command does not exist. */
export function isMissingProgram(message: string): boolean {
  return startWordings.find(([pattern]) => pattern.test(message))?.[2] === notFound;
}
