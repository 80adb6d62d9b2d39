import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, it, vi } from "vitest";
import { flag, pathParam } from "../../lib/core/fields/fields.js";
import { chooseVersion } from "../../lib/core/negotiation.js";
import { operation } from "../../lib/core/operation.js";
import { AbortError, ConnectionRefusedError, ProtocolError, TimeoutError } from "../../lib/errors/connection-errors.js";
import { EngineVersionError, InvalidOptionError, UnsupportedVersionError } from "../../lib/errors/usage-errors.js";
import { failureOf, probe, probeGet } from "../support/probe.js";
import { httpServer, netServer, ok } from "../support/servers.js";

const negotiated = { apiVersion: undefined };

/** An engine that reports an API version in its ping and records its requests. */
async function engine(
  version: string | undefined,
  answers: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {},
) {
  const asked: string[] = [];
  const listening = await httpServer((request, response) => {
    const path = request.url ?? "";
    asked.push(path);
    const own = answers[path];
    if (own) {
      own(request, response);
      return;
    }
    if (path === "/_ping" && version !== undefined) response.setHeader("Api-Version", version);
    ok(response);
  });
  return { ...listening, asked };
}

const refuse = (status: number, text: string) => (_request: IncomingMessage, response: ServerResponse) => {
  response.writeHead(status).end(text);
};

describe("negotiation", () => {
  it.each([
    ["1.41", "1.41"],
    ["1.24", "1.24"],
    ["1.55", "1.55"],
    ["1.56", "1.55"],
    ["1.100", "1.55"],
    ["2.0", "1.55"],
  ])("with an engine of API %s uses API %s", async (engines, spoken) => {
    const { endpoint, asked } = await engine(engines);
    const client = probe(endpoint, negotiated);
    expect(client.apiVersion).toBeUndefined();
    await client.get();
    expect(client.apiVersion).toBe(spoken);
    expect(await client.negotiate()).toBe(spoken);
    await client.get();
    expect(asked).toEqual(["/_ping", `/v${spoken}/probe/x`, `/v${spoken}/probe/x`]);
  });

  it("sends one version request for many calls at the same time", async () => {
    const { endpoint, asked } = await engine("1.41");
    const client = probe(endpoint, negotiated);
    await Promise.all(Array.from({ length: 50 }, () => client.get()));
    expect(asked.filter((path) => path === "/_ping")).toHaveLength(1);
    expect(asked).toHaveLength(51);
  });

  it("sends no version request when the version is pinned", async () => {
    const { endpoint, asked } = await engine("1.55");
    const client = probe(endpoint, { apiVersion: "1.30" });
    await client.get();
    expect(client.apiVersion).toBe("1.30");
    expect(await client.negotiate()).toBe("1.30");
    expect(asked).toEqual(["/v1.30/probe/x"]);
  });

  it("sends no version request for unversioned paths", async () => {
    const bare = operation<{ id: string }>({
      name: "specBare",
      method: "GET",
      path: "/bare/{id}",
      versioned: false,
      fields: { id: pathParam },
    });
    const { endpoint, asked } = await engine("1.41");
    await probe(endpoint, negotiated).send(bare, { id: "x" });
    expect(asked).toEqual(["/bare/x"]);
  });

  it.each(["1", "v1.41", "1.41.0", "", "newest"])("rejects the pinned version %j", (apiVersion) => {
    expect(() => probe("unix:///nowhere", { apiVersion })).toThrow(EngineVersionError);
  });

  it("rejects an engine that is too old, and sends a new request for the next call", async () => {
    const { endpoint, asked } = await engine("1.23");
    const client = probe(endpoint, negotiated);
    const error = await failureOf(client.get());
    expect(error).toBeInstanceOf(EngineVersionError);
    expect((error as Error).message).toContain("supports API 1.23 at most, but this package requires 1.24 or newer");
    await failureOf(client.get());
    expect(asked).toEqual(["/_ping", "/_ping"]);
  });

  it.each([
    ["no header", undefined],
    ["an empty header", ""],
    ["a header that is not a version", "latest"],
    ["a header with half a version", "1."],
  ])("requests /version when a proxy leaves %s", async (_what, header) => {
    const version = JSON.stringify({ Components: [{ Details: { ApiVersion: "9.9" } }], Version: "20.10", ApiVersion: "1.41" });
    const { endpoint, asked } = await engine(header, { "/version": (_request, response) => ok(response, version) });
    const client = probe(endpoint, negotiated);
    await client.get();
    expect(asked).toEqual(["/_ping", "/version", "/v1.41/probe/x"]);
  });

  it.each(["{}", '{"ApiVersion":41}', '{"ApiVersion":"newest"}', "null", "OK", ""])(
    "does not accept %j as a response",
    async (content) => {
      const { endpoint } = await engine(undefined, { "/version": (_request, response) => ok(response, content) });
      const error = await failureOf(probe(endpoint, negotiated).get());
      expect(error).toBeInstanceOf(ProtocolError);
      expect((error as Error).message).toContain("does not respond like an engine");
    },
  );

  it("prepends the base path to every path", async () => {
    const { port, asked } = await httpServer((_request, response) => ok(response)).then(async (unused) => {
      await unused.stop();
      const seen: string[] = [];
      const listening = await httpServer((request, response) => {
        seen.push(request.url ?? "");
        response.setHeader("Api-Version", "1.41");
        ok(response);
      }, 0);
      return { ...listening, asked: seen };
    });
    await probe(`http://127.0.0.1:${port}/engines/a%20b//`, negotiated).get();
    expect(asked).toEqual(["/engines/a%20b/_ping", "/engines/a%20b/v1.41/probe/x"]);
  });

  it.each([403, 404, 405])("falls back to the version request when a ping is rejected with %i", async (status) => {
    const answers = {
      "/_ping": refuse(status, "not you"),
      "/version": (_request: IncomingMessage, response: ServerResponse) => void response.end('{"ApiVersion":"1.43"}'),
    };
    const { endpoint, asked } = await engine(undefined, answers);
    expect(await probe(endpoint, negotiated).get()).toBe(200);
    expect(asked).toEqual(["/_ping", "/version", "/v1.43/probe/x"]);
  });

  it.each([403, 405])("uses the oldest version when a proxy rejects both with %i", async (status) => {
    const { endpoint, asked } = await engine(undefined, {
      "/_ping": refuse(status, "not you"),
      "/version": refuse(status, "not you"),
    });
    expect(await probe(endpoint, negotiated).get()).toBe(200);
    expect(asked.at(-1)).toBe("/v1.24/probe/x");
  });

  it("names the call that sent the failed version request", async () => {
    const { endpoint, stop } = await engine("1.41");
    await stop();
    const error = await failureOf(probe(endpoint, negotiated).get());
    expect(error).toMatchObject({ operation: "probeGet", endpoint });
    const refused = await httpServer((_request, response) => ok(response), 0);
    await refused.stop();
    expect(await failureOf(probe(refused.endpoint, negotiated).get())).toBeInstanceOf(ConnectionRefusedError);
  });

  it("fails every waiting call, and sends a new request for the next", async () => {
    let broken = true;
    const { endpoint } = await engine(undefined, {
      "/_ping": (_request, response) => {
        if (broken) response.writeHead(500).end("starting");
        else response.setHeader("Api-Version", "1.41").end("OK");
      },
    });
    const client = probe(endpoint, negotiated);
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => client.get()));
    expect(results.map(({ status }) => status)).toEqual(Array(5).fill("rejected"));
    broken = false;
    await client.get();
    expect(client.apiVersion).toBe("1.41");
  });
});

