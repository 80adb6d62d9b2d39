import { type Command, Failure, program } from "./command.js";
import { connectionReason, isUnknownHost } from "./connect.js";
import { addressOf } from "./identity.js";
import { readCount } from "./numbers.js";
import { UsageError } from "./options.js";

/** The port of `echo`: a host that refuses it is there. */
const ECHO = 7;

/** Returns how long a host took to answer, in milliseconds; undefined if it does not. */
async function roundTrip(command: Command, host: string): Promise<number | undefined> {
  const { clock } = command.context;
  const start = clock.now();
  try {
    (await command.context.connect(host, ECHO)).destroy();
  } catch (error) {
    if (isUnknownHost(error)) throw new Failure(`bad address '${host}'`);
    const reason = connectionReason(error);
    if (reason === undefined) throw error;
    if (reason !== "Connection refused") return undefined;
  }
  return Number(clock.now() - start) / 1e6;
}

/** Checks whether a host answers: by a connection that it accepts or refuses, since there are no raw sockets. */
export const ping = program(
  async (command) => {
    const options = command.options("c:W:w:i:s:I:q46nA");
    const [host] = options.operands;
    if (host === undefined) throw new UsageError("");
    const count = options.has("c") ? readCount(options.value("c") ?? "") : Infinity;
    command.out.put(`PING ${host} (${host}): 56 data bytes\n`);
    const times: number[] = [];
    let sent = 0;
    for (; sent < count; sent++) {
      if (sent > 0) await command.context.clock.sleep(1000, command.context.signal);
      const time = await roundTrip(command, host);
      if (time === undefined) continue;
      times.push(time);
      if (!options.has("q")) command.out.put(`64 bytes from ${host}: seq=${sent} ttl=64 time=${time.toFixed(3)} ms\n`);
      await command.out.flush();
    }
    const lost = Math.round(((sent - times.length) / sent) * 100);
    command.out.put(`\n--- ${host} ping statistics ---\n`);
    command.out.put(`${sent} packets transmitted, ${times.length} packets received, ${lost}% packet loss\n`);
    if (times.length === 0) return 1;
    const average = times.reduce((sum, time) => sum + time, 0) / times.length;
    const figures = [Math.min(...times), average, Math.max(...times)].map((time) => time.toFixed(3)).join("/");
    command.out.put(`round-trip min/avg/max = ${figures} ms\n`);
    return 0;
  },
  { usage: "[-c CNT] [-q] HOST" },
);

/** Prints addresses and routes of the container. */
export const ip = program(
  async (command) => {
    const options = command.options("46o", { stopsAtOperand: true });
    const [object = "", action = "show"] = options.operands;
    const address = await addressOf(command);
    const isShown = ["show", "list", "ls", "s", "l"].includes(action) || action === "dev";
    if (!isShown) throw new Failure("RTNETLINK answers: Operation not permitted", 2);
    const withAddresses = /^a(d(d(r(e(s(s)?)?)?)?)?)?$/.test(object);
    if (withAddresses || /^l(i(n(k)?)?)?$/.test(object)) {
      command.out.put(
        "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n",
      );
      if (withAddresses) command.out.put("    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever\n");
      if (address === undefined) return 0;
      const bytes = address.split(".").map((part) => Number(part).toString(16).padStart(2, "0"));
      command.out.put("2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue\n");
      command.out.put(`    link/ether 02:42:${bytes.join(":")} brd ff:ff:ff:ff:ff:ff\n`);
      if (withAddresses)
        command.out.put(`    inet ${address}/16 scope global eth0\n       valid_lft forever preferred_lft forever\n`);
    } else if (/^r(o(u(t(e)?)?)?)?$/.test(object)) {
      if (address === undefined) return 0;
      const network = address.split(".").slice(0, 2).join(".");
      command.out.put(`default via ${network}.0.1 dev eth0\n${network}.0.0/16 dev eth0 scope link  src ${address}\n`);
    } else throw new UsageError("");
    return 0;
  },
  { usage: "[-4] a|l|r [show]" },
);
