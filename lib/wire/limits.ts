/**
 * The default limit for data that is held in memory. In bytes.
 *
 * It is large enough for anything that a person reads, and small enough for several concurrent calls in one process. Options such
 * as `maxOutput` and `limit` change it for a call.
 *
 * Used for output, JSON messages, WebSocket messages and files that are read whole.
 */
export const MEMORY_LIMIT = 64 * 1024 * 1024;

/**
 * The default limit for one line of output. In bytes.
 *
 * Engines keep the lines of programs as they are, and a program may write without ever ending one.
 */
export const LINE_LIMIT = 16 * 1024 * 1024;

/**
 * The longest report of a failed stream that is kept: the rest is dropped. In bytes.
 *
 * Engines send one sentence.
 */
export const REPORT_LIMIT = 64 * 1024;

/**
 * The limit for a JSON response, which is read whole. In bytes.
 *
 * A list of a hundred thousand containers is smaller.
 */
export const JSON_LIMIT = 256 * 1024 * 1024;

/**
 * The limit for responses that matter little: those to version requests, and those that nobody reads. In bytes.
 */
export const SMALL_RESPONSE = 64 * 1024;

/**
 * The longest delay of a Node.js timer, 24.8 days. In milliseconds.
 *
 * A timer with a longer delay fires at once, so longer timeouts are treated as no timeout.
 */
export const LONGEST_TIMEOUT = 2 ** 31 - 1;
