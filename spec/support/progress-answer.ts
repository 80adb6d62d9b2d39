import type { ProgressMessage } from "../../lib/types/progress.js";
import type { Answer } from "./recording-daemon.js";

/** A response that reports progress, with one message per line. */
export function progressAnswer(...messages: ProgressMessage[]): Answer {
  return {
    headers: { "Content-Type": "application/json" },
    body: messages.map((message) => `${JSON.stringify(message)}\r\n`).join(""),
  };
}
