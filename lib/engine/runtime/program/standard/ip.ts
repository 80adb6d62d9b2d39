import type { NetworkInterface } from "../program.js";
import { type Command, Failure, program } from "./command.js";
import { UsageError } from "./options.js";

/** The interface to the container itself. */
const loopback =
  "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n";

const isFour = (address: string): boolean => address.includes(".");

function printLinks({ out, context }: Command, withAddresses: boolean): void {
  const lifetime = "       valid_lft forever preferred_lft forever\n";
  out.put(loopback);
  if (withAddresses) out.put(`    inet 127.0.0.1/8 scope host lo\n${lifetime}`);
  context.interfaces.forEach(({ name, mac, addresses }, at) => {
    out.put(`${at + 2}: ${name}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue\n`);
    out.put(`    link/ether ${mac} brd ff:ff:ff:ff:ff:ff\n`);
    if (!withAddresses) return;
    for (const address of addresses) {
      out.put(isFour(address) ? `    inet ${address} scope global ${name}\n` : `    inet6 ${address} scope global flags 02\n`);
      out.put(lifetime);
    }
  });
}

/** Returns the network of an address with its prefix. */
function networkOf(address: string): string {
  const [host = "", prefix = "32"] = address.split("/");
  const value = host.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(prefix));
  const first = Math.floor(value / size) * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join(".")}/${prefix}`;
}

function printRoutes({ out, context }: Command): void {
  const outside = context.interfaces.find(({ gateway }) => gateway !== undefined);
  if (outside) out.put(`default via ${outside.gateway ?? ""} dev ${outside.name}\n`);
  const routes = context.interfaces.flatMap(({ name, addresses }: NetworkInterface) =>
    addresses
      .filter(isFour)
      .map((address) => `${networkOf(address)} dev ${name} scope link  src ${address.split("/", 1)[0] ?? ""}\n`),
  );
  for (const route of routes) out.put(route);
}

/** Prints addresses and routes of the container. */
export const ip = program(
  (command) => {
    const options = command.options("46o", { stopsAtOperand: true });
    const [object = "", action = "show"] = options.operands;
    const isShown = ["show", "list", "ls", "s", "l"].includes(action) || action === "dev";
    if (!isShown) throw new Failure("RTNETLINK answers: Operation not permitted", 2);
    const withAddresses = /^a(d(d(r(e(s(s)?)?)?)?)?)?$/.test(object);
    if (withAddresses || /^l(i(n(k)?)?)?$/.test(object)) printLinks(command, withAddresses);
    else if (/^r(o(u(t(e)?)?)?)?$/.test(object)) printRoutes(command);
    else throw new UsageError("");
    return 0;
  },
  { usage: "[-4] a|l|r [show]" },
);
