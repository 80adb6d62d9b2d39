import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import { readNulls } from "../../lib/core/answers/index.js";
import { describeOperations } from "../../lib/index.js";
import { answerTypes } from "../support/answer-types.js";
import { operationFacts, placeOf } from "../support/api-operations.js";
import { operationSchemas } from "../support/api-schemas.js";
import { top } from "../support/installed-package.js";
import { compilerOptions } from "../support/wire-types.js";

interface Answer {
  operation: string;
  answer: unknown;
}

const folder = join(top, "spec/fixtures/answers");
/** Engines with recorded answers, one file each. */
const engines = readdirSync(folder).map((file) => file.replace(/\.jsonl$/, ""));
const recorded = new Map(
  engines.map((engine) => {
    const lines = readFileSync(join(folder, `${engine}.jsonl`), "utf8")
      .trimEnd()
      .split("\n");
    return [engine, lines.map((line) => JSON.parse(line) as Answer)]; // written by record-answers.js
  }),
);

/** Operations that the engines of the test bed cannot answer, with the reason for each. */
const notRecorded = new Map([
  ["ImageAttestations", "API 1.55"],
  ["ImageSearch", "needs Docker Hub"],
  ["PluginDelete", "the answer is empty, contrary to the API reference"],
  ["CheckpointList", "needs CRIU"],
]);

/** Client methods by operation ID. */
const methods = new Map(
  operationFacts().flatMap((fact) => {
    const method = describeOperations().find((own) => placeOf(own) === placeOf(fact));
    return method ? [[fact.operationId, method.name]] : [];
  }),
);

/** Builds a module with one constant per answer, as the client returns it, typed like the result of the client's method. */
function moduleOf(answers: readonly Answer[]): string {
  const head = [
    'import type { Client } from "../../../lib/client.js"; import type * as types from "../../../lib/types/index.js";',
    "type Given<M extends keyof Client> = Client[M] extends (...args: never[]) => infer R ? Awaited<R> : never;",
  ].join("");
  const lines = answers.flatMap(({ operation, answer }, index) => {
    const method = methods.get(operation);
    const named = answerTypes[operation];
    if (method === undefined && named === undefined) return "";
    const type = named === undefined ? `Given<"${method ?? ""}">` : `types.${named}`;
    return [`export const answer${index}: ${type} = ${JSON.stringify(readNulls(method ?? "", structuredClone(answer)))};`];
  });
  return [head, ...lines].join("\n");
}

/** Invalid answers. */
const wrong: readonly Answer[] = [
  { operation: "ContainerChanges", answer: [{ Path: "/a", Kind: 1, Unheard: true }] },
  { operation: "ContainerChanges", answer: [{ Path: "/a" }] },
  { operation: "VolumeInspect", answer: { ...answerOf("VolumeInspect"), UsageData: { Size: 1, RefCount: null } } },
];

/** The first recorded answer of an operation. */
function answerOf(operation: string): object {
  const found = [...recorded.values()].flat().find((candidate) => candidate.operation === operation);
  if (!found) throw new Error(`no engine's answer to ${operation} was recorded`);
  return found.answer as object; // as its script wrote it
}

let problemsOf: (name: string) => string[];

beforeAll(() => {
  const modules = new Map([...recorded, ["wrong", wrong] as const]);
  const pathOf = (name: string) => join(folder, `${name}.ts`);
  const sources = new Map([...modules].map(([name, answers]) => [pathOf(name), moduleOf(answers)]));
  const options = { ...compilerOptions(), noUnusedLocals: false };
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile, readFile } = host;
  host.fileExists = (path) => sources.has(path) || fileExists(path);
  host.readFile = (path) => sources.get(path) ?? readFile(path);
  host.getSourceFile = (path, target, ...rest) => {
    const text = sources.get(path);
    return text === undefined ? getSourceFile(path, target, ...rest) : ts.createSourceFile(path, text, target);
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  problemsOf = (name) => {
    const source = program.getSourceFile(pathOf(name));
    const problems = ts.getPreEmitDiagnostics(program, source).map(({ start = 0, messageText }) => {
      const line = source?.getLineAndCharacterOfPosition(start).line ?? 0;
      const { operation = "" } = modules.get(name)?.[line - 1] ?? {};
      return `${operation}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
    return [...new Set(problems)];
  };
}, 60_000);

describe("the wire types", () => {
  it.each(engines)(
    "match the responses of %s, including every key",
    (engine) => {
      expect(problemsOf(engine)).toEqual([]);
      const answers = recorded.get(engine) ?? [];
      const untyped = answers.filter(({ operation }) => !methods.has(operation) && !(operation in answerTypes));
      expect([...new Set(untyped.map(({ operation }) => operation))]).toEqual([]);
      console.log(
        `${engine}: ${answers.length} answers of ${new Set(answers.map(({ operation }) => operation)).size} operations`,
      );
    },
    60_000,
  );

  it("do not match invalid responses", () => {
    expect(problemsOf("wrong")).toEqual([
      expect.stringMatching(/^ContainerChanges: .* '"Unheard"' does not exist in type 'FilesystemChange'/),
      expect.stringMatching(/^ContainerChanges: Property 'Kind' is missing/),
      expect.stringMatching(/^VolumeInspect: Type 'null' is not assignable to type 'number'/),
    ]);
  });

  it("are compared with a response to every operation that returns JSON, except for those that cannot be recorded", () => {
    const json = Object.entries(operationSchemas).flatMap(([operation, { answer }]) =>
      answer && answer.type !== "string" ? [operation] : [],
    );
    const answered = new Set([...recorded.values()].flat().map(({ operation }) => operation));
    expect(json.filter((operation) => !answered.has(operation))).toEqual([...notRecorded.keys()]);
  });
});
