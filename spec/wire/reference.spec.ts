import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseReference } from "../../lib/wire/reference.js";

describe("parseReference", () => {
  it.each([
    ["busybox", "busybox", undefined, undefined],
    ["busybox:1.36", "busybox", "1.36", undefined],
    ["org/app:latest", "org/app", "latest", undefined],
    ["registry:5000/app", "registry:5000/app", undefined, undefined],
    ["registry:5000/org/app:1.2", "registry:5000/org/app", "1.2", undefined],
    ["[::1]:5000/app:1", "[::1]:5000/app", "1", undefined],
    ["app@sha256:0af", "app", undefined, "sha256:0af"],
    ["registry:5000/app:1.2@sha256:0af", "registry:5000/app", "1.2", "sha256:0af"],
    ["", "", undefined, undefined],
  ])("splits %j", (reference, repository, tag, digest) => {
    expect(parseReference(reference)).toEqual({ repository, tag, digest });
  });

  it("preserves every character", () => {
    const word = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,8}$/);
    const host = fc.option(
      fc.tuple(word, fc.integer({ min: 1, max: 65535 })).map(([name, port]) => `${name}:${port}/`),
      { nil: "" },
    );
    const digest = fc.option(fc.stringMatching(/^sha256:[0-9a-f]{8}$/), { nil: undefined });
    fc.assert(
      fc.property(
        host,
        fc.array(word, { minLength: 1, maxLength: 3 }),
        fc.option(word, { nil: undefined }),
        digest,
        (registry, path, tag, hash) => {
          const repository = registry + path.join("/");
          const text = repository + (tag === undefined ? "" : `:${tag}`) + (hash === undefined ? "" : `@${hash}`);
          expect(parseReference(text)).toEqual({ repository, tag, digest: hash });
        },
      ),
    );
  });
});
