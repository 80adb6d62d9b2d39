import { chmod, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packContext, type PackContextOptions } from "../../lib/archive/pack-context.js";
import { readArchive } from "../../lib/archive/read-archive.js";
import { ArchiveError, InvalidOptionError } from "../../lib/errors/usage-errors.js";
import { asOrdinaryUser, collect, errorOf, gnuListing, planted } from "../support/archive.js";

const dockerfile = "FROM scratch\nCOPY . /\n";

/** Returns the name of the Dockerfile and the content of each file in the context. */
async function packed(options: PackContextOptions): Promise<[dockerfile: string, files: Record<string, string>]> {
  const context = await packContext(options);
  const files: Record<string, string> = {};
  for await (const entry of readArchive(context.stream)) {
    if (entry.type === "file") files[entry.name] = (await entry.buffer()).toString();
  }
  return [context.dockerfile, files];
}

describe("packContext", () => {
  it("packs a directory with its Dockerfile", async () => {
    const contextDir = await planted({ Dockerfile: dockerfile, "src/a": "1" });
    expect(await packed({ contextDir })).toEqual(["Dockerfile", { Dockerfile: dockerfile, "src/a": "1" }]);
  });

  it("accepts owners and times from the options", async () => {
    const contextDir = await planted({ Dockerfile: dockerfile });
    await chmod(join(contextDir, "Dockerfile"), 0o600);
    const { stream } = await packContext({ contextDir, uid: 3, mtime: new Date(0) });
    expect(gnuListing(await collect(stream))).toEqual(["-rw------- 3/0 22 1970-01-01 00:00:00 Dockerfile"]);
  });

  it("finds a lower-case dockerfile", async () => {
    const contextDir = await planted({ dockerfile });
    expect(await packed({ contextDir })).toEqual(["dockerfile", { dockerfile }]);
  });

  it("accepts a Dockerfile path that is relative to the context or absolute", async () => {
    const contextDir = await planted({ "build/Dockerfile.prod": dockerfile, a: "1" });
    const files = { "build/Dockerfile.prod": dockerfile, a: "1" };
    expect(await packed({ contextDir, dockerfile: "build/Dockerfile.prod" })).toEqual(["build/Dockerfile.prod", files]);
    expect(await packed({ contextDir, dockerfile: join(contextDir, "./build/Dockerfile.prod") })).toEqual([
      "build/Dockerfile.prod",
      files,
    ]);
  });

  it("excludes files that match .dockerignore, except that file and the Dockerfile", async () => {
    const ignore = "*\n!src\nsrc/*.md\n";
    const contextDir = await planted({
      "build/Dockerfile": dockerfile,
      ".dockerignore": ignore,
      "src/a": "1",
      "src/b.md": "2",
      c: "3",
    });
    expect(await packed({ contextDir, dockerfile: "build/Dockerfile" })).toEqual([
      "build/Dockerfile",
      { ".dockerignore": ignore, "build/Dockerfile": dockerfile, "src/a": "1" },
    ]);
  });

  it("prefers the Dockerfile's own ignore file", async () => {
    const contextDir = await planted({
      "build/Dockerfile": dockerfile,
      "build/Dockerfile.dockerignore": "a\nbuild\n",
      ".dockerignore": "b\n",
      a: "1",
      b: "2",
    });
    expect(await packed({ contextDir, dockerfile: "build/Dockerfile" })).toEqual([
      "build/Dockerfile",
      { ".dockerignore": "b\n", b: "2", "build/Dockerfile": dockerfile, "build/Dockerfile.dockerignore": "a\nbuild\n" },
    ]);
  });

  it("follows a Dockerfile that is a symbolic link within the context", async () => {
    const contextDir = await planted({ "real/Dockerfile": dockerfile, ".dockerignore": "*\n" });
    await symlink("real/Dockerfile", join(contextDir, "Dockerfile"));
    expect(await packed({ contextDir })).toEqual(["real/Dockerfile", { ".dockerignore": "*\n", "real/Dockerfile": dockerfile }]);
  });

  it("follows a context that is a symbolic link", async () => {
    const contextDir = await planted({ "real/Dockerfile": dockerfile });
    await symlink("real", join(contextDir, "link"));
    expect(await packed({ contextDir: join(contextDir, "link") })).toEqual(["Dockerfile", { Dockerfile: dockerfile }]);
  });
});

