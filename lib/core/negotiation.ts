import type { ResponseHeaders } from "../transport/response-head.js";
import { ProtocolError, TimeoutError } from "../errors/connection-errors.js";
import { EngineVersionError } from "../errors/usage-errors.js";
import type { Exchange, Limits } from "../transport/exchange.js";
import { compareVersions, isApiVersion, MAX_API_VERSION, MIN_API_VERSION } from "../wire/api-version.js";

/**
 * Chooses the API version that both sides speak.
 *
 * @param engine - the highest version that the engine says it speaks.
 * @throws {@link EngineVersionError} when the engine is too old.
 */
export function chooseVersion(engine: string, endpoint: string): string {
  if (compareVersions(engine, MIN_API_VERSION) < 0) {
    throw new EngineVersionError(
      `the engine at ${endpoint} speaks API ${engine}, and this package needs ${MIN_API_VERSION} or newer: upgrade the engine`,
      { endpoint },
    );
  }
  return compareVersions(engine, MAX_API_VERSION) > 0 ? MAX_API_VERSION : engine;
}

/** What the asking of the engine is bound by: the settings of the call that asks first, and its name, which errors carry. */
export interface Question {
  readonly operation: string;
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

/** Gets a path without a version. Gives the answer when its status is good. */
type Ask = (path: string, question: Question) => Promise<{ headers: ResponseHeaders; content: string }>;

interface Pending {
  readonly answer: Promise<string>;
  readonly drop: AbortController;
  waiting: number;
}

/** Finds out once which API version to speak, however many calls want to know at the same time. */
export class Negotiation {
  readonly #pinned: string | undefined;
  readonly #ask: Ask;
  readonly #endpoint: string;
  #version: string | undefined;
  #pending: Pending | undefined;

  /**
   * @param pinned - the version that the user wants, if any. It is taken as it is.
   * @param ask - asks the engine.
   */
  constructor(endpoint: string, pinned: string | undefined, ask: Ask) {
    if (pinned !== undefined && !isApiVersion(pinned)) {
      throw new EngineVersionError(`"${pinned}" is not an API version: write it like 1.41`, { endpoint });
    }
    this.#endpoint = endpoint;
    this.#pinned = pinned;
    this.#version = pinned;
    this.#ask = ask;
  }

  /** The version in use, once it is known. */
  get version(): string | undefined {
    return this.#version;
  }

  /** Learns the engine's version from an answer that a call got anyway. */
  learn(engine: string): void {
    this.#version ??= chooseVersion(engine, this.#endpoint);
  }

  /** Lets the next call ask again. */
  forget(): void {
    this.#version = this.#pinned;
  }

  /**
   * Gives the version, asking the engine if need be. The question is dropped when every call that waits for it has ended.
   *
   * @param limits - what a question is bound by when this call is the one that asks. The call's own exchange has the total.
   */
  async resolve(waiter: Exchange, limits: Limits): Promise<string> {
    for (;;) {
      if (this.#version !== undefined) return this.#version;
      const pending = (this.#pending ??= this.#begin(waiter.operation, { ...limits, total: 0 }));
      try {
        return await this.#wait(pending, waiter);
      } catch (error) {
        // a call that has more time than the one that asked goes on to ask for itself
        const patience = error instanceof TimeoutError && !waiter.failure ? limits[error.kind] : undefined;
        const more = patience !== undefined && (patience === 0 || patience > (error as TimeoutError).timeout); // patience tells
        if (!more) throw error;
      }
    }
  }

  async #wait(pending: Pending, waiter: Exchange): Promise<string> {
    pending.waiting += 1;
    try {
      return await new Promise<string>((resolve, reject) => {
        waiter.setCanceller(reject);
        pending.answer.then(resolve, reject);
      });
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
    const answer = this.#find({ operation, limits, signal: drop.signal })
      .then((engine) => (this.#version = chooseVersion(engine, this.#endpoint)))
      .finally(() => this.#forgetQuestion(pending));
    // a call that gives up early leaves this promise without anyone to hear it
    answer.catch(() => undefined);
    const pending = { answer, drop, waiting: 0 };
    return pending;
  }

  #forgetQuestion(pending: Pending): void {
    if (this.#pending === pending) this.#pending = undefined;
  }

  /** Asks for the highest API version that the engine speaks: by ping, or by version where something in between cuts headers. */
  async #find(question: Question): Promise<string> {
    const { headers } = await this.#ask("/_ping", question);
    const told = headers["api-version"];
    if (typeof told === "string" && isApiVersion(told)) return told;
    const found = apiVersionIn((await this.#ask("/version", question)).content);
    if (found !== undefined) return found;
    const { operation } = question;
    const message = `${this.#endpoint} does not say which API version it speaks`;
    throw new ProtocolError(message, { operation, endpoint: this.#endpoint });
  }
}

/** The API version that the answer to `/version` names; undefined when it is no such answer. */
function apiVersionIn(content: string): string | undefined {
  try {
    const { ApiVersion } = JSON.parse(content) as { ApiVersion?: unknown }; // null, which has no members, throws as bad JSON does
    return typeof ApiVersion === "string" && isApiVersion(ApiVersion) ? ApiVersion : undefined;
  } catch {
    // whatever it is, it does not name a version
    return undefined;
  }
}
