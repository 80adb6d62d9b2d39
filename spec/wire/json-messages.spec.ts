import fc from "fast-check";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { ProtocolError } from "../../lib/errors/connection-errors.js";
import { encodeJsonMessage, JsonMessageReader } from "../../lib/wire/json-messages.js";
import { cutAt, cuts } from "../support/streams.js";

function read(chunks: readonly Buffer[]): unknown[] {
  const reader = new JsonMessageReader();
  const documents: unknown[] = [];
  for (const chunk of chunks) reader.read(chunk, (document) => documents.push(document));
  reader.end();
  return documents;
}

const documents = fc.array(
  fc.oneof(
    fc
      .object({ withNullPrototype: false, key: fc.string({ unit: "grapheme" }) })
      .map((value): unknown => JSON.parse(JSON.stringify(value))),
    fc.array(fc.string({ unit: "grapheme" })),
    fc.record({
      status: fc.constantFrom('a "quoted" }{ text', "tab\there", "back\\slash\\", "ä€😀", "␞\u001e"),
      id: fc.string(),
    }),
  ),
  { maxLength: 8 },
);

/** Layouts of several documents. */
const layouts: Record<string, (documents: readonly unknown[]) => string> = {
  "one per line": (all) => all.map((document) => `${JSON.stringify(document)}\n`).join(""),
  "one per line with Windows line endings": (all) => all.map((document) => `${JSON.stringify(document)}\r\n`).join(""),
  "without separators": (all) => all.map((document) => JSON.stringify(document)).join(""),
  "after record separators": (all) => all.map((document) => `\u001e${JSON.stringify(document)}\n`).join(""),
  "between record separators": (all) => all.map((document) => `${JSON.stringify(document)}\u001e`).join(""),
  "over several lines": (all) => all.map((document) => `${JSON.stringify(document, null, 2)}\n`).join(""),
  "with blank lines": (all) => all.map((document) => `\n \t${JSON.stringify(document)} \r\n\n`).join(""),
};

