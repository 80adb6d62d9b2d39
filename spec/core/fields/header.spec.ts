import { describe, expect, it } from "vitest";
import { repeated, text } from "../../../lib/core/fields/fields.js";
import { inHeader } from "../../../lib/core/fields/fields.js";
import { operation } from "../../../lib/core/operation.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { probe } from "../../support/probe.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

interface HeaderOptions {
  one?: string | undefined;
  many?: string | readonly string[] | undefined;
}

const probeHeaders = operation<HeaderOptions>({
  name: "probeHeaders",
  method: "POST",
  path: "/probe",
  fields: { one: inHeader(text("X-One", { since: "1.30" })), many: inHeader(repeated("X-Many")) },
});

/** Returns the values of a header as received. */
const valuesOf = (raw: readonly string[], name: string): string[] => raw.filter((_, index) => raw[index - 1] === name);

async function recorded(): Promise<{ endpoint: string; raw: () => string[] }> {
  let raw: string[] = [];
  const { endpoint } = await recordingDaemon({
    handle: ({ rawHeaders }, response) => {
      raw = rawHeaders;
      response.writeHead(204).end();
    },
  });
  return { endpoint, raw: () => raw };
}

describe("inHeader", () => {
  it.each<[HeaderOptions, string[], string[]]>([
    [{}, [], []],
    [{ one: "a" }, ["a"], []],
    [{ one: "", many: "b" }, [""], ["b"]],
    [{ many: ["b", "c, d", "b"] }, [], ["b", "c, d", "b"]],
    [{ many: [] }, [], []],
  ])("sends %j", async (options, one, many) => {
    const { endpoint, raw } = await recorded();
    await probe(endpoint).send(probeHeaders, options);
    expect(valuesOf(raw(), "X-One")).toEqual(one);
    expect(valuesOf(raw(), "X-Many")).toEqual(many);
  });

  it("is overridden by a header of the call, regardless of case", async () => {
    const { endpoint, raw } = await recorded();
    await probe(endpoint).send(probeHeaders, { many: ["b", "c"] }, { headers: { "x-many": "own" } });
    expect(valuesOf(raw(), "x-many")).toEqual(["own"]);
    expect(valuesOf(raw(), "X-Many")).toEqual([]);
  });

  it("lets interceptors see and change a list", async () => {
    const { endpoint, raw } = await recorded();
    const client = probe(endpoint);
    const seen: unknown[] = [];
    client.axios.interceptors.request.use((request) => {
      seen.push(request.headers.get("X-Many"));
      request.headers.set("X-Many", ["changed", "twice"]);
      return request;
    });
    await client.send(probeHeaders, { many: ["b", "c"] });
    expect(seen).toEqual([["b", "c"]]);
    expect(valuesOf(raw(), "X-Many")).toEqual(["changed", "twice"]);
  });

  it("rejects characters that HTTP does not allow in any value", async () => {
    const { endpoint, raw } = await recorded();
    for (const options of [{ one: "a\r\nb" }, { many: ["a", "b\nc"] }]) {
      await expect(probe(endpoint).send(probeHeaders, options)).rejects.toBeInstanceOf(InvalidOptionError);
    }
    expect(raw()).toEqual([]);
  });

  it("keeps the field's version", async () => {
    const { endpoint, raw } = await recorded();
    const old = probe(endpoint, { apiVersion: "1.29" });
    await expect(old.send(probeHeaders, { one: "a" })).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(raw()).toEqual([]);
  });
});
