import type { Clock } from "../clock.js";
import type { Call } from "../server/http-server.js";
import { Answers } from "./answers.js";
import { Failures } from "./failures.js";
import { RequestLog } from "./request-log.js";

/** What tests control around the routes of an engine. */
export class TestControls {
  readonly failures = new Failures();
  readonly answers = new Answers();
  readonly requests = new RequestLog();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Forgets everything. */
  reset(): void {
    this.failures.clear();
    this.answers.clear();
    this.requests.reset();
  }

  /** Serves a request: with a failure, with a scripted answer, or with the engine's route. */
  readonly onCall = async (call: Call, serve: () => Promise<void>): Promise<void> => {
    const request = await this.requests.begin(call);
    const failure = this.failures.find(request);
    if (failure && !(await failure.fail(call, this.#clock))) return;
    if (await this.answers.respond(call)) return;
    await serve();
  };
}
