import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { Metadata } from "../../../lib/buildkit/grpc/metadata.js";
import { decodeMessage, encodeMessage, GrpcError, grpcErrorOf } from "../../../lib/buildkit/grpc/status.js";
import { ArchiveError } from "../../../lib/errors/usage-errors.js";

describe("the message of a status", () => {
  it("is read as it was written, in printable ASCII", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (message) => {
        const encoded = encodeMessage(message);
        expect(encoded).toMatch(/^[\x20-\x7e]*$/);
        expect(decodeMessage(encoded)).toBe(message);
      }),
    );
  });

  it("keeps what is not percent-encoded", () => {
    expect(decodeMessage("100% of %zz, %41")).toBe("100% of %zz, A");
  });
});

test("a failure of this machine is told only if it is one of this package's errors", () => {
  expect(grpcErrorOf(new ArchiveError("cannot pack a")).message).toBe("cannot pack a");
  expect(grpcErrorOf(new Error("/home/me/.ssh/id_rsa")).message).toBe("the client failed");
  const own = new GrpcError(5, "secret a not found");
  expect(grpcErrorOf(own)).toBe(own);
});

describe("metadata", () => {
  it("keeps repeated values apart, commas and bytes included", () => {
    const latin = Buffer.from("ü, a").toString("latin1");
    const metadata = new Metadata(["exclude-patterns", "a, b", "Exclude-Patterns", latin, "other", "x"]);
    expect(metadata.all("exclude-patterns")).toEqual(["a, b", "ü, a"]);
    expect(metadata.first("other")).toBe("x");
    expect(metadata.first("missing")).toBeUndefined();
  });

  it("decodes encoded values", () => {
    const metadata = new Metadata(["followpaths", "a+b%26c%C3%BC&d=e", "followpaths-encoded", "1"]);
    expect(metadata.all("followpaths")).toEqual(["a b&cü&d=e"]);
  });
});
