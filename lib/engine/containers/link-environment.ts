import { checkLinks, type LinkedContainer } from "./links.js";
import type { ContainerRecord } from "./record.js";

/** A port such as `80/tcp`. */
interface Port {
  readonly number: number;
  readonly protocol: string;
}

/** The variables that builds set: they say nothing about a container. */
const unsaid = new Set(["HOME", "PATH"]);

/**
 * Returns the variables that describe the containers to which a container has links, as lines: names, addresses, ports and environment.
 *
 * @param find - returns a container by its ID.
 * @throws an {@link EngineError} with status 500 when one of them does not run.
 */
export function linkedEnvironment(record: ContainerRecord, find: (id: string) => LinkedContainer | undefined): string[] {
  checkLinks(record, find);
  return (record.links ?? []).flatMap(({ alias, container }) => {
    const target = find(container)?.record;
    return target ? describe(`/${record.name}/${alias}`, alias.toUpperCase().replaceAll("-", "_"), target) : [];
  });
}

function describe(link: string, prefix: string, { config, networks }: ContainerRecord): string[] {
  const address = networks.bridge?.IPAddress ?? "";
  const ports = Object.keys(config.ExposedPorts ?? {}).map(parsePort);
  ports.sort((one, other) => one.number - other.number || (one.protocol === "tcp" ? -1 : 1));
  const url = ({ protocol, number }: Port): string => `${protocol}://${address}:${number}`;
  const nameOf = ({ protocol, number }: Port): string => `${prefix}_PORT_${number}_${protocol.toUpperCase()}`;
  // the first of them is the main one
  const main = ports.slice(0, 1).map((port) => `${prefix}_PORT=${url(port)}`);
  const each = ports.flatMap((port) => [
    `${nameOf(port)}=${url(port)}`,
    `${nameOf(port)}_ADDR=${address}`,
    `${nameOf(port)}_PORT=${port.number}`,
    `${nameOf(port)}_PROTO=${port.protocol}`,
  ]);
  const ranges = rangesOf(ports).flatMap(([first, last]) => [
    `${nameOf(first)}_START=${url(first)}`,
    `${nameOf(first)}_PORT_START=${first.number}`,
    `${nameOf(first)}_END=${url(last)}`,
    `${nameOf(first)}_PORT_END=${last.number}`,
  ]);
  const own = (config.Env ?? []).filter((line) => line.includes("=") && !unsaid.has(line.slice(0, line.indexOf("="))));
  return [...main, ...ranges, ...each, `${prefix}_NAME=${link}`, ...own.map((line) => `${prefix}_ENV_${line}`)];
}

function parsePort(text: string): Port {
  const [number, protocol = "tcp"] = text.split("/");
  return { number: Number(number), protocol };
}

/** Returns the first and the last port of every range of at least two ports that follow each other. */
function rangesOf(ports: readonly Port[]): [Port, Port][] {
  const ranges: [Port, Port][] = [];
  let first: Port | undefined;
  for (const [at, port] of ports.entries()) {
    const next = ports[at + 1];
    const continues = next?.number === port.number + 1 && next.protocol === port.protocol;
    if (continues) first ??= port;
    else if (first) {
      ranges.push([first, port]);
      first = undefined;
    }
  }
  return ranges;
}
