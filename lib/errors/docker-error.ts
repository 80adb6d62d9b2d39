import { printable } from "./quote.js";

/** The context of one of this package's errors. */
export interface DockerErrorDetails {
  /** The error that caused this one. Never an axios error. */
  cause?: unknown;
  /** Name of the client method that failed, such as `killContainer`. */
  operation?: string | undefined;
  /** The engine's address, without credentials. */
  endpoint?: string | undefined;
}

/** The property that marks errors of this package, whichever copy of it created them. */
const copies = Symbol.for("ts-dockerclient.error");

/**
 * The base class of all errors in this package.
 *
 * `code` is stable across releases; compare it where `instanceof` cannot be used. The message, the properties and the inspected
 * form of an error never contain credentials.
 *
 * @category Errors
 */
export class DockerError extends Error {
  /** Name of the class. */
  override name = "DockerError";
  /** Stable identifier of the error, in capitals. */
  readonly code: string = "ERR_DOCKER";
  /** Name of the client method that failed, if any. */
  readonly operation: string | undefined;
  /** The engine's address, without credentials, if the error concerns a connection. */
  readonly endpoint: string | undefined;

  /**
   * Also recognizes errors from other copies of this package, by class name: a process may load both the ES modules and the
   * CommonJS build.
   *
   * @internal
   */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true;
    if (typeof value !== "object" || value === null || !(copies in value)) return false;
    for (let at: unknown = Object.getPrototypeOf(value); typeof at === "object" && at !== null; at = Object.getPrototypeOf(at)) {
      if (at.constructor.name === this.name) return at !== Error.prototype;
    }
    return false;
  }

  /** @internal */
  get [copies](): true {
    return true;
  }

  /**
   * @param message - the message. It starts in lower case and names the object. Control characters are escaped, and a message
   * longer than 16,384 characters is truncated.
   * @param details - the call and the endpoint.
   */
  constructor(message: string, details: DockerErrorDetails = {}) {
    super(printable(message), details.cause === undefined ? undefined : { cause: details.cause });
    this.operation = details.operation;
    this.endpoint = details.endpoint;
  }

  /**
   * Sets the operation to the method that the user called, if the error comes from one of that method's inner calls.
   *
   * @internal
   */
  renameOperation(name: string): void {
    const { operation } = this;
    if (operation === name) return;
    const isNamed =
      operation !== undefined && this.message.startsWith(operation) && !/^\w/.test(this.message.slice(operation.length));
    if (isNamed) this.message = `${name}${this.message.slice(operation.length)}`;
    (this as { operation: string | undefined }).operation = name; // nobody else has seen the error yet
  }

  /**
   * Copies an error that several calls share, for another of these calls.
   *
   * @internal
   */
  copyFor(name: string): this {
    const { stack } = this;
    const copy = Object.create(Object.getPrototypeOf(this) as object, Object.getOwnPropertyDescriptors(this)) as this; // the same class
    Object.defineProperty(copy, "stack", { value: stack, writable: true, configurable: true });
    copy.renameOperation(name);
    return copy;
  }
}
