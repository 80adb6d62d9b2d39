/**
 * The default limit for data that is held in memory: output, documents, messages, files. In bytes.
 *
 * It is large enough for anything that a person reads, and small enough that a hundred concurrent calls fit into a process.
 */
export const MEMORY_LIMIT = 64 * 1024 * 1024;

/**
 * The longest delay of a Node.js timer, 24.8 days. In milliseconds.
 *
 * A timer with a longer delay fires at once, so such a timeout means none.
 */
export const LONGEST_TIMEOUT = 2 ** 31 - 1;
