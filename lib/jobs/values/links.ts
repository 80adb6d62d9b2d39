import { InvalidJobError } from "../errors.js";
import { networkLink } from "../schemas.js";

/** Leads from an address that a container's program connects to, to a port of another container or host. @category Jobs */
export interface NetworkLink {
  /** Name or address that the program connects to. 127.0.0.1 by default. */
  readonly fromHost?: string | undefined;
  /** Port that the program connects to. */
  readonly fromPort: number;
  /** Identifier of the other container, or the name or address of a host. */
  readonly toHost?: string | undefined;
  /** Port of the other container or host. */
  readonly toPort?: number | undefined;
}

/** The links of a container. @category Jobs */
export interface ContainerLink {
  /** Identifier of the container. */
  readonly id: string;
  /** Its links. They replace those that it had. */
  readonly networkLinks: readonly NetworkLink[];
}

/** The address that links lead from if they do not say. */
const LOOPBACK = "127.0.0.1";

/** A link that says where it leads. */
export interface CompleteLink {
  readonly fromHost: string;
  readonly fromPort: number;
  readonly toHost: string;
  readonly toPort: number;
}

/** Returns the links that say where they lead. */
export function completeLinks(links: readonly NetworkLink[]): CompleteLink[] {
  return links.flatMap(({ fromHost = LOOPBACK, fromPort, toHost = "", toPort = 0 }) =>
    toHost === "" || toPort === 0 ? [] : [{ fromHost, fromPort, toHost, toPort }],
  );
}

/** Writes links as `from_host:from_port:to_host:to_port`, with commas between them. @category Jobs */
export function networkLinksText(links: readonly NetworkLink[]): string {
  return links
    .map(({ fromHost = LOOPBACK, fromPort, toHost = "", toPort = 0 }) =>
      [fromHost, fromPort, toHost, toPort].map((part) => (String(part).includes(":") ? `[${part}]` : part)).join(":"),
    )
    .join(",");
}

/**
 * Parses links of the form `[from_host:]from_port:to_host:to_port`, with commas between them. IPv6 addresses are in brackets.
 *
 * @throws {@link InvalidJobError} if the text has another form.
 * @category Jobs
 */
export function parseNetworkLinks(text: string): NetworkLink[] {
  return text.split(",").map((part) => {
    const [, fromHost = LOOPBACK, fromPort, toHost = "", toPort] = LINK.exec(part.trim()) ?? [];
    const parsed = networkLink.safeParse({
      fromHost: bare(fromHost),
      fromPort: Number(fromPort),
      toHost: bare(toHost),
      toPort: Number(toPort),
    });
    if (parsed.success) return parsed.data;
    throw new InvalidJobError(`links have the form "[from_host:]from_port:to_host:to_port", unlike ${JSON.stringify(part)}`);
  });
}

const LINK = /^(?:(\[[\da-f:.]+\]|[^:]+):)?(\d{1,5}):(\[[\da-f:.]+\]|[^:]+):(\d{1,5})$/i;

function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1");
}
