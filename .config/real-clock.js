// @ts-check
// Replaces the timers of bundled packages, for the reason stated in lib/wire/clock.ts.

export { clearTimeout, soon as "process.nextTick", soon as queueMicrotask, setImmediate, setTimeout } from "../lib/wire/clock.js";
