import { isError } from "../wire/realm.js";

/**
 * A request that the engine refuses, or fails to carry out. The server answers it with its status and its message.
 *
 * The messages are Docker's own, because clients and users know them.
 */
export class EngineError extends Error {
  /** Status code of the response. */
  readonly status: number;

  /**
   * @param status - the status code of the response.
   * @param message - the message, in the words of Docker.
   */
  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "EngineError";
    this.status = status;
  }
}

/** A command of a build that failed. */
export class CommandError extends EngineError {
  /** Its exit code. */
  readonly exitCode: number;

  /**
   * @param exitCode - the exit code of the command.
   * @param message - the message, in the words of Docker.
   */
  constructor(exitCode: number, message: string) {
    super(500, message);
    this.name = "CommandError";
    this.exitCode = exitCode;
  }
}

/** Returns the refusal that an error stands for: the error itself, or what caused it; undefined if it is a fault. */
export function refusalIn(error: unknown): EngineError | undefined {
  for (let at = error; isError(at); at = at.cause) if (at instanceof EngineError) return at;
  return undefined;
}

/** Runs an operation. The message of its refusal begins with a text. */
export async function explained<T>(text: string, operation: () => T | Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (error instanceof EngineError) throw new EngineError(error.status, `${text}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Creates the error for a request with an invalid value: status 400. */
export const badRequest = (message: string, cause?: unknown): EngineError => new EngineError(400, message, { cause });

/** Creates the error for an object that does not exist: status 404. */
export const notFound = (message: string): EngineError => new EngineError(404, message);

/** Creates the error for a request that contradicts the state of an object: status 409. */
export const conflict = (message: string): EngineError => new EngineError(409, message);

/** Creates the error for what the engine, or its executor, cannot do: status 501. */
export const notSupported = (message: string): EngineError => new EngineError(501, message);

/** Creates the error of operations that only managers of a swarm carry out. */
export function notAManager(): EngineError {
  return new EngineError(
    503,
    'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
  );
}
