import { Application, type CommentTag, type JSONOutput, Logger, LogLevel, normalizePath, ReflectionKind } from "typedoc";
import { beforeAll, describe, expect, it } from "vitest";
import { describeOperations } from "../../lib/index.js";
import { top } from "../support/installed-package.js";

/** Operations that the documents of the Engine API leave out, so that there is nothing to refer to. */
const undocumented = new Set(["cancelBuild", "createCheckpoint", "grpc", "listCheckpoints", "removeCheckpoint"]);

type Declaration = JSONOutput.DeclarationReflection;

/** Keeps what is wrong. */
class Recorder extends Logger {
  readonly warnings: string[] = [];

  override log(message: string, level: LogLevel): void {
    if (level >= LogLevel.Warn) this.warnings.push(message);
  }
}

const recorder = new Recorder();
let client: Declaration;
let modules: string[] = [];

/** The texts of a kind of tag. */
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
  const main = json.children?.find(({ name }) => name === "ts-dockerclient");
  const found = main?.children?.find(({ name, kind }) => name === "Client" && kind === ReflectionKind.Class);
  if (!found) throw new Error("the reference has no Client");
  client = found;
}, 120_000);

const members = (): Declaration[] => client.children ?? [];
const methods = (): Declaration[] => members().filter(({ kind, flags }) => kind === ReflectionKind.Method && !flags.isStatic);

describe("the reference", () => {
  it("is made without a warning: every public name is documented, and every link leads somewhere", () => {
    expect(recorder.warnings).toEqual([]);
  });

  it("has the entries of the package", () => {
    expect(modules.sort()).toEqual(["ts-dockerclient", "ts-dockerclient/archive", "ts-dockerclient/auth"]);
  });

  it("has every operation as a method of Client", () => {
    const names = new Set(methods().map(({ name }) => name));
    expect(describeOperations().flatMap(({ name }) => (names.has(name) ? [] : [name]))).toEqual([]);
  });

  it("puts every member of Client into a category, and tells none of them apart as inherited", () => {
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
    // where what has no category goes
    expect(categories).not.toContain("Options and results");
    expect(members().flatMap(({ name, inheritedFrom }) => (inheritedFrom === undefined ? [] : [name]))).toEqual([]);
  });

  it("refers from every operation to the Engine API", () => {
    const operations = new Map(describeOperations().map((operation) => [operation.name, operation]));
    const link = /^https:\/\/docs\.docker\.com\/reference\/api\/engine\/version\/v1\.\d+\/#operation\/\w+/;
    const lacking = methods().filter(({ name, signatures = [] }) => {
      if (!operations.has(name) || undocumented.has(name)) return false;
      return !signatures.every(({ comment }) => tagsOf(comment, "@see").some((see) => link.test(see.replace(/^- /, ""))));
    });
    expect(lacking.map(({ name }) => name)).toEqual([]);
  });

  it("shows both ways to call what gives a stream or writes to one", () => {
    for (const name of ["logs", "exportContainer", "copyFromContainer", "stats"]) {
      const method = methods().find((candidate) => candidate.name === name);
      expect(method?.signatures?.length, name).toBeGreaterThan(1);
    }
  });
});
