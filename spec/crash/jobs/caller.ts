import { get } from "node:http";
import { setTimeout } from "node:timers/promises";

/** The pause between two requests, in milliseconds. */
const PAUSE = 5;

/** How long a container may take to answer on a busy machine, in milliseconds. */
const PATIENCE = 10_000;

/** Asks a container for its version over HTTP all the time. */
export class Caller {
  /** The port of the machine that leads to the container. Nobody is asked without one. */
  port: number | undefined;
  /** How many requests were answered. */
  answered = 0;
  /** How many requests failed. */
  failed = 0;
  /** The longest time without an answer, in milliseconds. */
  longestGap = 0;
  #answers: string[] = [];
  #lastAnswer: number | undefined;
  #isEnding = false;
  readonly #loop = this.#ask();

  /** Ends the asking. */
  async end(): Promise<void> {
    this.#isEnding = true;
    await this.#loop;
  }

  /** Returns the next answer; undefined if none comes in time. */
  async next(): Promise<string | undefined> {
    const before = this.answered;
    const end = performance.now() + PATIENCE;
    while (this.answered < before + 2) {
      // the first of the two may have been sent before the call
      if (performance.now() > end) return undefined;
      await setTimeout(PAUSE);
    }
    return this.#answers.at(-1);
  }

  /** Returns the answers of a time, and how many requests failed in it. */
  async during(milliseconds: number): Promise<{ readonly answers: ReadonlySet<string>; readonly failed: number }> {
    const { failed } = this;
    this.#answers = [];
    await setTimeout(milliseconds);
    return { answers: new Set(this.#answers), failed: this.failed - failed };
  }

  async #ask(): Promise<void> {
    while (!this.#isEnding) {
      await setTimeout(PAUSE);
      if (this.port === undefined) continue;
      const answer = await ask(this.port);
      if (answer === undefined) {
        this.failed += 1;
        continue;
      }
      const now = performance.now();
      this.answered += 1;
      this.longestGap = Math.max(this.longestGap, now - (this.#lastAnswer ?? now));
      this.#lastAnswer = now;
      this.#answers = [...this.#answers.slice(-1_000), answer];
    }
  }
}

/** Sends one request. Returns the text of the answer; undefined if there is none. */
function ask(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = get({ host: "127.0.0.1", port, agent: false, timeout: 2_000 }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("close", () => resolve(response.complete && response.statusCode === 200 ? text.trim() : undefined));
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(undefined));
  });
}
