import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RequestIdentifier } from "../../../lib/jobs/request-identifier.js";
import { identifier } from "../../../lib/jobs/schemas.js";
import { parseVariable, parseVariables, variablesText } from "../../../lib/jobs/values/environment.js";
import { nameOf } from "../../../lib/jobs/values/identifier.js";
import { networkLinksText, parseNetworkLinks } from "../../../lib/jobs/values/links.js";
import { parsePortPairs, portPairsHeader, portPairsText } from "../../../lib/jobs/values/ports.js";

describe("the identifier of a request", () => {
  test("has three forms, which all lead to the same", () => {
    const bytes = Uint8Array.from({ length: 16 }, (_, index) => index * 17);
    const id = new RequestIdentifier(bytes);
    expect(id.exact()).toHaveLength(24);
    expect(id.toString()).toHaveLength(22);
    for (const text of [
      id.exact(),
      id.toString(),
      Buffer.from(bytes).toString("hex"),
      Buffer.from(bytes).toString("hex").toUpperCase(),
    ])
      expect(RequestIdentifier.parse(text).bytes).toEqual(bytes);
    expect(JSON.stringify({ id })).toBe(`{"id":"${id.toString()}"}`);
  });

  test.each([
    "",
    "0123",
    "g".repeat(32),
    "a".repeat(21),
    "a".repeat(23),
    `${"a".repeat(22)}=`,
    `${"a".repeat(21)}+`,
    " ".repeat(22),
  ])("is not %j", (text) => {
    expect(() => RequestIdentifier.parse(text)).toThrow("a request identifier has 32 hexadecimal digits or 22 characters");
  });

  test("has 16 bytes", () => {
    expect(() => new RequestIdentifier(new Uint8Array(15))).toThrow("a request identifier has 16 bytes, not 15");
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const id = new RequestIdentifier(bytes);
        expect(RequestIdentifier.parse(id.exact()).toString()).toBe(id.toString());
      }),
    );
  });
});

describe("the identifier of a container", () => {
  test.each(["web1", "-web", ".web", "a.b-c_d", "x".repeat(24)])("is %j", (text) => {
    expect(identifier.safeParse(text).success).toBe(true);
    expect(nameOf(text)).toMatch(/^[a-zA-Z0-9][\w.-]+$/);
  });

  test.each(["abc", "x".repeat(25), "we/b1", "wéb1", "web 1", "web1\n", "../.."])("is not %j", (text) => {
    const { error } = identifier.safeParse(text);
    expect(error?.issues[0]?.message).toBe(
      `an identifier has 4 to 24 letters, digits, dots, underscores and hyphens, unlike ${JSON.stringify(text)}`,
    );
  });

  test("may not be empty", () => {
    expect(identifier.safeParse("").error?.issues[0]?.message).toBe("identifier may not be empty");
  });
});

describe("port pairs", () => {
  test("have a form for headers, and one for people", () => {
    const pairs = [{ internal: 8080, external: 4000 }, { internal: 8081 }];
    expect(portPairsHeader(pairs)).toBe("8080:4000,8081:0");
    expect(portPairsText(pairs)).toBe("8080 -> 4000, 8081 -> 0");
    expect(parsePortPairs("8080:4000, 8081:0")).toEqual([
      { internal: 8080, external: 4000 },
      { internal: 8081, external: 0 },
    ]);
    expect(parsePortPairs("")).toEqual([]);
  });

  test.each([
    ["8080", 'port pairs have the form "8080:4000,8081:4001", unlike "8080"'],
    ["80:40,", 'port pairs have the form "8080:4000,8081:4001", unlike ""'],
    ["80:-1", 'port pairs have the form "8080:4000,8081:4001", unlike "80:-1"'],
    ["0:80", "the internal port is a port: 1 to 65535"],
    ["80:65536", "the external port is a port: 1 to 65535"],
    ["80:1,80:2", "the internal port 80 is given twice"],
    ["80:1,81:1", "the external port 1 is given twice"],
  ])("%j is refused", (text, message) => {
    expect(() => parsePortPairs(text)).toThrow(message);
  });
});

describe("variables", () => {
  test.each(["A=B", 'A="B"', "  A=B  "])("%j sets A to B", (line) => {
    expect(parseVariable(line)).toEqual({ name: "A", value: "B" });
  });

  test.each([
    [`A="'B  '"`, "'B  '"],
    ['A=" B "', " B "],
    ["A=", ""],
    ["A=B=C", "B=C"],
    ["A=ü", "ü"],
    ['A="', '"'],
  ])("%j keeps what is inside", (line, value) => {
    expect(parseVariable(line)).toEqual({ name: "A", value });
  });

  test.each(["", "A", "=B", " =B", "A B=C", `${"A".repeat(1025)}=B`, `A=${"b".repeat(8193)}`, "A=\0"])(
    "%j sets nothing",
    (line) => {
      expect(parseVariable(line)).toBeUndefined();
    },
  );

  test("are read line by line, and the last of one name holds", () => {
    expect(parseVariables("A=1\r\nno\nB=2\nA=3\n# C=\n")).toEqual([
      { name: "A", value: "3" },
      { name: "B", value: "2" },
    ]);
  });

  test("are written so that they are read as they were", () => {
    const name = fc.stringMatching(/^[A-Z_]{1,8}$/);
    const value = fc.string().filter((text) => !/[\r\n\0]/.test(text) && Buffer.byteLength(text) < 8_000);
    fc.assert(
      fc.property(fc.dictionary(name, value), (all) => {
        const variables = Object.entries(all).map(([each, text]) => ({ name: each, value: text }));
        expect(parseVariables(variablesText(variables))).toEqual(variables);
      }),
    );
  });
});

describe("links", () => {
  test("have a text, in which the loopback address may be left out", () => {
    expect(parseNetworkLinks("8080:web-2:80,db:5432:data-1:5432,[::1]:1:[fe80::1]:2")).toEqual([
      { fromHost: "127.0.0.1", fromPort: 8080, toHost: "web-2", toPort: 80 },
      { fromHost: "db", fromPort: 5432, toHost: "data-1", toPort: 5432 },
      { fromHost: "::1", fromPort: 1, toHost: "fe80::1", toPort: 2 },
    ]);
    expect(networkLinksText([{ fromPort: 80, toHost: "fe80::1", toPort: 81 }])).toBe("127.0.0.1:80:[fe80::1]:81");
  });

  test.each(["", "80", "80:web", "a:b:c:d", "0:web:80", "80:web:65536", "80:web:80,"])("%j is refused", (text) => {
    expect(() => parseNetworkLinks(text)).toThrow('links have the form "[from_host:]from_port:to_host:to_port", unlike ');
  });
});
