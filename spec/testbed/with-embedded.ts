// Runs a command with the environment of an embedded engine, as `with-engine` does with a real one:
//
//   tsx spec/testbed/with-embedded.ts EXECUTOR CMD...
//
// A registry with a user and a TLS endpoint are beside it. Exits with the command's exit code.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { startEmbeddedBed } from "../support/embedded-bed.js";

const [executor = "", program = "", ...args] = process.argv.slice(2);
if ((executor !== "program" && executor !== "oci") || program === "") {
  console.error("with-embedded: usage: with-embedded.ts program|oci CMD...");
  process.exit(2);
}

const bed = await startEmbeddedBed(executor);
const child = spawn(program, args, { stdio: "inherit", env: { ...process.env, ...bed.env } });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
const [code] = (await once(child, "close")) as [number | null]; // null after a signal
await bed.close();
process.exitCode = code ?? 1;
