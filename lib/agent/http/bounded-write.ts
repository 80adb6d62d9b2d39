import type { ServerResponse } from "node:http";

/** The most bytes that a slow reader may have waiting. */
const BACKLOG = 16 * 1024 * 1024;

/** Writes to a response that goes on for long. Closes the connection of a reader that does not read, which would fill the memory. */
export function writeBounded(response: ServerResponse, text: string): void {
  if (response.destroyed || response.writableEnded) return;
  response.write(text);
  if (response.writableLength > BACKLOG) response.destroy();
}
