#!/usr/bin/env node
// The program `ts-dockerclient-agent`: runs an agent until a signal ends it.

import { jsonLogger } from "../service/log.js";
import { failProgram, runService } from "../service/run-program.js";
import { Agent } from "./agent.js";
import { type Command, HELP, parseCommandLine, versionText } from "./command-line.js";

const fail = (error: unknown): never => failProgram("ts-dockerclient-agent", error);

async function serve({ agent: options, logLevel }: Exclude<Command, { print: unknown }>): Promise<void> {
  const logger = jsonLogger(logLevel, (line) => process.stderr.write(line));
  const agent = await Agent.start({ ...options, logger });
  const close = async (): Promise<void> => {
    await agent.close();
    await options.client?.close();
  };
  runService({ endpoints: agent.endpoints, reload: () => agent.reload(), close }, logger, fail);
}

try {
  const command = parseCommandLine(process.argv.slice(2));
  if ("print" in command) process.stdout.write(command.print === "help" ? HELP : `${versionText()}\n`);
  else await serve(command);
} catch (error) {
  fail(error);
}
