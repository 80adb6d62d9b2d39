/**
 * The default limit, in bytes, for data that is held in memory.
 *
 * It is large enough for anything that a person reads, and small enough for several concurrent calls in one process. Options such
 * as `maxOutput` and `limit` change it for a call.
 *
 * Used for output, JSON messages, WebSocket messages and files that are read into memory.
 */
export const MEMORY_LIMIT = 64 * 1024 * 1024;

/**
 * The default limit, in bytes, for one line of output.
 *
 * Engines do not limit the length of a line, and a program may write forever without ending one.
 */
export const LINE_LIMIT = 16 * 1024 * 1024;

/**
 * The maximum length, in bytes, of an engine's report that a stream failed. The rest is dropped.
 *
 * Engines send a single sentence.
 */
export const REPORT_LIMIT = 64 * 1024;

/**
 * The limit, in bytes, for a JSON response, which is held in memory as a whole.
 *
 * A list of a hundred thousand containers is smaller.
 */
export const JSON_LIMIT = 256 * 1024 * 1024;

/** The limit, in bytes, for responses to version requests, and for responses whose content is not needed. */
export const SMALL_RESPONSE = 64 * 1024;

/**
 * The longest delay of a Node.js timer, in milliseconds: 24.8 days.
 *
 * A timer with a longer delay fires at once, so longer timeouts are treated as no timeout.
 */
export const LONGEST_TIMEOUT = 2 ** 31 - 1;