describe("a rejected version", () => {
  it.each([
    ["JSON, too new", '{"message":"client version 1.51 is too new. Maximum supported API version is 1.41"}'],
    [
      "JSON, too old",
      '{"message":"client version 1.51 is too old. Minimum supported API version is 1.60, please upgrade your client to a newer version"}',
    ],
    [
      "plain text",
      "client version 1.51 is too old. Minimum supported API version is 1.60, please upgrade your client to a newer version\n",
    ],
    ["the wording of old engines", "client is newer than server (client API version: 1.51, server API version: 1.22)"],
    ["the wording of very old engines", "client and server don't have same version (client : 1.51, server: 1.18)"],
  ])("becomes an EngineVersionError when the engine reports it in %s", async (_how, text) => {
    const { endpoint } = await engine(undefined, { "/v1.51/probe/x": refuse(400, text) });
    const error = await failureOf(probe(endpoint).get());
    expect(error).toBeInstanceOf(EngineVersionError);
    expect(error).toMatchObject({ operation: "probeGet", endpoint, cause: { status: 400, name: "BadRequestError" } });
  });

  it.each(["bad parameter", "the client version field of the label is wrong", "invalid client api key"])(
    "is not recognized in %j",
    async (text) => {
      const { endpoint } = await engine(undefined, { "/v1.51/probe/x": refuse(400, text) });
      expect(await failureOf(probe(endpoint).get())).toMatchObject({ name: "BadRequestError", reason: text });
    },
  );

  it("makes the next call negotiate again, because the engine has been replaced", async () => {
    let speaks = "1.41";
    const paths: string[] = [];
    const { endpoint } = await httpServer((request, response) => {
      const path = request.url ?? "";
      paths.push(path);
      if (path !== "/_ping" && !path.startsWith(`/v${speaks}/`)) {
        response.writeHead(400).end(`client version is too old`.replace("is", "1.41 is"));
        return;
      }
      response.setHeader("Api-Version", speaks);
      ok(response);
    });
    const client = probe(endpoint, negotiated);
    await client.get();
    speaks = "1.55";
    expect(await failureOf(client.get())).toBeInstanceOf(EngineVersionError);
    expect(client.apiVersion).toBeUndefined();
    await client.get();
    expect(client.apiVersion).toBe("1.55");
    expect(paths).toEqual(["/_ping", "/v1.41/probe/x", "/v1.41/probe/x", "/_ping", "/v1.55/probe/x"]);
  });

  it("leaves a pinned version pinned", async () => {
    const { endpoint } = await engine("1.41", { "/v1.51/probe/x": refuse(400, "client version 1.51 is too new") });
    const client = probe(endpoint);
    await failureOf(client.get());
    expect(client.apiVersion).toBe("1.51");
  });
});

