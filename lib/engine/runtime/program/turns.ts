import { monotonicTime, setImmediate } from "../../../wire/clock.js";

/** How long programs may keep the event loop to themselves, in milliseconds. */
const SLICE = 5;

/** When the event loop last did something else, in milliseconds. */
let lastTurn = 0;

/**
 * Lets the engine do something else if programs have had their time. All programs share it: operations that complete at once, such
 * as writing to `/dev/null`, never wait by themselves, and a program of such operations would stop the engine.
 */
export async function takeTurns(): Promise<void> {
  if (monotonicTime() - lastTurn < SLICE) return;
  await new Promise((resolve) => setImmediate(resolve));
  lastTurn = monotonicTime();
}
