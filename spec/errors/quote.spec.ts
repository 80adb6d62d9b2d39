import { describe, expect, it } from "vitest";
import { DockerError } from "../../lib/errors/docker-error.js";
import { printable, quoted, shown } from "../../lib/errors/quote.js";

describe("untrusted text in messages", () => {
  it.each([
    ["a\u001b[31mb", "a\\u001b[31mb"],
    ["a\nb\tc\rd\u0000", "a\\u000ab\\u0009c\\u000dd\\u0000"],
    ["a\u007f\u0085\u009b31m", "a\\u007f\\u0085\\u009b31m"],
    ["a\u2028b\u202ec", "a\\u2028b\\u202ec"],
    ['größe "😀"', 'größe "😀"'],
  ])("has its control characters escaped: %j", (text, expected) => {
    expect(shown(text)).toBe(expected);
    expect(JSON.parse(quoted(text))).toBe(text);
    expect(quoted(text)).toMatch(/^"[^\p{Cc}\p{Bidi_Control}]*"$/u);
  });

  it("is truncated, but never within a character", () => {
    expect(shown("x".repeat(1e6))).toBe(`${"x".repeat(200)}…`);
    expect(quoted("x".repeat(201), 3)).toBe('"xxx…"');
    expect(shown("xx😀", 3)).toBe("xx…");
    expect(shown("x".repeat(200))).toBe("x".repeat(200));
  });

  it("keeps its line breaks if it is a whole message", () => {
    expect(printable("a\n\tb\u001b[2J")).toBe("a\n\tb\\u001b[2J");
  });

  it("is escaped and truncated in every DockerError", () => {
    const error = new DockerError(`the engine said \u001b]0;title\u0007${"y".repeat(1e6)}`);
    expect(error.message).toMatch(/^the engine said \\u001b\]0;title\\u0007y+…$/);
    expect(error.message.length).toBeLessThan(17_000);
    expect(error.stack?.length).toBeLessThan(20_000);
  });
});