describe("JsonMessageReader", () => {
  it.each(Object.entries(layouts))("reads documents %s for any split", (_name, write) => {
    fc.assert(
      fc.property(
        documents.chain((given) => fc.tuple(fc.constant(given), cuts(Buffer.from(write(given))))),
        ([given, chunks]) => {
          expect(read(chunks)).toEqual(given);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("reads messages split at any byte", () => {
    const given = [{ status: 'ä"\\}{€', n: [1, { a: "😀\\u001e" }] }, [], {}, { "}": "]" }];
    for (const write of Object.values(layouts)) {
      const bytes = Buffer.from(write(given));
      for (let at = 0; at <= bytes.length; at += 1) expect(read(cutAt(bytes, [at]))).toEqual(given);
    }
  });

  it.each([
    ["null", [null]],
    ["42", [42]],
    ["-1.5e3", [-1500]],
    ['"a text"', ["a text"]],
    ["true", [true]],
  ])("reads %s as a line, or before a record separator", (text, expected) => {
    for (const end of ["\n", "\r\n", "\u001e"]) {
      const bytes = Buffer.from(text + end);
      for (let at = 0; at <= bytes.length; at += 1) expect(read(cutAt(bytes, [at]))).toEqual(expected);
    }
  });

  it("accepts a mixture of layouts", () => {
    expect(read([Buffer.from('{"a":1}\n{"b":2}{"c":3}\nnull\n{\n"d":4}{"e":5}\n')])).toEqual([
      { a: 1 },
      { b: 2 },
      { c: 3 },
      null,
      { d: 4 },
      { e: 5 },
    ]);
  });

  it("passes on a document as soon as its last brace arrives", () => {
    const reader = new JsonMessageReader();
    const found: unknown[] = [];
    const text = '{"status":"Pulling","progressDetail":{"current":1}}';
    for (const byte of Buffer.from(text.slice(0, -1))) reader.read(Buffer.from([byte]), (document) => found.push(document));
    expect(found).toEqual([]);
    reader.read(Buffer.from("}"), (document) => found.push(document));
    expect(found).toEqual([JSON.parse(text)]);
  });

  it.each([
    ["an object", '{"a":['],
    ["a string", '{"a":"'],
    ["a number", "1"],
  ])("rejects %s that never ends", (_what, start) => {
    const reader = new JsonMessageReader(100);
    const read = () => {
      reader.read(Buffer.from(start), () => undefined);
      for (let i = 0; i < 100; i += 1) reader.read(Buffer.from("1"), () => undefined);
    };
    expect(read).toThrow(ProtocolError);
    expect(read).toThrow("more than 100 bytes");
  });

  it("reads a document of many megabytes in small pieces", () => {
    const given = { text: "x".repeat(5_000_000), list: Array.from({ length: 10_000 }, (_, i) => i) };
    const bytes = Buffer.from(`${JSON.stringify(given)}\n{"next":1}\n`);
    const chunks: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += 1000) chunks.push(bytes.subarray(at, at + 1000));
    expect(read(chunks)).toEqual([given, { next: 1 }]);
  });

  it("rejects a document without an end", () => {
    const reader = new JsonMessageReader();
    const sink = () => undefined;
    reader.read(Buffer.from('{"a":"'), sink);
    const part = Buffer.alloc(16 * 1024 * 1024, "x");
    expect(() => {
      for (let i = 0; i < 5; i += 1) reader.read(part, sink);
    }).toThrow(ProtocolError);
  });

  it.each([
    ["text", "<html>502 Bad Gateway</html>\n"],
    ["an unquoted key", '{a:1}\n{"b":2}\n'],
    ["a closing brace", "}\n"],
    ["a mismatched bracket", '{"a":[}]\n'],
    ["an invalid character", Buffer.from([0x7b, 0x22, 0xff, 0x7d, 0x0a])],
  ])("rejects %s for any split", (_name, text) => {
    const bytes = Buffer.from(text as string);
    for (let at = 0; at <= bytes.length; at += 1) expect(() => read(cutAt(bytes, [at]))).toThrow(ProtocolError);
  });

  it("quotes only the beginning of malformed JSON", () => {
    const secret = "s3cret".repeat(10);
    const text = `${"garbage ".repeat(20)}${secret}\n`;
    const error = (() => {
      try {
        return read([Buffer.from(text)]);
      } catch (thrown) {
        return thrown as Error;
      }
    })() as Error;
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error.message).toMatch(/^the engine sent a message that is not JSON .*: "garbage garbage /);
    expect(error.message.length).toBeLessThan(200);
    expect(`${error.message}${String(error.cause)}`).not.toContain("s3cret");
  });

  it("parses a line of many documents once, not once per document", () => {
    const count = 10_000;
    const line = Buffer.from(`${'{"a":1}'.repeat(count)}\n`);
    const parsing = vi.spyOn(JSON, "parse");
    onTestFinished(() => parsing.mockRestore());
    expect(read([line])).toHaveLength(count);
    expect(parsing).toHaveBeenCalledTimes(count + 1);
    const characters = parsing.mock.calls.reduce((sum, [text]) => sum + text.length, 0);
    expect(characters).toBeLessThanOrEqual(2 * line.length);
  });

  it("passes on documents before malformed JSON", () => {
    const found: unknown[] = [];
    expect(() =>
      new JsonMessageReader().read(Buffer.from('{"a":1}\n{"b":2}\nrubbish\n'), (document) => found.push(document)),
    ).toThrow(ProtocolError);
    expect(found).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it("detects every truncation and quotes only the beginning of the document", () => {
    const text = `{"a":"${"b".repeat(200)}"}`;
    for (let length = 1; length < text.length; length += 1) {
      expect(() => read([Buffer.from(text.slice(0, length))])).toThrow(
        /^the engine's stream ended in the middle of a message: ".{0,120}$/,
      );
    }
  });
});

describe("encodeJsonMessage", () => {
  it.each(["lines", "sequence"] as const)('writes messages that are read back with the framing "%s" for any split', (framing) => {
    fc.assert(
      fc.property(
        documents.chain((given) => {
          const bytes = Buffer.from(given.map((document) => encodeJsonMessage(document, framing)).join(""));
          return fc.tuple(fc.constant(given), cuts(bytes));
        }),
        ([given, chunks]) => {
          expect(read(chunks)).toEqual(given);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("writes one line, with a record separator for sequences", () => {
    expect(encodeJsonMessage({ status: "a\nb" })).toBe('{"status":"a\\nb"}\n');
    expect(encodeJsonMessage([1], "sequence")).toBe("\u001e[1]\n");
  });
});
