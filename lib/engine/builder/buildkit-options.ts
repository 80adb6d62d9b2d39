import { badRequest, type EngineError } from "../engine-error.js";

/** Returns the error of an option that the classic builder does not have, in the words of Docker. */
export function needsBuildKit(option: string): EngineError {
  return badRequest(
    `the --${option} option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/ to learn how to build images with BuildKit enabled`,
  );
}
