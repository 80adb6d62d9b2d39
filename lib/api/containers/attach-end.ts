import type { ContainerInspect } from "../../types/container.js";
import { monotonicTime } from "../../wire/clock.js";

/** The keys that detach by default: ctrl-p, ctrl-q. */
const DEFAULT_KEYS = "\u0010\u0011";

/** Control characters by the character that names them in `ctrl-…`. */
const CONTROL = /^ctrl-([a-z@[\\\]^_])$/;

/** Returns what a terminal sends for keys in Docker's notation, such as `ctrl-p,ctrl-q` or `a`. */
function bytesOf(keys: string): string {
  const codes = keys.split(",").map((key) => {
    const name = CONTROL.exec(key)?.[1];
    return name === undefined ? key : String.fromCharCode(name.toUpperCase().charCodeAt(0) - 0x40);
  });
  return codes.join("");
}

/**
 * Whether the caller's input has detached from a terminal: its output then ends while the container runs.
 *
 * @param sent - the end of the input.
 * @param keys - the keys that detach, in Docker's notation.
 */
export function isDetached(sent: Buffer, keys: string | undefined): boolean {
  return sent.includes(keys ? bytesOf(keys) : DEFAULT_KEYS);
}

/** Remembers the time of an attachment, and returns a function that determines whether the container has ended since. */
export function endedSince(): (found: ContainerInspect, now: string | undefined) => boolean {
  const began = monotonicTime();
  return ({ State, RestartCount }, now) => {
    if (!State.Running) return true;
    // the engine's own clock at the attachment, without its fractions of a second
    const attached = (now === undefined ? Date.now() : Date.parse(now)) - (monotonicTime() - began);
    // a restart policy, or another client, has started it again
    if (Date.parse(State.FinishedAt) >= attached) return true;
    // Podman forgets the end of a container that it restarts
    return RestartCount > 0 && Date.parse(State.StartedAt) >= attached;
  };
}
