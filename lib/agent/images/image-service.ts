import { createHash } from "node:crypto";
import { type LookupAddress } from "node:dns";
import { lookup, resolveSrv } from "node:dns/promises";
import { get as getHttp, type IncomingMessage } from "node:http";
import { get as getHttps } from "node:https";
import { BlockList, isIP } from "node:net";
import { RpcError } from "../rpc/rpc-error.js";
import type { NamelessFile } from "./nameless-file.js";

/** Where an agent downloads images, and how much of them. */
export interface ImageServiceSettings {
  /** Host, `host:port` or `:port` for this machine. Without a port, an SRV record of the host gives it. */
  readonly host: string;
  /** Hosts that the service may redirect to besides itself. They may have private addresses. */
  readonly redirectHosts: readonly string[];
  /** The most bytes of a download. */
  readonly maxBytes: number;
  /** The most bytes of it uncompressed. */
  readonly maxUnpacked: number;
}

/** An address that a connection may be made to. */
interface Target {
  readonly address: string;
  readonly family: number;
}

/**
 * The addresses that a redirect must not lead to: of this machine, of its networks, of a cloud's metadata, and those that hide an IPv4
 * address.
 */
const forbidden = new BlockList();
for (const [net, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const)
  forbidden.addSubnet(net, prefix, "ipv4");
for (const [net, prefix] of [
  ["::", 96],
  ["64:ff9b::", 32],
  ["2001::", 32],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 9],
  ["ff00::", 8],
] as const)
  forbidden.addSubnet(net, prefix, "ipv6");

/** How many redirects are followed. */
const REDIRECTS = 5;

/** Downloads images from the one host that the agent is configured for. */
export class ImageService {
  readonly #settings: ImageServiceSettings;

  constructor(settings: ImageServiceSettings) {
    if ((settings.host.match(/:/g) ?? []).length > 1)
      throw new TypeError(`the image service ${JSON.stringify(settings.host)} is not a host, host:port or :port`);
    this.#settings = settings;
  }

  /** The most bytes that an image may have uncompressed. */
  get maxUnpacked(): number {
    return this.#settings.maxUnpacked;
  }

  /**
   * Downloads an image to a file.
   *
   * @param id - ID of the image.
   * @param digest - digest that the download must have, such as `sha256:…`.
   * @throws an error if the service does not answer with the whole image, or if the digest differs.
   */
  async download(id: string, file: NamelessFile, digest: string | undefined, signal: AbortSignal): Promise<void> {
    const service = await this.#origin();
    let url = new URL(`/images/${encodeURIComponent(id)}/download`, service);
    for (let redirects = 0; ; redirects++) {
      const response = await this.#get(url, service, signal);
      const { statusCode = 0, headers } = response;
      if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
        response.destroy();
        if (redirects === REDIRECTS) throw failure(`the image service redirected ${REDIRECTS + 1} times`);
        url = new URL(headers.location, url);
        continue;
      }
      if (statusCode !== 200) {
        response.destroy();
        throw failure(`the image service answered ${statusCode} instead of 200 for ${url.origin}${url.pathname}`);
      }
      return this.#save(response, file, digest, signal);
    }
  }

  /** The URL of the service. */
  async #origin(): Promise<URL> {
    const [name = "", port] = this.#settings.host.split(":");
    const host = name === "" ? "localhost" : name;
    if (port !== undefined) return new URL(`http://${host}:${port}`);
    const records = await resolveSrv(host).catch(() => []);
    const [best] = records.sort((a, b) => a.priority - b.priority || b.weight - a.weight);
    return best ? new URL(`http://${best.name}:${best.port}`) : new URL(`http://${host}`);
  }

  async #get(url: URL, service: URL, signal: AbortSignal): Promise<IncomingMessage> {
    if (url.protocol !== "http:" && url.protocol !== "https:") throw failure(`the image service redirected to ${url.protocol}`);
    if (url.username !== "" || url.password !== "") throw failure("the image service redirected to a URL with credentials");
    const target = await this.#resolve(url, service);
    const get = url.protocol === "https:" ? getHttps : getHttp;
    return new Promise((resolve, reject) => {
      // connects to the address that was checked: a second lookup could find another one
      const pinned = (
        _: string,
        options: { all?: boolean },
        done: (error: null, found: string | LookupAddress[], family?: number) => void,
      ): void => (options.all ? done(null, [target]) : done(null, target.address, target.family));
      const request = get(url, { lookup: pinned, signal, timeout: 60_000, agent: false, headers: { Accept: "*/*" } }, resolve);
      request.once("timeout", () => request.destroy(failure("the image service did not answer for 60 s")));
      request.once("error", (error) =>
        reject(signal.aborted || error instanceof RpcError ? error : failure("the image service is not reachable", error)),
      );
    });
  }

  async #resolve(url: URL, service: URL): Promise<Target> {
    const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
    const isTrusted = url.host === service.host || this.#settings.redirectHosts.includes(host);
    const found: Target[] = isIP(host)
      ? [{ address: host, family: isIP(host) }]
      : await lookup(host, { all: true }).catch((error: unknown) => {
          throw failure(`the host ${host} of the image service cannot be resolved`, error);
        });
    const target = found.find((each) => isTrusted || !isForbidden(each));
    if (!target) throw failure(`the image service redirected to ${host}, which is not a public address`);
    return target;
  }

  async #save(response: IncomingMessage, file: NamelessFile, digest: string | undefined, signal: AbortSignal): Promise<void> {
    const { maxBytes } = this.#settings;
    const tooLarge = (): RpcError => failure(`the image is larger than ${maxBytes} bytes`);
    const expected = response.headers["content-length"];
    if (Number(expected ?? 0) > maxBytes) {
      response.destroy();
      throw tooLarge();
    }
    const hash = createHash("sha256");
    let length = 0;
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) {
        length += chunk.length;
        if (length > maxBytes) throw tooLarge();
        hash.update(chunk);
        await file.write(chunk);
      }
    } catch (error) {
      if (signal.aborted || error instanceof RpcError) throw error;
      throw failure("the download of the image was cut off", error);
    }
    const actual = `sha256:${hash.digest("hex")}`;
    if (digest !== undefined && digest !== actual) throw failure(`the image has the digest ${actual} instead of ${digest}`);
  }
}

function isForbidden({ address, family }: Target): boolean {
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (mapped !== undefined) return forbidden.check(mapped, "ipv4");
  return forbidden.check(address, family === 6 ? "ipv6" : "ipv4");
}

function failure(message: string, cause?: unknown): RpcError {
  return new RpcError("engine", message, {}, cause);
}
