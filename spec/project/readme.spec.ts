import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { top } from "../support/installed-package.js";
import { codeBlocks, regionOf } from "../support/prose.js";

describe("the README", () => {
  it("shows code from the examples", async () => {
    const blocks = (await codeBlocks("README.md")).filter(({ language }) => language === "ts");
    expect(blocks.length).toBeGreaterThanOrEqual(10);
    for (const { note = "no comment before it", content } of blocks) {
      expect(note).toMatch(/^docs\/examples\/[\w-]+\.ts$/);
      expect(content, note).toBe(await regionOf(note, "readme"));
    }
  });

  it("shows every region marked for it", async () => {
    const notes = (await codeBlocks("README.md")).map(({ note }) => note);
    for (const file of await readdir(join(top, "docs/examples"))) {
      if (!file.endsWith(".ts")) continue;
      const hasRegion = (await readFile(join(top, "docs/examples", file), "utf8")).includes("#region readme");
      expect(notes.includes(`docs/examples/${file}`), file).toBe(hasRegion);
    }
  });

  it("lists the test and quickstart commands verbatim", async () => {
    const commands = (await codeBlocks("README.md")).filter(({ language }) => language === "sh").map(({ content }) => content);
    expect(commands).toContain("npm ci && npm test\n");
    expect(commands).toContain("npm ci && npm run quickstart\n");
    const { scripts } = JSON.parse(await readFile(join(top, "package.json"), "utf8"));
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(["test", "quickstart", "docs"]));
  });

  it("and the guides contain no dead links", async () => {
    const guides = (await readdir(join(top, "docs/guides"))).map((file) => `docs/guides/${file}`);
    for (const page of ["README.md", "CONTRIBUTING.md", ...guides]) {
      const text = await readFile(join(top, page), "utf8");
      for (const [, target = ""] of text.matchAll(/\]\((?!https?:)([^)]*)\)/g)) {
        const [file = "", anchor] = target.split("#");
        const path = file === "" ? join(top, page) : join(top, dirname(page), file);
        expect(existsSync(path), `${target} in ${page}`).toBe(true);
        if (anchor === undefined) continue;
        const headings = [...(await readFile(path, "utf8")).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
          heading
            .toLowerCase()
            .replace(/[^\w -]/g, "")
            .replaceAll(" ", "-"),
        );
        expect(headings, `${target} in ${page}`).toContain(anchor);
      }
    }
  });
});
