import type { ContainerInspect } from "../../types/container.js";
import { monotonicTime } from "../../wire/clock.js";

/** The characters that a terminal sends for the default detach keys, ctrl-p and ctrl-q. */
const DEFAULT_KEYS = "\u0010\u0011";

/** Matches `ctrl-` and the character that names the control character. */
const CONTROL = /^ctrl-([a-z@[\\\]^_])$/;

/** Returns the characters that a terminal sends for keys in Docker's notation, such as `ctrl-p,ctrl-q` or `a`. */
function bytesOf(keys: string): string {
  const codes = keys.split(",").map((key) => {
    const name = CONTROL.exec(key)?.[1];
    return name === undefined ? key : String.fromCharCode(name.toUpperCase().charCodeAt(0) - 0x40);
  });
  return codes.join("");
}

/**
 * Returns whether the input contained the detach keys. If it did, the output ends while the container is still running.
 *
 * @param sent - the last bytes of the input.
 * @param keys - the detach keys in Docker's notation; Docker's default keys if undefined.
 */
export function isDetached(sent: Buffer, keys: string | undefined): boolean {
  return sent.includes(keys ? bytesOf(keys) : DEFAULT_KEYS);
}

/**
 * Records the current time as the time of attaching, and returns a function that checks whether the container has exited since
 * then.
 */
export function endedSince(): (found: ContainerInspect, now: string | undefined) => boolean {
  const began = monotonicTime();
  return ({ State, RestartCount }, now) => {
    if (!State.Running) return true;
    // the time of attaching by the engine's clock, in whole seconds
    const attached = (now === undefined ? Date.now() : Date.parse(now)) - (monotonicTime() - began);
    // it exited after attaching, and a restart policy or another client has started it again
    if (Date.parse(State.FinishedAt) >= attached) return true;
    // Podman does not keep the exit time of a container that it restarts
    return RestartCount > 0 && Date.parse(State.StartedAt) >= attached;
  };
}
