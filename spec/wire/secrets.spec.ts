import { describe, expect, it } from "vitest";
import { ConnectionClosedError, ProtocolError } from "../../lib/errors/connection-errors.js";
import { Secrets, type SecretSource } from "../../lib/wire/secrets.js";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const of = (source: Partial<SecretSource>): Secrets => new Secrets(() => ({ headers: [], query: "", ...source }));

const auth = { username: "somebody", password: "sesame&open", identitytoken: "an-identity" };

/** The contents of a request, and the secret in it that must not appear. */
const requests: readonly [what: string, source: Partial<SecretSource>, secret: string][] = [
  [
    "the value of X-Registry-Auth",
    { headers: [{ "X-Registry-Auth": base64(JSON.stringify(auth)) }] },
    base64(JSON.stringify(auth)),
  ],
  ["the password in X-Registry-Auth", { headers: [{ "X-Registry-Auth": base64(JSON.stringify(auth)) }] }, auth.password],
  ["the token in X-Registry-Auth", { headers: [{ "X-Registry-Auth": base64(JSON.stringify(auth)) }] }, auth.identitytoken],
  ["a password in X-Registry-Config", { headers: [{ "X-Registry-Config": base64(JSON.stringify({ r: auth })) }] }, auth.password],
  ["the password of Basic authentication", { headers: [undefined, { Authorization: `Basic ${base64("me:sesame")}` }] }, "sesame"],
  ["the token of Bearer authentication", { headers: [{ authorization: "Bearer abc.def.ghi" }] }, "abc.def.ghi"],
  ["a cookie", { headers: [{ Cookie: "session=0123456789" }] }, "session=0123456789"],
  ["a build argument", { query: `buildargs=${encodeURIComponent(JSON.stringify({ NPM_TOKEN: "0123-4567" }))}` }, "0123-4567"],
  ["a variable of a container", { body: JSON.stringify({ Env: ["DB_PASSWORD=a=b c"] }) }, "a=b c"],
  ["a variable deep in a service", { body: JSON.stringify({ a: [{ b: { Env: ["API_KEY=0123-4567"] } }] }) }, "0123-4567"],
  ["the data of a secret", { body: JSON.stringify({ Data: base64("a whole key\n") }) }, "a whole key"],
  ["the password of a proxy", { body: JSON.stringify({ Env: ["HTTP_PROXY=http://me:0123-4567@proxy:1"] }) }, "0123-4567"],
  ["a list in a member with a secret name", { body: JSON.stringify({ Secret: ["0123-4567"] }) }, "0123-4567"],
  ["a lone surrogate", { body: JSON.stringify({ Password: "0123\ud8004567" }) }, "0123\ud8004567"],
];

/** The encodings in which an answer may repeat a text. */
const spellings: readonly [how: string, (text: string) => string][] = [
  ["verbatim", (text) => text],
  ["in JSON", (text) => JSON.stringify(text)],
  ["three levels deep in JSON", (text) => JSON.stringify(JSON.stringify(JSON.stringify(text)))],
  ["in JSON as Go writes it", (text) => JSON.stringify(text).replaceAll("&", "\\u0026")],
  ["in HTML", (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&#34;")],
  ["in a URL", (text) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd"))],
  ["in a form", (text) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd")).replaceAll("%20", "+")],
];

describe.each(requests)("%s", (_what, source, secret) => {
  it.each(spellings)("is masked %s", (_how, spell) => {
    const secrets = of(source);
    expect(secrets.any).toBe(true);
    const shown = secrets.mask(`denied: ${spell(secret)}. Try again`);
    expect(shown).toMatch(/^denied: \W*\*\*\*\W*\. Try again$/);
  });
});

describe("Secrets", () => {
  it("are not found in a request without secrets", () => {
    const secrets = of({ headers: [{ "Content-Type": "text/plain" }], query: "name=x", body: '{"Env":["A=b"]}' });
    expect(secrets.any).toBe(false);
    expect(secrets.mask("no such image: x")).toBe("no such image: x");
  });

  it.each(["abc", "true", "false", ""])(
    "do not include %o, which is so short or ordinary that it would mask other words",
    (password) => {
      expect(of({ body: JSON.stringify({ Password: password }) }).any).toBe(false);
    },
  );

  it("are masked as a whole where one contains another", () => {
    const secrets = of({ body: JSON.stringify({ Password: "sesame", Token: "sesame-0123" }) });
    expect(secrets.mask("sesame sesame-0123")).toBe("*** ***");
  });

  it("are read from the request only when an error needs them", () => {
    let reads = 0;
    const secrets = new Secrets(() => {
      reads += 1;
      return { headers: [], query: "" };
    });
    expect(reads).toBe(0);
    secrets.mask("x");
    secrets.mask("x");
    expect(reads).toBe(1);
  });

  it("remove the quotation and the cause of a protocol error", () => {
    const error = new ProtocolError("the response is malformed", { operation: "pullImage", cause: new Error("sesa") }, '"sesa"');
    expect(error.message).toBe('the response is malformed: "sesa"');
    const hidden = of({ headers: [{ "X-Registry-Auth": "sesame" }] }).hide(error);
    expect(hidden).toMatchObject({ name: "ProtocolError", message: "the response is malformed", operation: "pullImage" });
    expect(hidden.cause).toBeUndefined();
  });

  it("leave other errors, and errors of requests without secrets, unchanged", () => {
    const closed = new ConnectionClosedError("the connection was closed");
    const protocol = new ProtocolError("the response is malformed", {}, '"x"');
    expect(of({ headers: [{ "X-Registry-Auth": "sesame" }] }).hide(closed)).toBe(closed);
    expect(of({}).hide(protocol)).toBe(protocol);
  });
});
