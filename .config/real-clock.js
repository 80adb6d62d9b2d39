// @ts-check
// Replaces the globals of the same names in bundled packages: lib/wire/clock.ts says why.

export { clearTimeout, soon as "process.nextTick", soon as queueMicrotask, setImmediate, setTimeout } from "../lib/wire/clock.js";
