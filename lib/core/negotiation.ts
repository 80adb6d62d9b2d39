import { AbortError } from "../errors/connection-errors.js";
import { EngineVersionError } from "../errors/usage-errors.js";
import type { Exchange } from "../transport/exchange.js";
import { compareVersions, isApiVersion, MAX_API_VERSION, MIN_API_VERSION } from "./api-version.js";

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

/** Finds out once which API version to speak, however many calls want to know at the same time. */
export class Negotiation {
  readonly #pinned: string | undefined;
  readonly #ask: (exchange: Exchange) => Promise<string>;
  readonly #exchange: () => Exchange;
  readonly #endpoint: string;
  #version: string | undefined;
  #pending: { answer: Promise<string>; exchange: Exchange; waiting: number } | undefined;

  /**
   * @param pinned - the version that the user wants, if any. It is taken as it is.
   * @param exchange - makes the exchange in which the engine is asked.
   * @param ask - asks the engine for the highest version that it speaks.
   */
  constructor(
    endpoint: string,
    pinned: string | undefined,
    exchange: () => Exchange,
    ask: (exchange: Exchange) => Promise<string>,
  ) {
    if (pinned !== undefined && !isApiVersion(pinned)) {
      throw new EngineVersionError(`"${pinned}" is not an API version: write it like 1.41`, { endpoint });
    }
    this.#endpoint = endpoint;
    this.#pinned = pinned;
    this.#version = pinned;
    this.#exchange = exchange;
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

  /** Lets the next call ask again: the engine that answers now is not the one that was asked. */
  forget(): void {
    this.#version = this.#pinned;
  }

  /**
   * Gives the version, asking the engine if need be. The question is dropped when every call that waits for it has ended.
   */
  async resolve(waiter: Exchange): Promise<string> {
    if (this.#version !== undefined) return this.#version;
    const pending = (this.#pending ??= this.#begin());
    pending.waiting += 1;
    try {
      return await new Promise<string>((resolve, reject) => {
        waiter.onFailure(reject);
        pending.answer.then(resolve, reject);
      });
    } finally {
      pending.waiting -= 1;
      if (pending.waiting === 0) pending.exchange.fail(new AbortError("nobody waits for the API version any more"));
    }
  }

  #begin(): { answer: Promise<string>; exchange: Exchange; waiting: number } {
    const exchange = this.#exchange();
    const answer = this.#ask(exchange)
      .then((engine) => (this.#version = chooseVersion(engine, this.#endpoint)))
      .finally(() => {
        exchange.finish();
        if (this.#pending?.exchange === exchange) this.#pending = undefined;
      });
    // a call that gives up early leaves this promise without anyone to hear it
    answer.catch(() => undefined);
    return { answer, exchange, waiting: 0 };
  }
}
