import { Application, type CommentTag, type JSONOutput, Logger, LogLevel, normalizePath, ReflectionKind } from "typedoc";
import { beforeAll, describe, expect, it } from "vitest";
import { describeOperations } from "../../lib/index.js";
import { entryPoints, readManifest } from "../support/entry-points.js";
import { top } from "../support/installed-package.js";

/** Operations that the Engine API reference does not document, so that there is no page to link to. */
const undocumented = new Set(["cancelBuild", "createCheckpoint", "grpc", "listCheckpoints", "removeCheckpoint"]);

type Declaration = JSONOutput.DeclarationReflection;

/** The default category of typedoc.json. */
const uncategorized = "Options and results";

/** Records warnings and errors. */
class Recorder extends Logger {
  readonly warnings: string[] = [];

  override log(message: string, level: LogLevel): void {
    if (level >= LogLevel.Warn) this.warnings.push(message);
  }
}

const recorder = new Recorder();
let client: Declaration;
let main: Declaration;
let modules: string[] = [];

/** Returns the contents of all tags of one kind. */
const tagsOf = (comment: JSONOutput.Comment | undefined, tag: CommentTag["tag"]): string[] =>
  (comment?.blockTags ?? [])
    .filter((block) => block.tag === tag)
    .map(({ content }) =>
      content.map((part) => ("target" in part && typeof part.target === "string" ? part.target : part.text)).join(""),
    );

beforeAll(async () => {
  const app = await Application.bootstrapWithPlugins({ options: `${top}/typedoc.json`, logLevel: LogLevel.Error });
  app.logger = recorder;
  const project = await app.convert();
  if (!project) throw new Error(`the sources do not compile: ${recorder.warnings.join("\n")}`);
  app.validate(project);
  const json = app.serializer.projectToObject(project, normalizePath(top));
  modules = (json.children ?? []).map(({ name }) => name);
  const entry = json.children?.find(({ name }) => name === "ts-dockerclient");
  if (!entry) throw new Error("the reference lacks the main entry");
  main = entry;
  const found = main.children?.find(({ name, kind }) => name === "Client" && kind === ReflectionKind.Class);
  if (!found) throw new Error("the reference has no Client");
  client = found;
}, 300_000);

const members = (): Declaration[] => client.children ?? [];
const methods = (): Declaration[] => members().filter(({ kind, flags }) => kind === ReflectionKind.Method && !flags.isStatic);

describe("the reference", () => {
  it("is generated without warnings: every public name is documented and every link resolves", () => {
    expect(recorder.warnings).toEqual([]);
  });

  it("has the entry points of the package", async () => {
    expect(modules.sort()).toEqual(entryPoints(await readManifest()).map(({ name }) => name));
  });

  it("has every operation as a method of Client", () => {
    const names = new Set(methods().map(({ name }) => name));
    expect(describeOperations().flatMap(({ name }) => (names.has(name) ? [] : [name]))).toEqual([]);
  });

  it("assigns a category to every member of Client and marks no member as inherited", () => {
    const categories = client.categories?.map(({ title }) => title) ?? [];
    expect(categories).toEqual(
      expect.arrayContaining([
        "Client",
        "Conveniences",
        "Containers",
        "Exec",
        "Images",
        "Builds",
        "Networks",
        "Volumes",
        "Distribution",
        "Session",
        "Events",
        "System",
      ]),
    );
    expect(categories).not.toContain(uncategorized);
    expect(members().flatMap(({ name, inheritedFrom }) => (inheritedFrom === undefined ? [] : [name]))).toEqual([]);
  });

  it("assigns a category to every option, result and helper", () => {
    expect(main.categories?.map(({ title }) => title)).not.toContain(uncategorized);
  });

  it("links to the sources", () => {
    const urls = methods().flatMap(({ sources = [] }) => sources.map(({ url }) => url));
    expect(urls.length).toBeGreaterThanOrEqual(methods().length);
    for (const url of urls)
      expect(url).toMatch(/^https:\/\/github\.com\/ts-dockerclient\/ts-dockerclient\/blob\/main\/lib\/.*\.ts#L\d+$/);
  });

  it("links every operation to the Engine API", () => {
    const operations = new Map(describeOperations().map((operation) => [operation.name, operation]));
    const link = /^https:\/\/docs\.docker\.com\/reference\/api\/engine\/version\/v1\.\d+\/#operation\/\w+/;
    const lacking = methods().filter(({ name, signatures = [] }) => {
      if (!operations.has(name) || undocumented.has(name)) return false;
      return !signatures.every(({ comment }) => tagsOf(comment, "@see").some((see) => link.test(see.replace(/^- /, ""))));
    });
    expect(lacking.map(({ name }) => name)).toEqual([]);
  });

  it("shows both signatures of methods that return or accept a stream", () => {
    for (const name of ["logs", "exportContainer", "copyFromContainer", "stats"]) {
      const method = methods().find((candidate) => candidate.name === name);
      expect(method?.signatures?.length, name).toBeGreaterThan(1);
    }
  });
});