describe("packContext with a Dockerfile outside the context", () => {
  it("adds Dockerfile content under a name derived from it, and keeps it out of the image", async () => {
    const contextDir = await planted({ a: "1", Dockerfile: "FROM other" });
    const [name, files] = await packed({ contextDir, dockerfileContent: dockerfile });
    expect(name).toMatch(/^\.dockerfile\.[0-9a-f]{20}$/);
    expect(files).toEqual({ ".dockerignore": `.dockerignore\n${name}\n`, [name]: dockerfile, Dockerfile: "FROM other", a: "1" });
    expect(await packed({ contextDir, dockerfileContent: Buffer.from(dockerfile) })).toEqual([name, files]);
    const [other] = await packed({ contextDir, dockerfileContent: `${dockerfile}#` });
    expect(other).not.toBe(name);
  });

  it("produces the same bytes each time", async () => {
    const contextDir = await planted({ a: "1" });
    const pack = async (): Promise<Buffer> => collect((await packContext({ contextDir, dockerfileContent: dockerfile })).stream);
    expect((await pack()).equals(await pack())).toBe(true);
  });

  it("picks a name that is unused in the context", async () => {
    const contextDir = await planted({ a: "1" });
    const [name] = await packed({ contextDir, dockerfileContent: dockerfile });
    await writeFile(join(contextDir, name), "mine");
    const [second, files] = await packed({ contextDir, dockerfileContent: dockerfile });
    expect(second).toBe(`${name}_`);
    expect(files).toMatchObject({ [name]: "mine", [second]: dockerfile });
  });

  it("appends to the existing patterns", async () => {
    const contextDir = await planted({ a: "1", b: "2", ".dockerignore": "a" });
    const [name, files] = await packed({ contextDir, dockerfileContent: dockerfile });
    expect(files).toEqual({ ".dockerignore": `a\n${name}\n`, [name]: dockerfile, b: "2" });
  });

  it("adds an external Dockerfile and applies its own ignore file", async () => {
    const top = await planted({ "context/a": "1", "context/b": "2", "context/.dockerignore": "b\n", "D.prod": dockerfile });
    const contextDir = join(top, "context");
    const [name, files] = await packed({ contextDir, dockerfile: "../D.prod" });
    expect(files).toEqual({ ".dockerignore": `b\n\n${name}\n`, [name]: dockerfile, a: "1" });
    await writeFile(join(top, "D.prod.dockerignore"), "a\n");
    expect((await packed({ contextDir, dockerfile: join(top, "D.prod") }))[1]).toEqual({
      ".dockerignore": `a\n\n${name}\n`,
      [name]: dockerfile,
      b: "2",
    });
  });

  it("adds the external target of a link in the context", async () => {
    const top = await planted({ "context/a": "1", D: dockerfile, "context/Dockerfile.dockerignore": "a\n" });
    await symlink("../D", join(top, "context/Dockerfile"));
    const [name, files] = await packed({ contextDir: join(top, "context") });
    expect(name).toMatch(/^\.dockerfile\./);
    expect(files).toEqual({
      ".dockerignore": `a\n\n${name}\n`,
      "Dockerfile.dockerignore": "a\n",
      [name]: dockerfile,
    });
  });
});

describe("packContext with an invalid context", () => {
  it.each([
    ["a missing directory", "missing", {}, "contextDir", "no build context at "],
    ["a file as the context", "file", {}, "contextDir", "is not a directory"],
    ["a path below a file", "file/below", {}, "contextDir", "no build context at "],
    ["a context without a Dockerfile", "empty", {}, "dockerfile", "no Dockerfile at "],
    ["a missing Dockerfile", "empty", { dockerfile: "x/Dockerfile" }, "dockerfile", "empty/x/Dockerfile"],
    ["a directory as the Dockerfile", "empty", { dockerfile: "../empty" }, "dockerfile", "is a directory"],
    ["two Dockerfiles", "empty", { dockerfile: "a", dockerfileContent: "b" }, "dockerfileContent", "not both"],
    ["a malformed pattern", "malformed", {}, "ignore", "["],
  ])("rejects %s", async (_, context, options, option, message) => {
    const top = await planted({ file: "", empty: null, "malformed/Dockerfile": "", "malformed/.dockerignore": "[\n" });
    const error = await errorOf(packContext({ contextDir: join(top, context), ...options }));
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toHaveProperty("option", option);
    expect(error.message).toContain(message);
  });

  it("reports a file that it cannot read", async () => {
    const top = await planted({ "a/context/Dockerfile": "", "a/context/.dockerignore": "", "a/D": "" });
    const contextDir = join(top, "a/context");
    await chmod(join(contextDir, ".dockerignore"), 0);
    const ignoreFile = await asOrdinaryUser(() => errorOf(packContext({ contextDir })));
    expect(ignoreFile).toBeInstanceOf(ArchiveError);
    expect(ignoreFile.message).toBe(`cannot pack ${join(contextDir, ".dockerignore")}: permission denied`);
    await chmod(join(top, "a/D"), 0);
    const outside = await asOrdinaryUser(() => errorOf(packContext({ contextDir, dockerfile: "../D" })));
    expect(outside.message).toBe(`cannot pack ${join(top, "a/D")}: permission denied`);
    await chmod(contextDir, 0);
    const inside = await asOrdinaryUser(() => errorOf(packContext({ contextDir })));
    expect(inside.message).toBe(`cannot pack ${join(contextDir, "Dockerfile")}: permission denied`);
    await chmod(join(top, "a"), 0);
    const context = await asOrdinaryUser(() => errorOf(packContext({ contextDir })));
    expect(context.message).toBe(`cannot pack ${contextDir}: permission denied`);
    await chmod(join(top, "a"), 0o755);
    await chmod(contextDir, 0o755);
  });
});