describe("a call that waits for negotiation", () => {
  /** An engine that answers its ping on demand. */
  async function silentEngine() {
    let pings = 0;
    const waiting: ServerResponse[] = [];
    const listening = await httpServer((request, response) => {
      if (request.url !== "/_ping") {
        ok(response);
        return;
      }
      pings += 1;
      waiting.push(response);
    });
    const answer = () => {
      for (const response of waiting.splice(0)) response.setHeader("Api-Version", "1.41").end("OK");
    };
    return { ...listening, answer, pings: () => pings };
  }

  it("can be aborted without affecting the others", async () => {
    const { endpoint, answer, pings } = await silentEngine();
    const client = probe(endpoint, negotiated);
    const controller = new AbortController();
    const aborted = failureOf(client.get({ signal: controller.signal }));
    const other = client.get();
    await vi.waitFor(() => expect(pings()).toBe(1));
    controller.abort(new Error("enough"));
    expect(await aborted).toMatchObject({ name: "AbortError", operation: "probeGet", cause: { message: "enough" } });
    answer();
    expect(await other).toBe(200);
    expect(pings()).toBe(1);
  });

  it("cancels the version request with the last call, and leaves no connection open", async () => {
    const { endpoint, open, pings, answer } = await silentEngine();
    const client = probe(endpoint, negotiated);
    const controller = new AbortController();
    const aborted = failureOf(client.get({ signal: controller.signal }));
    await vi.waitFor(() => expect(pings()).toBe(1));
    controller.abort();
    expect(await aborted).toBeInstanceOf(AbortError);
    await vi.waitFor(() => expect(open.size).toBe(0));
    expect(await client.connections()).toBe(0);
    const next = client.get();
    await vi.waitFor(() => expect(pings()).toBe(2));
    answer();
    expect(await next).toBe(200);
  });

  it("sends a new request while the request of an aborted call is being cancelled", async () => {
    const { endpoint, answer, pings } = await silentEngine();
    const client = probe(endpoint, negotiated);
    const controller = new AbortController();
    const aborted = failureOf(client.get({ signal: controller.signal }));
    await vi.waitFor(() => expect(pings()).toBe(1));
    controller.abort();
    expect(await aborted).toBeInstanceOf(AbortError);
    const next = client.get();
    await vi.waitFor(() => expect(pings()).toBe(2));
    answer();
    expect(await next).toBe(200);
  });

  it("shares the request of a call that is aborted in the same tick", async () => {
    const { endpoint, answer, pings } = await silentEngine();
    const client = probe(endpoint, negotiated);
    const controller = new AbortController();
    const aborted = failureOf(client.get({ signal: controller.signal }));
    await vi.waitFor(() => expect(pings()).toBe(1));
    controller.abort();
    const next = client.get();
    expect(await aborted).toBeInstanceOf(AbortError);
    answer();
    expect(await next).toBe(200);
    expect(pings()).toBe(1);
  });

  it("cancels the request for /version", async () => {
    let asked = false;
    const { endpoint, open } = await engine(undefined, { "/version": () => (asked = true) });
    const client = probe(endpoint, negotiated);
    const controller = new AbortController();
    const aborted = failureOf(client.get({ signal: controller.signal }));
    await vi.waitFor(() => expect(asked).toBe(true));
    controller.abort();
    expect(await aborted).toBeInstanceOf(AbortError);
    await vi.waitFor(() => expect(open.size).toBe(0));
  });

  it("has its own total timeout", async () => {
    const { endpoint } = await silentEngine();
    const error = await failureOf(probe(endpoint, negotiated).get({ timeout: 50 }));
    expect(error).toMatchObject({ name: "TimeoutError", kind: "total", timeout: 50, operation: "probeGet" });
  });

  it("has its own headers timeout", async () => {
    const { endpoint } = await silentEngine();
    const client = probe(endpoint, { ...negotiated, timeouts: { headers: 30_000 } });
    expect(await failureOf(client.get({ timeouts: { headers: 50 } }))).toMatchObject({ kind: "headers", timeout: 50 });
  });

  it("does not fail with the shorter timeout of another call", async () => {
    const { endpoint, answer, pings } = await silentEngine();
    const client = probe(endpoint, negotiated);
    const impatient = failureOf(client.get({ timeouts: { headers: 50 } }));
    const patient = client.get();
    expect(await impatient).toBeInstanceOf(TimeoutError);
    await vi.waitFor(() => expect(pings()).toBe(2));
    answer();
    expect(await patient).toBe(200);
  });

  it("fails together with other calls that have the same timeout", async () => {
    const { endpoint, pings } = await silentEngine();
    const client = probe(endpoint, negotiated);
    const errors = await Promise.all(Array.from({ length: 10 }, () => failureOf(client.get({ timeouts: { headers: 50 } }))));
    expect(errors.every((error) => error instanceof TimeoutError)).toBe(true);
    expect(pings()).toBe(1);
  });

  it("ends when the client is closed", async () => {
    const { endpoint, open, pings } = await silentEngine();
    const client = probe(endpoint, negotiated);
    const failure = failureOf(client.get());
    await vi.waitFor(() => expect(pings()).toBe(1));
    await client.close();
    expect(await failure).toMatchObject({ code: "ERR_CLIENT_CLOSED", operation: "probeGet" });
    await vi.waitFor(() => expect(open.size).toBe(0));
  });
});

