import { once } from "node:events";
import { createServer, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { mutated, type Mutation, mutations } from "./kind.js";

/** What is done to the answer of a registry. */
interface Deed {
  /** The requests that it is done to: a part of their path. */
  readonly to: string;
  /** How many of them pass before. */
  readonly after: number;
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly changes: readonly Mutation[];
  readonly body: string | undefined;
  /** The fraction of the body after which the connection ends, in hundredths; undefined if it is sent whole. */
  readonly cut: number | undefined;
}

const nested = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;

/** Bodies that registries do not send. */
const bodies = [
  ...["", "null", "[]", "{}", "<html>", nested, '{"errors":null}', '{"errors":[null]}', '{"errors":[{"code":1,"message":{}}]}'],
  ...['{"token":1}', '{"token":""}', '{"access_token":null,"expires_in":-1}', '{"schemaVersion":1}', '{"schemaVersion":2}'],
  ...['{"schemaVersion":2,"layers":null,"config":null}', '{"schemaVersion":2,"config":{"digest":"../../canary"},"layers":[{}]}'],
  ...['{"schemaVersion":2,"manifests":[{"platform":null},null]}', '{"schemaVersion":2,"manifests":[{"digest":"sha256:x"}]}'],
  ...['{"rootfs":null}', '{"rootfs":{"type":"layers","diff_ids":[null]}}', '{"tags":null}', '{"tags":[1,"../../canary","a b"]}'],
];

/** Headers that mislead. */
const headers: readonly Readonly<Record<string, string>>[] = [
  ...[{}, {}, {}, { "docker-content-digest": "sha256:1" }, { "docker-content-digest": `sha256:${"0".repeat(64)}` }],
  ...[{ location: "/v2/" }, { location: "http://127.0.0.1:1/" }, { location: "file:///etc/passwd" }, { location: "://" }],
  ...[{ location: "" }, { range: "0-" }, { range: "9-1" }, { "content-range": "bytes 5-1/0" }, { "content-type": "text/html" }],
  ...[{ "content-type": "application/vnd.docker.distribution.manifest.list.v2+json" }, { "content-encoding": "gzip" }],
  ...[{ "www-authenticate": "Bearer" }, { "www-authenticate": 'Bearer realm="://"' }, { "www-authenticate": 'Basic realm="' }],
  ...[{ "www-authenticate": 'Bearer realm="http://127.0.0.1:1/token"' }, { "retry-after": "-1" }, { "content-length": "3" }],
];

/** Up to three deeds. */
export const deeds: fc.Arbitrary<readonly Deed[]> = fc.array(
  fc.record({
    to: fc.constantFrom("/v2/", "/manifests/", "/blobs/sha256", "/blobs/uploads", "/tags/"),
    after: fc.nat({ max: 3 }),
    status: fc.option(fc.constantFrom(200, 201, 202, 204, 206, 301, 307, 308, 400, 401, 403, 404, 416, 429, 500, 503), {
      nil: undefined,
    }),
    headers: fc.constantFrom(...headers),
    changes: mutations(['"', "{", "null", "sha256:", "-1", "1e99", "../"]),
    body: fc.option(fc.constantFrom(...bodies), { nil: undefined, freq: 2 }),
    cut: fc.option(fc.nat({ max: 99 }), { nil: undefined, freq: 5 }),
  }),
  { minLength: 1, maxLength: 3 },
);

/** Stands between an engine and a registry, and changes what the registry answers. */
export class HostileRegistry {
  readonly #server: Server;
  #left: { deed: Deed; passes: number }[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @param target - the registry, such as `127.0.0.1:5000`. */
  static async start(target: string): Promise<HostileRegistry> {
    const [host, port] = target.split(":");
    const server = createServer();
    const registry = new HostileRegistry(server);
    server.on("request", (incoming, response: ServerResponse) => {
      const { method, url = "" } = incoming;
      const forwarded = request({ host, port, method, path: url, headers: incoming.headers }, (answer) => {
        void buffer(answer).then(
          (body) => registry.#answer(url, response, answer.statusCode ?? 500, answer.headers, body),
          () => response.destroy(),
        );
      });
      forwarded.on("error", () => response.destroy());
      response.on("error", () => undefined);
      incoming.on("error", () => forwarded.destroy()).pipe(forwarded);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return registry;
  }

  /** Its name in references. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Sets what is done to the next answers. */
  plan(planned: readonly Deed[]): void {
    this.#left = planned.map((deed) => ({ deed, passes: deed.after }));
  }

  #answer(url: string, response: ServerResponse, status: number, given: object, body: Buffer): void {
    const next = this.#left.find(({ deed }) => url.includes(deed.to));
    const isDone = next !== undefined && next.passes-- <= 0;
    if (!isDone) {
      response.writeHead(status, { ...given }).end(body);
      return;
    }
    this.#left = this.#left.filter((one) => one !== next);
    const { deed } = next;
    const changed = deed.body === undefined ? mutated(body, deed.changes) : Buffer.from(deed.body);
    const { "content-length": _length, ...others } = given as Record<string, string>;
    const sent = deed.cut === undefined ? changed : changed.subarray(0, (changed.length * deed.cut) / 100);
    response.strictContentLength = false;
    response.writeHead(deed.status ?? status, { ...others, "content-length": String(changed.length), ...deed.headers });
    if (deed.cut === undefined) response.end(sent);
    else response.write(sent, () => response.destroy());
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}
