import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { entryPoints, type Manifest, readManifest } from "../support/entry-points.js";
import { top } from "../support/installed-package.js";

interface PackageManifest extends Manifest {
  version: string;
  type: string;
  license: string;
  sideEffects: boolean;
  engines: Record<string, string>;
  main: string;
  types: string;
  typesVersions: Record<string, Record<string, string[]>>;
  files: string[];
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

let manifest: PackageManifest;

const read = (file: string): Promise<string> => readFile(join(top, file), "utf8");

beforeAll(async () => {
  manifest = JSON.parse(await read("package.json"));
});

describe("the entry points", () => {
  it("are the same in package.json, typedoc.json and the knip settings", async () => {
    const own = await readManifest();
    const sources = entryPoints(own).map(({ source }) => source);
    expect([...JSON.parse(await read("typedoc.json")).entryPoints].sort()).toEqual([...sources].sort());
    expect(own.knip.workspaces["."]?.entry).toEqual(expect.arrayContaining(sources));
  });
});

describe("package.json", () => {
  it("pins its dependencies and installs only axios for users, with the types that the declarations need", () => {
    expect(Object.keys(manifest.dependencies).sort()).toEqual(["@types/node", "axios"]);
    // accepts the version that the user's project has, so that only one is installed
    expect(manifest.dependencies["@types/node"]).toBe("*");
    // users get axios fixes without a release of this package
    expect(manifest.dependencies.axios).toMatch(/^\^\d+\.\d+\.\d+$/);
    for (const [name, version] of Object.entries(manifest.devDependencies)) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
    }
  });

  it("matches package-lock.json", async () => {
    const lock = JSON.parse(await read("package-lock.json"));
    const root = lock.packages[""];
    expect([root.version, root.dependencies, root.devDependencies]).toEqual([
      manifest.version,
      manifest.dependencies,
      manifest.devDependencies,
    ]);
  });

  it("requires a Node.js version that can require() ES modules, and builds for it", async () => {
    expect(manifest.engines).toEqual({ node: ">=20.19" });
    expect(manifest.devDependencies["@types/node"]).toMatch(/^20\./);
    expect(await read(".config/build.js")).toContain('target: "node20"');
  });

  it("exports the built files as ES modules and as CommonJS, with types before code", () => {
    expect([manifest.type, manifest.sideEffects, manifest.license]).toEqual(["module", false, "Apache-2.0"]);
    for (const [entry, conditions] of Object.entries(manifest.exports)) {
      if (typeof conditions === "string") continue;
      const file = entry === "." ? "index" : `${entry.slice(2)}/index`;
      expect(Object.entries(conditions), entry).toEqual([
        ["import", { types: `./dist/${file}.d.ts`, default: `./dist/${file}.js` }],
        ["default", { types: `./dist/cjs/${file}.d.ts`, default: `./dist/cjs/${file}.js` }],
      ]);
      for (const path of Object.values(conditions).flatMap((paths) => Object.values(paths))) {
        expect(existsSync(join(top, path)), path).toBe(true);
      }
      expect(existsSync(join(top, `lib/${file}.ts`)), entry).toBe(true);
    }
    expect(manifest.files).toEqual([
      "dist",
      "lib",
      "!lib/agent",
      "!lib/engine",
      "!lib/jobs",
      "!lib/service",
      "!lib/store",
      "CHANGELOG.md",
    ]);
  });

  it("names the CommonJS files for tools that do not read exports", () => {
    const entries = Object.entries(manifest.exports).flatMap(([entry, target]) =>
      typeof target === "string" ? [] : [{ entry, paths: target.default }],
    );
    expect({ types: manifest.types, default: manifest.main }).toEqual(entries.find(({ entry }) => entry === ".")?.paths);
    expect(manifest.typesVersions).toEqual({
      "*": Object.fromEntries(
        entries.filter(({ entry }) => entry !== ".").map(({ entry, paths }) => [entry.slice(2), [paths.types]]),
      ),
    });
  });

  it("names only existing files", () => {
    for (const [name, script] of Object.entries(manifest.scripts)) {
      for (const [file] of script.matchAll(/(?<= |^)(?:\.config|spec|docs)\/[\w./-]+/g)) {
        expect(existsSync(join(top, file)), `${file} in ${name}`).toBe(true);
      }
    }
  });
});

describe("the changelog", () => {
  it("starts with the current version or the unreleased changes", async () => {
    const [first = ""] = /^## .*$/m.exec(await read("CHANGELOG.md")) ?? [];
    expect(["## Unreleased", `## ${manifest.version}`].some((heading) => first.startsWith(heading))).toBe(true);
  });

  it("lists upgrade notes first", async () => {
    const versions = (await read("CHANGELOG.md")).split(/^## /m).slice(1);
    expect(versions.length).toBeGreaterThan(0);
    for (const version of versions) {
      const sections = [...version.matchAll(/^### (.*)$/gm)].map(([, section]) => section);
      expect(sections.length, version.split("\n")[0]).toBeGreaterThan(0);
      expect(sections.indexOf("Upgrade notes")).toBeLessThan(1);
    }
  });
});
