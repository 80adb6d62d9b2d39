import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { end, listen } from "../../../lib/transport/dial/ssh-channel.js";
import { timersOfPackage } from "../../support/leaks.js";

/** Less than the second after which a process is killed, or its standard error closed. */
const soon = { timeout: 700, interval: 10 };

it("a process that has ended leaves its error output, and no timer", async () => {
  const timers = timersOfPackage();
  const child = spawn(process.execPath, ["-e", "console.error('denied')"]);
  const said = listen(child);
  await once(child, "close");
  expect(said()).toBe("denied\n");
  await expect.poll(timers, soon).toEqual([]);
});

it("a process that ends when asked to leaves no timer", async () => {
  const timers = timersOfPackage();
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  await once(child, "spawn");
  end(child);
  expect(timers()).toHaveLength(1);
  await once(child, "exit");
  expect(child.signalCode).toBe("SIGTERM");
  await expect.poll(timers, soon).toEqual([]);
});
