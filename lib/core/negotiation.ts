import { ApiError } from "../errors/api-error.js";
import { ProtocolError, TimeoutError } from "../errors/connection-errors.js";
import { DockerError } from "../errors/docker-error.js";
import { EngineVersionError } from "../errors/usage-errors.js";
import type { Exchange, Limits } from "../transport/exchange.js";
import type { ResponseHeaders } from "../transport/response-head.js";
import { compareVersions, isApiVersion, MAX_API_VERSION, MIN_API_VERSION } from "../wire/api-version.js";
import { handled } from "../wire/quiet.js";

/**
 * Chooses the highest API version that both sides support.
 *
 * @param engine - the highest version that the engine supports.
 * @throws {@link EngineVersionError} when the engine is too old.
 */
export function chooseVersion(engine: string, endpoint: string): string {
  if (compareVersions(engine, MIN_API_VERSION) < 0) {
    throw new EngineVersionError(
      `the engine at ${endpoint} supports API ${engine} at most, but this package requires ${MIN_API_VERSION} or newer: upgrade the engine`,
      { endpoint },
    );
  }
  return compareVersions(engine, MAX_API_VERSION) > 0 ? MAX_API_VERSION : engine;
}

/** The settings of a version request. The name and the limits are those of the first call that needs the version. */
export interface Question {
  readonly operation: string;
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

/** Requests an unversioned path and returns the response if its status is good. */
type Ask = (path: string, question: Question) => Promise<{ headers: ResponseHeaders; content: string }>;

interface Pending {
  readonly version: Promise<string>;
  readonly drop: AbortController;
  waiting: number;
  /** Whether a call has received the request's error. Every other call receives a copy that names the call. */
  isReported: boolean;
}

/** Negotiates the API version once, however many calls need it at the same time. */
export class Negotiation {
  readonly #pinned: string | undefined;
  readonly #ask: Ask;
  readonly #endpoint: string;
  #version: string | undefined;
  #pending: Pending | undefined;

  /**
   * @param pinned - the version that the user set, if any. It is used without asking the engine.
   * @param ask - sends a request to the engine.
   */
  constructor(endpoint: string, pinned: string | undefined, ask: Ask) {
    if (pinned !== undefined && !isApiVersion(pinned)) {
      throw new EngineVersionError(`"${pinned}" is not an API version: use a version such as 1.41`, { endpoint });
    }
    this.#endpoint = endpoint;
    this.#pinned = pinned;
    this.#version = pinned;
    this.#ask = ask;
  }

  /** The version in use; undefined until it is known. */
  get version(): string | undefined {
    return this.#version;
  }

  /** Learns the engine's version from the response to another call. */
  learn(engine: string): void {
    this.#version ??= chooseVersion(engine, this.#endpoint);
  }

  /** Forgets the version, so that the next call negotiates again. */
  forget(): void {
    this.#version = this.#pinned;
  }

  /**
   * Returns the version, asking the engine for it if necessary. The request is aborted once no call waits for it any longer.
   *
   * @param limits - the limits of the request if this call sends it. The exchange of the call enforces the total timeout.
   */
  async resolve(waiter: Exchange, limits: Limits): Promise<string> {
    for (;;) {
      if (this.#version !== undefined) return this.#version;
      const pending = (this.#pending ??= this.#begin(waiter.operation, { ...limits, total: 0 }));
      try {
        return await this.#wait(pending, waiter);
      } catch (error) {
        // the request may have failed because of another call's shorter timeout: this call sends it again with its own timeout
        const patience = error instanceof TimeoutError && !waiter.failure ? limits[error.kind] : undefined;
        const more = patience !== undefined && (patience === 0 || patience > (error as TimeoutError).timeout); // patience is set only for a TimeoutError
        if (!more) throw error;
      }
    }
  }

  async #wait(pending: Pending, waiter: Exchange): Promise<string> {
    pending.waiting += 1;
    try {
      return await new Promise<string>((resolve, reject) => {
        waiter.setCanceller(reject);
        pending.version.then(resolve, reject);
      });
    } catch (error) {
      if (error === waiter.failure || !(error instanceof DockerError)) throw error;
      const isFirst = !pending.isReported;
      pending.isReported = true;
      throw isFirst ? error : error.copyFor(waiter.operation);
    } finally {
      pending.waiting -= 1;
      if (pending.waiting === 0) {
        this.#forgetQuestion(pending);
        pending.drop.abort();
      }
    }
  }

  #begin(operation: string, limits: Limits): Pending {
    const drop = new AbortController();
    const version = this.#find({ operation, limits, signal: drop.signal })
      .then((engine) => (this.#version = chooseVersion(engine, this.#endpoint)))
      .finally(() => this.#forgetQuestion(pending));
    const pending = { version: handled(version), drop, waiting: 0, isReported: false };
    return pending;
  }

  #forgetQuestion(pending: Pending): void {
    if (this.#pending === pending) this.#pending = undefined;
  }

  /**
   * Requests the engine's highest API version: from `/_ping`, or from `/version` if a proxy removes headers or rejects the ping.
   */
  async #find(question: Question): Promise<string> {
    const ping = await this.#askUnlessRejected("/_ping", question);
    const reported = ping?.headers["api-version"];
    if (typeof reported === "string" && isApiVersion(reported)) return reported;
    const version = await this.#askUnlessRejected("/version", question);
    const found = version && apiVersionIn(version.content);
    if (found !== undefined) return found;
    // a proxy that rejects both may still forward the call itself: use the version that an engine is most likely to support
    if (!ping && !version) return MIN_API_VERSION;
    const { operation } = question;
    const message = `${this.#endpoint} does not respond like an engine: it reports no API version`;
    throw new ProtocolError(message, { operation, endpoint: this.#endpoint });
  }

  /** Returns the response; undefined if a proxy rejects the path. */
  async #askUnlessRejected(path: string, question: Question): Promise<Awaited<ReturnType<Ask>> | undefined> {
    try {
      return await this.#ask(path, question);
    } catch (error) {
      // a 404 response that is a web page is the cause of a ProtocolError
      const answer = error instanceof ProtocolError ? error.cause : error;
      if (answer instanceof ApiError && (answer.status === 403 || answer.status === 405)) return undefined;
      if (path === "/_ping" && answer instanceof ApiError && answer.status === 404) return undefined;
      throw error;
    }
  }
}

/** Returns the API version in a response to `/version`; undefined if the content is not such a response. */
function apiVersionIn(content: string): string | undefined {
  try {
    const { ApiVersion } = JSON.parse(content) as { ApiVersion?: unknown }; // null throws here, as invalid JSON does
    return typeof ApiVersion === "string" && isApiVersion(ApiVersion) ? ApiVersion : undefined;
  } catch {
    // not JSON, so not a response to /version
    return undefined;
  }
}
