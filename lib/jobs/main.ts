#!/usr/bin/env node
// The program `ts-dockerclient-jobs`: serves jobs until a signal ends it.

import { jsonLogger } from "../service/log.js";
import { packageVersion } from "../service/package-version.js";
import { failProgram, runService } from "../service/run-program.js";
import { HELP, parseCommandLine } from "./command-line.js";
import { deploy } from "./deployment/command.js";
import { JobServer } from "./job-server.js";

const NAME = "ts-dockerclient-jobs";

try {
  const command = parseCommandLine(process.argv.slice(2));
  if ("print" in command) process.stdout.write(command.print === "help" ? HELP : `${NAME} ${packageVersion()}\n`);
  else if ("deploy" in command) await deploy(command, (text) => process.stdout.write(text));
  else {
    const logger = jsonLogger(command.logLevel, (line) => process.stderr.write(line));
    runService(await JobServer.start({ ...command.server, logger }), logger, (error) => failProgram(NAME, error));
  }
} catch (error) {
  failProgram(NAME, error);
}
