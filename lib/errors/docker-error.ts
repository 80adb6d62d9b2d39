import { printable } from "./quote.js";

/** The context of an error of this package. */
export interface DockerErrorDetails {
  /** The error that caused this one. Never an error of axios. */
  cause?: unknown;
  /** Name of the client method that failed, such as `killContainer`. */
  operation?: string | undefined;
  /** The engine's address, without credentials. */
  endpoint?: string | undefined;
}

/** Marks the errors of every copy of this package. */
const copies = Symbol.for("ts-dockerclient.error");

/**
 * The base class of all errors of this package.
 *
 * `code` is stable across releases; compare it where `instanceof` cannot be used.
 * Messages, properties and inspected forms of errors never contain credentials.
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
   * Recognises errors of other copies of this package too, by class name: a process may load the ES modules and CommonJS.
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
   * @param message - the message: starts in lower case and names the object. Control characters are escaped, and a message of
   * more than 16,384 characters is cut.
   * @param details - the call and the endpoint.
   */
  constructor(message: string, details: DockerErrorDetails = {}) {
    super(printable(message), details.cause === undefined ? undefined : { cause: details.cause });
    this.operation = details.operation;
    this.endpoint = details.endpoint;
  }

  /**
   * Names the method that the user called, if the error comes from another call that the method makes.
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
   * Copies an error that several calls share, for another one of them.
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
