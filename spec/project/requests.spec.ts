import { join } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";
import { top } from "../support/installed-package.js";
import { compilerOptions } from "../support/wire-types.js";

it("the requests of requests.spec-d.ts compile with exactOptionalPropertyTypes", { timeout: 60_000 }, () => {
  const path = join(top, "spec/project/requests.spec-d.ts");
  const program = ts.createProgram([path], { ...compilerOptions(), exactOptionalPropertyTypes: true });
  const problems = ts.getPreEmitDiagnostics(program, program.getSourceFile(path));
  expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
});
