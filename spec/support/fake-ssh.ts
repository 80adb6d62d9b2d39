import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { temporaryFolder } from "./servers.js";

/** The behaviour of the fake. */
export type Conduct =
  | "works"
  | "refuses the key"
  | "does not know the host"
  | "is unreachable"
  | "has no docker"
  | "has a docker that fails"
  | "never connects"
  | "ignores signals"
  | "leaves a process behind"
  | "refuses the key and leaves a process behind"
  | "loses its connection";

const program = (folder: string) => `#!${process.execPath}
const { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { execFileSync, spawn } = require("node:child_process");
const { connect } = require("node:net");
const folder = ${JSON.stringify(folder)};
const args = process.argv.slice(2);
appendFileSync(folder + "/calls", JSON.stringify({ pid: process.pid, args }) + "\\n");
const option = (name) => args.find((arg) => arg.startsWith(name + "="))?.slice(name.length + 1);
const conduct = readFileSync(folder + "/conduct", "utf8");
const control = option("ControlPath")?.replace(/^"|"$/g, "").replaceAll("%%", "%");
const fail = (text, code) => {
  process.stderr.write("Warning: something that ssh says anyway.\\n" + text + "\\n", () => process.exit(code));
};
if (conduct === "ignores signals") process.on("SIGTERM", () => undefined);
if (conduct.endsWith("leaves a process behind")) {
  // like a ProxyCommand of ssh, it inherits standard error
  spawn("sleep", ["8"], { detached: true, stdio: ["ignore", "ignore", "inherit"] }).unref();
}
if (option("ControlMaster") === "yes") {
  if (conduct.startsWith("refuses the key")) fail("me@host: Permission denied (publickey).", 255);
  else if (conduct === "does not know the host") fail("Host key verification failed.", 255);
  else if (conduct === "is unreachable") fail("ssh: connect to host host port 22: Connection refused", 255);
  else if (conduct === "never connects") process.stdin.resume();
  else {
    if (existsSync(control)) fail("ControlSocket " + control + " already exists, disabling multiplexing", 255);
    writeFileSync(control, "");
    if (conduct !== "ignores signals") process.on("SIGTERM", () => process.exit(0));
    process.on("exit", () => rmSync(control, { force: true }));
    execFileSync("sh", ["-c", option("LocalCommand")], { stdio: ["ignore", "ignore", "inherit"] });
    if (conduct === "ignores signals") setInterval(() => undefined, 1000);
    else process.stdin.on("end", () => process.exit(0)).resume();
  }
} else if (conduct === "has no docker") fail("sh: 1: docker: not found\\nsh: 1: exec: podman: not found", 127);
else if (conduct === "has a docker that fails") fail("permission denied while trying to connect to the Docker daemon socket", 1);
else if (conduct === "loses its connection") {
  process.stdin.once("data", () => fail("Connection to host closed by remote host.", 255));
} else {
  const socket = connect({ path: readFileSync(folder + "/socket", "utf8"), allowHalfOpen: true });
  process.stdin.pipe(socket);
  socket.pipe(process.stdout);
  socket.on("error", () => process.exit(1)).on("close", () => process.exit(0));
}
`;

/** One run of the fake. */
interface Call {
  pid: number;
  args: string[];
}

/**
 * Puts a fake `ssh` first in the PATH until the test has finished. Its channels connect to a unix socket on this machine.
 *
 * @param socket - the path of the socket.
 */
export async function fakeSsh(socket = "/nowhere") {
  const folder = await temporaryFolder();
  writeFileSync(join(folder, "ssh"), program(folder), { mode: 0o755 });
  writeFileSync(join(folder, "socket"), socket);
  const conduct = (what: Conduct) => writeFileSync(join(folder, "conduct"), what);
  conduct("works");
  const path = process.env.PATH;
  process.env.PATH = `${folder}:${path ?? ""}`;
  onTestFinished(() => void (process.env.PATH = path));
  const calls = (): Call[] => {
    if (!existsSync(join(folder, "calls"))) return [];
    return readFileSync(join(folder, "calls"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Call);
  };
  const isMaster = ({ args }: Call) => args.includes("ControlMaster=yes");
  const masters = () => calls().filter(isMaster);
  const channels = () => calls().filter((call) => !isMaster(call));
  const controlOf = ({ args }: Call) =>
    args
      .find((arg) => arg.startsWith("ControlPath="))
      ?.slice("ControlPath=".length)
      .replace(/^"|"$/g, "") ?? "";
  const running = () => calls().filter(({ pid }) => isRunning(pid));
  /** Expects that the calls have left neither a process nor a control socket. */
  const expectNothingLeft = async () => {
    await expect.poll(() => running(), { timeout: 4000 }).toEqual([]);
    await expect
      .poll(
        () =>
          masters()
            .map(controlOf)
            .filter((control) => existsSync(control)),
        { timeout: 4000 },
      )
      .toEqual([]);
  };
  return { folder, conduct, calls, masters, channels, controlOf, running, expectNothingLeft };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // there is no such process
    return false;
  }
}
