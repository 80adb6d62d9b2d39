import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import * as z from "zod";
import { methods } from "../../lib/agent/methods/index.js";
import type { JsonSchema } from "../../lib/agent/rpc/open-rpc.js";
import { mutated, mutations } from "./kind.js";

/** Strings that mean something to some method. */
const words = [
  "web",
  "other",
  "box:latest",
  "bridge",
  "/data",
  "TERM",
  "1m",
  "running",
  "sh",
  "",
  "\u0000",
  "../..",
  "é".repeat(99),
];

/** Values by a JSON Schema, now and then another one in any place. */
function valuesOf(schema: JsonSchema, root: JsonSchema): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 12, arbitrary: validOf(schema, root) }, { weight: 1, arbitrary: fc.jsonValue() });
}

function validOf(schema: JsonSchema, root: JsonSchema): fc.Arbitrary<unknown> {
  const { $ref, enum: choices, type, items = {}, properties = {}, required = [], additionalProperties } = schema;
  if ($ref !== undefined) return validOf(root.$defs?.[$ref.replace("#/$defs/", "")] ?? {}, root);
  if (choices) return fc.constantFrom(...choices);
  if (type === "string") return fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 20 }));
  if (type === "integer" || type === "number") return fc.oneof(fc.constantFrom(0, 1, 64, -1, 2 ** 53, 1.5), fc.integer());
  if (type === "boolean") return fc.boolean();
  if (type === "array") return fc.array(valuesOf(items, root), { maxLength: 3 });
  if (type !== "object") return fc.jsonValue();
  if (typeof additionalProperties === "object" && Object.keys(properties).length === 0)
    return fc.dictionary(fc.constantFrom("A", "b", "__proto__", "a.b", ""), valuesOf(additionalProperties, root), { maxKeys: 3 });
  const members = Object.entries(properties).map(([name, member]) => [name, valuesOf(member, root)] as const);
  // few members at once, so that most objects are valid
  return fc
    .subarray(members, { maxLength: Math.min(members.length, 4) })
    .chain((some) => fc.record(Object.fromEntries([...members.filter(([name]) => required.includes(name)), ...some])));
}

const snippets = [
  "{",
  "}",
  "[",
  "]",
  '"',
  "\\",
  "null",
  "-1",
  "1e400",
  '"async":true,',
  '"__proto__":{},',
  "\\u0000",
  "\xff",
  "../",
];

const call = fc.constantFrom(...Object.entries(methods)).chain(([name, { params }]) => {
  const schema = z.toJSONSchema(params, { io: "input" }) as JsonSchema;
  const names = name.includes(".") ? [name] : [name, `MDocker.${name}`];
  return fc
    .record({
      isVersion2: fc.boolean(),
      method: fc.constantFrom(...names),
      params: fc.oneof({ weight: 9, arbitrary: validOf(schema, schema) }, { weight: 1, arbitrary: fc.jsonValue() }),
      id: fc.oneof(fc.nat(), fc.string({ maxLength: 5 }), fc.constantFrom(null, 1.5, 2 ** 53), fc.jsonValue()),
    })
    .map(({ isVersion2, ...rest }) =>
      isVersion2 ? { jsonrpc: "2.0", ...rest } : { ...rest, params: Array.isArray(rest.params) ? rest.params : [rest.params] },
    );
});

const text = fc
  .oneof({ weight: 6, arbitrary: call }, { weight: 1, arbitrary: fc.array(call, { maxLength: 4 }) })
  .map((value) => JSON.stringify(value));

/** Bodies: calls by the schemas of their methods, changed here and there, and bytes of any kind. */
export const bodies: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 9, arbitrary: fc.tuple(text, mutations(snippets)).map(([json, changes]) => mutated(Buffer.from(json), changes)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
);

/** Headers, the most of which agents accept. */
export const headers: fc.Arbitrary<Record<string, string>> = fc
  .record(
    {
      "content-type": fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom("application/json", "APPLICATION/JSON; charset=utf-8", "") },
        { weight: 1, arbitrary: fc.constantFrom("text/plain", "application/jsonx", "application/json, text/plain") },
      ),
      "idempotency-key": fc.constantFrom("one", "two", " ", "ä", "x".repeat(256)),
      prefer: fc.constantFrom("respond-async", "wait=1, Respond-Async;a=b", "respond-asynchronously"),
      accept: fc.constantFrom("text/event-stream", "application/json, text/event-stream;q=0.1", "*/*"),
      "accept-encoding": fc.constantFrom("gzip", "deflate, gzip;q=0", "br", "gzip;q=0.000", "*", ",;q="),
      connection: fc.constantFrom("close", "keep-alive", "upgrade"),
      authorization: fc.constantFrom("Bearer token", "Basic Og==", ""),
    },
    { requiredKeys: ["content-type"] },
  )
  .chain((found) =>
    fc.oneof(
      { weight: 12, arbitrary: fc.constant(found) },
      { weight: 1, arbitrary: fc.constantFrom("null", "http://localhost").map((origin) => ({ ...found, origin })) },
      { weight: 1, arbitrary: fc.constantFrom(...Object.keys(encoders)).map((name) => ({ ...found, "content-encoding": name })) },
    ),
  );

/** What a content encoding makes of a body. An agent understands none of them. */
const encoders: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  gzip: (body) => gzipSync(body),
  deflate: (body) => deflateSync(body),
  br: (body) => brotliCompressSync(body),
  identity: (body) => body,
  "gzip, gzip": (body) => gzipSync(gzipSync(body)),
  unknown: (body) => body,
};

/** Encodes a body as its headers say. */
export const encoded = (body: Buffer, { "content-encoding": encoding = "identity" }: Record<string, string>): Buffer =>
  encoders[encoding]?.(body) ?? body;
