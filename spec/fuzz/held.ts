import { createHook } from "node:async_hooks";
import { readdirSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/** How often what is held is counted, and the time between two times, in milliseconds. */
const TRIES = 50;
const PAUSE = 100;

/** What this process holds: numbers of things by kind. */
type Held = Readonly<Record<string, number>>;

/**
 * Counts what this process holds: handles of the event loop, timers that keep it alive or not, and open files.
 *
 * @returns a function that waits until no more is held than now, and resolves to what is when that takes too long.
 */
export function watchHeld(): () => Promise<string[]> {
  const timers = new Map<number, string>();
  const hook = createHook({
    init: (id, type) => {
      if (type === "Timeout") {
        const lines = (new Error("here").stack ?? "").split("\n").slice(1);
        const begun = lines.find((line) => !/\(?node:|held\.ts:.*init/.test(line)) ?? "";
        if (!begun.includes("held.ts")) timers.set(id, begun.trim()); // not the pauses below
      }
    },
    destroy: (id) => void timers.delete(id),
  });
  hook.enable();
  const count = (): Held => {
    const counts: Record<string, number> = {};
    for (const begun of timers.values()) counts[`timer ${begun}`] = (counts[`timer ${begun}`] ?? 0) + 1;
    for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1;
    return { ...counts, ...(process.platform === "linux" && { files: readdirSync("/proc/self/fd").length }) };
  };
  const before = count();
  const more = (): string[] =>
    Object.entries(count()).flatMap(([name, now]) =>
      now > (before[name] ?? 0) ? [`${name}: ${before[name] ?? 0}, now ${now}`] : [],
    );
  return async () => {
    for (let tries = 0; more().length > 0 && tries < TRIES; tries += 1) await pause(PAUSE);
    hook.disable();
    return more();
  };
}
