import type { Case } from "../case.js";
import { awkCases } from "./awk.js";
import { byteCases } from "./bytes.js";
import { catCases } from "./cat.js";
import { echoCases } from "./echo.js";
import { fileCases } from "./files.js";
import { lsCases } from "./ls.js";
import { runCases } from "./run.js";
import { testCases } from "./test.js";
import { textCases } from "./text.js";

/** All cases by the name of their recording. */
export const families: Readonly<Record<string, readonly Case[]>> = {
  awk: awkCases,
  bytes: byteCases,
  cat: catCases,
  echo: echoCases,
  files: fileCases,
  ls: lsCases,
  run: runCases,
  test: testCases,
  text: textCases,
};
