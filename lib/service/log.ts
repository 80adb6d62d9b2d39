/** A level of a log. @category Services on this machine */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** The levels, from that with the most messages to that with the fewest. */
export const LOG_LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/**
 * Receives what a service logs, as pino and similar loggers do: an object with the facts, and a message.
 *
 * @category Services on this machine
 */
export interface ServiceLogger {
  /** Logs what helps to find faults. */
  debug(facts: object, message: string): void;
  /** Logs each request. */
  info(facts: object, message: string): void;
  /** Logs what somebody should know. */
  warn(facts: object, message: string): void;
  /** Logs faults. */
  error(facts: object, message: string): void;
}

/** A logger that logs nothing. */
export const silentLogger: ServiceLogger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Returns a logger that writes one JSON object a line. */
export function jsonLogger(least: LogLevel, write: (line: string) => void): ServiceLogger {
  const at = (level: LogLevel): ((facts: object, message: string) => void) => {
    if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(least)) return () => undefined;
    return (facts, message) => write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...facts })}\n`);
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
