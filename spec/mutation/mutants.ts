// The mutants of a source file: small faults, of the kinds found in reviews, that a spec should detect.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** One change of one source file. */
export interface Mutant {
  file: string;
  /** The line of the change, from 1. */
  line: number;
  start: number;
  end: number;
  replacement: string;
}

/** A comparison or logical operator, and the one that takes its place. */
const OPERATORS = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.LessThanToken, "<="],
  [ts.SyntaxKind.LessThanEqualsToken, "<"],
  [ts.SyntaxKind.GreaterThanToken, ">="],
  [ts.SyntaxKind.GreaterThanEqualsToken, ">"],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, "!=="],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, "==="],
  [ts.SyntaxKind.AmpersandAmpersandToken, "||"],
  [ts.SyntaxKind.BarBarToken, "&&"],
]);

/** Whether an expression is a call, awaited or not. A constructor cannot omit its call to `super`. */
function isCall(expression: ts.Expression): boolean {
  if (ts.isAwaitExpression(expression) || ts.isVoidExpression(expression)) return isCall(expression.expression);
  return ts.isCallExpression(expression) && expression.expression.kind !== ts.SyntaxKind.SuperKeyword;
}

const isAssignment = (expression: ts.Expression): boolean =>
  ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.EqualsToken;

/** The changes of one node: what to replace, and by what. */
function* changesOf(node: ts.Node): Generator<[replaced: ts.Node, replacement: string]> {
  if (ts.isExpressionStatement(node) && (isCall(node.expression) || isAssignment(node.expression))) yield [node, "{}"];
  if (ts.isIfStatement(node) || ts.isWhileStatement(node)) yield [node.expression, `!(${node.expression.getText()})`];
  if (ts.isConditionalExpression(node)) yield [node.condition, `!(${node.condition.getText()})`];
  if (ts.isBinaryExpression(node)) {
    const other = OPERATORS.get(node.operatorToken.kind);
    if (other !== undefined) yield [node.operatorToken, other];
  }
  if (ts.isNumericLiteral(node) && !ts.isLiteralTypeNode(node.parent)) yield [node, `(${node.getText()} + 1)`];
  if (ts.isReturnStatement(node) && node.expression) yield [node.expression, "undefined"];
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) yield [node.body, "undefined"];
}

/** Returns every mutant of a source file, including those that do not compile. */
export function mutantsOf(file: string): Mutant[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const mutants: Mutant[] = [];
  const visit = (node: ts.Node): void => {
    for (const [replaced, replacement] of changesOf(node)) {
      const start = replaced.getStart();
      if (replaced.getText() === replacement) continue;
      mutants.push({
        file,
        line: source.getLineAndCharacterOfPosition(start).line + 1,
        start,
        end: replaced.getEnd(),
        replacement,
      });
    }
    node.forEachChild(visit);
  };
  visit(source);
  return mutants;
}

/** Returns the text of the mutant's file with the change. */
export function textOf({ file, start, end, replacement }: Mutant): string {
  const text = readFileSync(file, "utf8");
  return text.slice(0, start) + replacement + text.slice(end);
}

/** Returns the changed lines, without their indentation: the original, then the mutant. */
export function diffOf(mutant: Mutant): string {
  const original = readFileSync(mutant.file, "utf8");
  const from = original.lastIndexOf("\n", mutant.start) + 1;
  const rest = original.indexOf("\n", mutant.end);
  const to = rest === -1 ? original.length : rest;
  const line = (text: string): string => text.trim().replace(/\s+/g, " ");
  const changed = original.slice(from, mutant.start) + mutant.replacement + original.slice(mutant.end, to);
  return `- ${line(original.slice(from, to))}\n    + ${line(changed)}`;
}

/** Returns a function that reports whether a mutant compiles. Declarations that a mutant leaves unused do not matter. */
export function compiler(root: string): (mutant: Mutant) => boolean {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(root, "tsconfig.json"),
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  );
  if (!config) throw new Error("tsconfig.json is unreadable");
  const files = config.fileNames.filter((file) => file.startsWith(join(root, "lib/")));
  let current: { file: string; text: string } | undefined;
  let version = 0;
  const service = ts.createLanguageService({
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    getCompilationSettings: () => ({ ...config.options, noUnusedLocals: false, noUnusedParameters: false }),
    getScriptFileNames: () => files,
    getScriptVersion: (file) => (file === current?.file ? String(version) : "0"),
    getScriptSnapshot: (file) => {
      const text = file === current?.file ? current.text : ts.sys.readFile(file);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
  });
  return (mutant) => {
    version += 1;
    current = { file: mutant.file, text: textOf(mutant) };
    return service.getSyntacticDiagnostics(mutant.file).length === 0 && service.getSemanticDiagnostics(mutant.file).length === 0;
  };
}
