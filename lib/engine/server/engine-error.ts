/** A refusal of a request: what the engine answers with a status and a JSON body that holds the message. */
export class EngineError extends Error {
  /** HTTP status of the response. */
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "EngineError";
    this.status = status;
  }
}

/** The request is wrong: 400. */
export const badRequest = (message: string): EngineError => new EngineError(400, message);

/** An object does not exist: 404. */
export const notFound = (message: string): EngineError => new EngineError(404, message);

/** The state of an object does not allow the request: 409. */
export const conflict = (message: string): EngineError => new EngineError(409, message);

/** The engine, or its executor, cannot do what was asked: 501. */
export const notSupported = (message: string): EngineError => new EngineError(501, message);
