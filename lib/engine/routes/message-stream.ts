import { encodeJsonMessage } from "../../wire/json-messages.js";
import { errorMessage } from "../../wire/realm.js";
import { CommandError, EngineError } from "../engine-error.js";
import type { Exchange } from "../server/exchange.js";
import type { ProgressMessage } from "../store/progress.js";

/** A response that is a stream of progress messages. It begins with the first message: an earlier failure has its own status. */
export class MessageStream {
  readonly #exchange: Exchange;
  #isStarted = false;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  /** Sends the headers, so that a failure is reported in the stream. */
  start(): void {
    if (!this.#isStarted) this.#exchange.stream("application/json");
    this.#isStarted = true;
  }

  /** Sends a message. */
  readonly report = (message: ProgressMessage): void => {
    this.start();
    // the messages are few and short: a slow client holds them up, not the work
    this.#exchange.response.write(encodeJsonMessage(message));
  };

  /**
   * Runs the work whose messages are streamed, and ends the response.
   *
   * @param work - the work. If it fails after its first message, the failure is the last message.
   */
  async run(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!this.#isStarted) throw error;
      const message = errorMessage(error);
      const code = codeOf(error);
      this.#exchange.response.write(
        encodeJsonMessage({ errorDetail: { ...(code !== undefined && { code }), message }, error: message }),
      );
    }
    this.start();
    this.#exchange.response.end();
  }
}

/** Returns the code that the stream reports with a failure: the exit code of a command, or the status of a refused login. */
function codeOf(error: unknown): number | undefined {
  if (error instanceof CommandError) return error.exitCode;
  return error instanceof EngineError && error.status === 401 ? 401 : undefined;
}
