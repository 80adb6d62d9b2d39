import fc from "fast-check";
import { expect, test } from "vitest";
import { formatAddress, formatBlock, overlaps, parseAddress, parseBlock } from "../../../lib/engine/networks/address.js";

test("IPv4 addresses are read and written", () => {
  fc.assert(
    fc.property(fc.ipV4(), (text) => {
      const address = parseAddress(text);
      expect(address).toMatchObject({ version: 4 });
      expect(address && formatAddress(address)).toBe(text);
    }),
  );
});

test("IPv6 addresses are written in their shortest form", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.ipV6(), fc.constantFrom("::", "::1", "1::", "0:0:1::", "1:0:0:2:0:0:0:3", "::ffff:1.2.3.4")),
      (text) => {
        const address = parseAddress(text);
        const expected = new URL(`http://[${text}]/`).hostname.slice(1, -1);
        expect(address && formatAddress(address)).toBe(expected);
      },
    ),
  );
});

test.each(["", "1.2.3", "1.2.3.256", "01.2.3.4", "::1%eth0", "1::2::3", "x", "1.2.3.4/8"])("%j is not an address", (text) => {
  expect(parseAddress(text)).toBeUndefined();
});

test.each(["", "1.2.3.4", "1.2.3.4/33", "::/129", "1.2.3.4/", "1.2.3.4/-1", "/8", "1.2.3.4/8/8"])("%j is not a block", (text) => {
  expect(parseBlock(text)).toBeUndefined();
});

test("a block begins with its first address", () => {
  expect(["10.1.2.3/8", "10.1.2.3/32", "1.2.3.4/0", "fd00::1:2/64"].map((text) => parseBlock(text)).map((block) => block && formatBlock(block))) // prettier-ignore
    .toEqual(["10.0.0.0/8", "10.1.2.3/32", "0.0.0.0/0", "fd00::/64"]);
});

test("blocks overlap if one contains the other", () => {
  const pairs: [string, string, boolean][] = [
    ["10.0.0.0/8", "10.9.0.0/16", true],
    ["10.9.0.0/16", "10.0.0.0/8", true],
    ["10.0.0.0/24", "10.0.1.0/24", false],
    ["0.0.0.0/0", "::/0", false],
  ];
  for (const [a, b, expected] of pairs) {
    const [left, right] = [parseBlock(a), parseBlock(b)];
    expect(left && right && overlaps(left, right)).toBe(expected);
  }
});
