import type { TestExpression } from "unbash";
import { test } from "../standard/test.js";
import { runApplet } from "./applet.js";
import { matches } from "./pattern.js";
import type { Shell } from "./shell.js";

/** Evaluates the arguments of `test`: returns 0 if they are true, 1 if they are false, and 2 after an error message. */
export async function evaluateArguments(shell: Shell, words: readonly string[]): Promise<number> {
  const [operator, operand = "", more] = words;
  // only the shell knows all of its descriptors and options
  if (words.length === 2 && operator === "-t" && /^\d+$/.test(operand))
    return shell.state.descriptors.get(Number(operand))?.terminal ? 0 : 1;
  if (words.length === 3 && operator === "!" && more !== undefined && operand === "-t")
    return (await evaluateArguments(shell, [operand, more])) === 0 ? 1 : 0;
  return runApplet(shell, test, words);
}

/** Evaluates `[[ … ]]`. */
export async function evaluateTest(shell: Shell, expression: TestExpression): Promise<boolean> {
  switch (expression.type) {
    case "TestUnary": {
      const operand = await shell.expander.text(expression.operand);
      return (await evaluateArguments(shell, [expression.operator, operand])) === 0;
    }
    case "TestGroup":
      return evaluateTest(shell, expression.expression);
    case "TestNot":
      return (await evaluateTest(shell, expression.operand)) !== (expression.negations.length % 2 === 1);
    case "TestLogical":
      for (const operand of expression.operands)
        if ((await evaluateTest(shell, operand)) !== (expression.operator === "&&")) return expression.operator !== "&&";
      return expression.operator === "&&";
    case "TestBinary": {
      const left = await shell.expander.text(expression.left);
      if (expression.operator === "=~") return new RegExp(await shell.expander.text(expression.right)).test(left);
      if (["=", "==", "!="].includes(expression.operator))
        return matches(await shell.expander.pattern(expression.right), left) === (expression.operator !== "!=");
      return (await evaluateArguments(shell, [left, expression.operator, await shell.expander.text(expression.right)])) === 0;
    }
  }
}
