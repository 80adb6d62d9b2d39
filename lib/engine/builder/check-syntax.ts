import { errorMessage } from "../../wire/realm.js";
import { badRequest } from "../engine-error.js";
import { oneArgument, parseJsonForm, parsePairs, requireArguments } from "./arguments.js";
import type { Instruction } from "./dockerfile.js";
import { isSetting } from "./settings.js";

/** The instructions that do more than change the configuration. */
const others = new Set(["FROM", "RUN", "COPY", "ADD", "ARG", "MAINTAINER"]);

/**
 * Checks an instruction before a build begins.
 *
 * @throws {@link EngineError} with status 400 for an unknown name, and for missing arguments.
 */
export function checkSyntax(instruction: Instruction, escape: string): void {
  const { name, line, original } = instruction;
  if (!isSetting(name) && !others.has(name)) {
    throw badRequest(`dockerfile parse error on line ${line}: unknown instruction: ${original.split(/\s/, 1)[0] ?? ""}`);
  }
  try {
    checkArguments(instruction);
  } catch (error) {
    throw badRequest(`dockerfile parse error on line ${line}: ${errorMessage(error)}`, error);
  }
  if (name !== "ENV" && name !== "LABEL") return;
  try {
    parsePairs(instruction, escape);
  } catch (error) {
    throw badRequest(`failed to parse Dockerfile: ${errorMessage(error)}`, error);
  }
}

function checkArguments(instruction: Instruction): void {
  const { name, rest } = instruction;
  switch (name) {
    case "FROM":
      if (!/^\S+(\s+as\s+\S+)?$/i.test(rest)) throw badRequest("FROM requires either one or three arguments");
      return;
    case "ARG":
    case "RUN":
      requireArguments(instruction);
      return;
    case "COPY":
    case "ADD":
      if (requireArguments(instruction).length > 1) return;
      throw badRequest(`${name} requires at least two arguments, but only one was provided. Destination could not be determined`);
    case "USER":
    case "WORKDIR":
    case "STOPSIGNAL":
    case "MAINTAINER":
      oneArgument(instruction);
      return;
    case "SHELL":
      if (!parseJsonForm(rest)) throw badRequest("SHELL requires the arguments to be in JSON form");
  }
}
