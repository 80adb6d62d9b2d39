import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SolveRequest, StatusResponse } from "../../lib/buildkit/messages/control.js";
import { Packet, Stat } from "../../lib/buildkit/messages/session.js";
import { bool, bytes, int32, int64, message, nested, string, stringMap, strings, uint32 } from "../../lib/buildkit/protobuf.js";
import { ProtocolError } from "../../lib/errors/connection-errors.js";

interface Inner {
  text: string;
}
const Inner = message<Inner>({ text: string(1) });

interface All {
  text: string;
  data: Buffer;
  flag: boolean;
  signed: number;
  unsigned: number;
  long: bigint;
  inner: Inner | undefined;
  list: string[];
  map: Record<string, string>;
}
const All = message<All>({
  text: string(1),
  data: bytes(2),
  flag: bool(3),
  signed: int32(4),
  unsigned: uint32(5),
  long: int64(6),
  inner: nested(Inner, 7),
  list: strings(15),
  map: stringMap(300),
});

const text = fc.string({ unit: "grapheme" });

const all: fc.Arbitrary<All> = fc.record({
  text,
  data: fc.uint8Array().map((value) => Buffer.from(value)),
  flag: fc.boolean(),
  signed: fc.integer(),
  unsigned: fc.nat(2 ** 31 - 1).map((value) => value * 2 + 1),
  long: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  inner: fc.option(fc.record({ text }), { nil: undefined }),
  list: fc.array(text),
  map: fc.dictionary(text, text),
});

describe("protocol buffers", () => {
  it("are read as they were written", () => {
    fc.assert(
      fc.property(all, (value) => {
        const decoded = All.decode(All.encode(value));
        expect({ ...decoded, map: Object.entries(decoded.map) }).toEqual({ ...value, map: Object.entries(value.map) });
      }),
    );
  });

  // the bytes of the specification's examples
  it.each([
    ["a varint of two bytes", message<{ a: number }>({ a: int32(1) }), { a: 150 }, "089601"],
    ["a text", message<{ b: string }>({ b: string(2) }), { b: "testing" }, "120774657374696e67"],
    ["a message", message<{ c: Inner | undefined }>({ c: nested(Inner, 3) }), { c: { text: "a" } }, "1a030a0161"],
    ["a negative number", message<{ a: number }>({ a: int32(1) }), { a: -2 }, "08feffffffffffffffff01"],
  ])("have the form of the specification: %s", (_name, type, value, hex) => {
    expect(type.encode(value as never).toString("hex")).toBe(hex);
    expect(type.decode(Buffer.from(hex, "hex"))).toEqual(value);
  });

  it("leave out initial values, and read them", () => {
    const empty = { text: "", data: Buffer.alloc(0), flag: false, signed: 0, unsigned: 0, long: 0n, list: [], map: {} };
    expect(All.encode(empty)).toHaveLength(0);
    expect(All.decode(Buffer.alloc(0))).toEqual({ ...empty, inner: undefined });
  });

  it("may have unknown fields of every wire type", () => {
    // fields 100 to 103: a varint, eight bytes, bytes, four bytes
    const unknown = Buffer.from("a006ffff7f" + "a9060102030405060708" + "b20602abcd" + "bd0601020304", "hex");
    expect(Inner.decode(Buffer.concat([unknown, Inner.encode({ text: "x" }), unknown]))).toEqual({ text: "x" });
  });

  it("never fail in another way than by a ProtocolError, and never hang", () => {
    const types = [All, Packet, Stat, StatusResponse, SolveRequest];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(...types), (given, type) => {
        try {
          type.decode(given);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("are refused when they end at any byte within a field", () => {
    const whole = Packet.encode({ type: 2, id: 7, data: Buffer.from("abc") });
    const cuts = [...whole.keys()].slice(1).map((length) => {
      try {
        Packet.decode(whole.subarray(0, length));
        return "read";
      } catch (error) {
        return (error as Error).name;
      }
    });
    // between its fields, a message is one that leaves out the rest
    expect(cuts).toEqual(
      [
        "ProtocolError",
        "read",
        "ProtocolError",
        "read",
        "ProtocolError",
        "ProtocolError",
        "ProtocolError",
        "ProtocolError",
      ].slice(0, cuts.length),
    );
  });

  it("keep members with the names of Object's own", () => {
    const map = JSON.parse('{"__proto__":"a","constructor":"b"}') as Record<string, string>;
    const decoded = All.decode(All.encode({ map })).map;
    expect(Object.entries(decoded)).toEqual([
      ["__proto__", "a"],
      ["constructor", "b"],
    ]);
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
  });
});
