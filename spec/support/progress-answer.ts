import type { ProgressMessage } from "../../lib/types/progress.js";
import type { Answer } from "./recording-daemon.js";

/** What an engine answers that reports progress: a message a line. */
export function progressAnswer(...messages: ProgressMessage[]): Answer {
  return {
    headers: { "Content-Type": "application/json" },
    body: messages.map((message) => `${JSON.stringify(message)}\r\n`).join(""),
  };
}
