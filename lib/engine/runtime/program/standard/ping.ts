import { type Command, Failure, program } from "./command.js";
import { connectionReason, isUnknownHost } from "./connect.js";
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
