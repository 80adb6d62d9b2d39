// Runs a command with the environment of an embedded engine, as `with-engine` does with a real one:
//
//   tsx spec/testbed/with-embedded.ts EXECUTOR CMD...
//
// A registry with a user and a TLS endpoint are beside it; so is an ssh server, where root has one and a docker command. The engine is a
// process of its own, which the command stops, kills and starts again through a socket. Exits with the command's exit code.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { errorMessage } from "../../lib/wire/realm.js";
import { startEmbeddedBed } from "../support/embedded-bed.js";
import { EngineProgram } from "./engine-program.js";
import { startSshServer } from "./ssh-server.js";

const [executor = "", program = "", ...args] = process.argv.slice(2);
if ((executor !== "program" && executor !== "oci") || program === "") {
  console.error("with-embedded: usage: with-embedded.ts program|oci CMD...");
  process.exit(2);
}

const { engine, folder, env, close } = await startEmbeddedBed(executor, (settings) => EngineProgram.start(settings));
const ssh = await startSshServer(join(folder, "ssh"), engine.endpoints[0] ?? "");

/** What the command may ask for, with the names of the test bed. */
const commands: Readonly<Record<string, () => Promise<void>>> = {
  up: () => engine.up(),
  stop: () => engine.end("SIGTERM"),
  kill: () => engine.end("SIGKILL"),
};
const control = createServer({ allowHalfOpen: true }, (socket) => {
  socket.on("error", () => socket.destroy());
  let name = "";
  socket.on("data", (chunk: Buffer) => (name += chunk.toString()));
  socket.once("end", () => {
    const work = commands[name] ?? (() => Promise.reject(new Error(`no command ${name}`)));
    // an empty answer is success
    work().then(
      () => socket.end(),
      (error: unknown) => socket.end(errorMessage(error)),
    );
  });
});
control.listen(join(folder, "control.sock"));

const child = spawn(program, args, {
  stdio: "inherit",
  env: { ...process.env, ...env, ...ssh?.env, TESTBED_CONTROL: join(folder, "control.sock") },
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
const [code] = (await once(child, "close")) as [number | null]; // null after a signal
control.close();
await ssh?.close();
await close();
process.exitCode = code ?? 1;
