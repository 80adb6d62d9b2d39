import { describe, expect, it } from "vitest";
import { digest, randomText } from "../../lib/wire/digest.js";

describe("digest", () => {
  it("returns the digest of a string or of bytes", () => {
    expect(digest("sha256", "", "hex")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(digest("sha1", Buffer.from("abc"), "base64")).toBe("qZk+NkcGgWq6PiVxeFDCbJzQ2J0=");
  });
});

describe("randomText", () => {
  it("encodes the requested number of bytes, which differ each time", () => {
    const texts = Array.from({ length: 50 }, () => randomText(16, "hex"));
    expect(new Set(texts).size).toBe(50);
    expect(texts.every((text) => /^[0-9a-f]{32}$/.test(text))).toBe(true);
    expect(Buffer.from(randomText(12, "base64"), "base64")).toHaveLength(12);
  });
});
