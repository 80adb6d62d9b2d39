import { errorMessage } from "../wire/realm.js";
import type { ServiceLogger } from "./log.js";

/** A service that a program runs. */
export interface RunningService {
  /** Where it listens. */
  readonly endpoints: readonly string[];
  /** Reads again what may change while it runs. */
  reload(): void;
  /** Ends it in order. */
  close(): Promise<void>;
}

/** Runs a service until SIGTERM or SIGINT, which close it; a second signal ends the process at once. */
export function runService(service: RunningService, logger: ServiceLogger, fail: (error: unknown) => never): void {
  let isClosing = false;
  const close = (signal: string): void => {
    if (isClosing) process.exit(1);
    isClosing = true;
    logger.info({ signal }, "closing");
    service.close().then(() => process.exit(0), fail);
  };
  for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, close);
  process.on("SIGHUP", () => {
    try {
      service.reload();
    } catch (error) {
      logger.error({ reason: errorMessage(error) }, "not reloaded: what was read before stays");
    }
  });
  // whoever reads this may signal at once
  for (const endpoint of service.endpoints) process.stdout.write(`${endpoint}\n`);
}

/** Ends a process with a message. */
export function failProgram(name: string, error: unknown): never {
  process.stderr.write(`${name}: ${errorMessage(error)}\n`);
  process.exit(1);
}