describe("supports", () => {
  const thing = operation<{ id: string; recent?: boolean; old?: boolean }>({
    name: "specSupports",
    method: "GET",
    path: "/{id}",
    since: "1.30",
    fields: { id: pathParam, recent: flag("recent", { since: "1.44" }), old: flag("old", { removed: "1.41" }) },
  });

  it.each([
    ["1.41", thing.name, true],
    ["1.29", thing.name, false],
    ["1.41", "specSupports.id", true],
    ["1.41", "specSupports.recent", false],
    ["1.44", "specSupports.recent", true],
    ["1.40", "specSupports.old", true],
    ["1.41", "specSupports.old", false],
  ])("in API %s, for %s, is %s", async (version, feature, supported) => {
    const { endpoint } = await engine(version);
    expect(await probe(endpoint, negotiated).supports(feature)).toBe(supported);
  });

  it.each(["specNothing", "specSupports.nothing", ""])("rejects %j without sending a request", async (feature) => {
    const { endpoint, asked } = await engine("1.41");
    expect(await failureOf(probe(endpoint, negotiated).supports(feature))).toBeInstanceOf(InvalidOptionError);
    expect(asked).toEqual([]);
  });

  it("rejects a feature that the version lacks before it is sent", async () => {
    const { endpoint, asked } = await engine("1.41");
    const error = await failureOf(probe(endpoint, negotiated).send(thing, { id: "x", recent: true }));
    expect(error).toBeInstanceOf(UnsupportedVersionError);
    expect(error).toMatchObject({ operation: "specSupports", endpoint, version: "1.41", since: "1.44" });
    expect(asked).toEqual(["/_ping"]);
  });
});

describe("noteVersion", () => {
  it("makes the version request unnecessary", async () => {
    const { endpoint, asked } = await engine("1.41");
    const client = probe(endpoint, negotiated);
    client.noteVersion("1.60");
    expect(client.apiVersion).toBe("1.55");
    client.noteVersion("1.30");
    expect(client.apiVersion).toBe("1.55");
    await client.get();
    expect(asked).toEqual(["/v1.55/probe/x"]);
  });

  it("rejects an engine that is too old", () => {
    expect(() => probe("unix:///nowhere", negotiated).noteVersion("1.12")).toThrow(EngineVersionError);
    expect(() => chooseVersion("1.12", "unix:///nowhere")).toThrow(EngineVersionError);
  });
});

it("negotiation rejects with a ProtocolError when the response is not HTTP", async () => {
  const { endpoint } = await netServer((socket) => socket.end("220 mail.example ESMTP\r\n"));
  expect(await failureOf(probe(endpoint, negotiated).send(probeGet, { id: "x" }))).toBeInstanceOf(ProtocolError);
});
