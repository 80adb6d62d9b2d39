#!/usr/bin/env node
// The program `ts-dockerclient-engine`: runs an engine until a signal ends it.

import { errorMessage } from "../wire/realm.js";
import { HELP, parseCommandLine, versionText } from "./command-line.js";
import { EmbeddedEngine, type EmbeddedEngineOptions } from "./embedded-engine.js";
import type { LoggedRequest } from "./testing/request-log.js";

/** Writes a line to the log. */
function log(text: string): void {
  process.stderr.write(`${new Date().toISOString()} ${text}\n`);
}

/** Returns a line for a request; for debugging, with its query and its headers. */
function describe({ method, path, status, duration = 0, query, headers }: LoggedRequest, debug: boolean): string {
  const line = `${method} ${path}: ${status ?? "connection closed"}, ${duration.toFixed(1)} ms`;
  return debug ? `${line} ${JSON.stringify({ query, headers })}` : line;
}

/** Starts an engine, which SIGTERM and SIGINT close; a second signal ends the process at once. */
async function serve(options: EmbeddedEngineOptions, debug: boolean): Promise<void> {
  const engine = await EmbeddedEngine.start({ ...options, onReport: log });
  engine.requests.onEnd((request) => log(describe(request, debug)));
  let isClosing = false;
  const close = (signal: string): void => {
    if (isClosing) process.exit(1);
    isClosing = true;
    log(`${signal}: closing`);
    engine.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, close);
  // whoever reads this may signal at once
  for (const endpoint of engine.endpoints) process.stdout.write(`${endpoint}\n`);
  log(`listening; use it with: export DOCKER_HOST=${engine.endpoint}`);
}

/** Ends the process with a message. */
function fail(error: unknown): never {
  process.stderr.write(`ts-dockerclient-engine: ${errorMessage(error)}\n`);
  process.exit(1);
}

try {
  const command = parseCommandLine(process.argv.slice(2));
  if ("print" in command) process.stdout.write(command.print === "help" ? HELP : `${versionText()}\n`);
  else await serve(command.engine, command.debug);
} catch (error) {
  fail(error);
}
