import { optionNames, type ShellState } from "./state.js";

const special = /^(?:[-#?$!0@*]|\d+)$/;

/** Whether a name is that of a positional or special parameter. */
export const isSpecialParameter = (name: string): boolean => special.test(name);

/** Returns the letters of the options that are set: `$-`. */
function optionLetters(state: ShellState): string {
  const letters = Object.entries(optionNames).filter(([, name]) => state.options.has(name));
  return letters.map(([letter]) => letter).join("");
}

/** Returns the value of a positional or special parameter; undefined if it is unset. */
export function parameterOf(state: ShellState, name: string): string | undefined {
  switch (name) {
    case "#":
      return String(state.positional.length);
    case "?":
      return String(state.status);
    case "-":
      return optionLetters(state);
    case "$":
      return String(state.shellPid);
    case "!":
      return state.lastBackground === undefined ? undefined : String(state.lastBackground);
    case "0":
      return state.name;
    case "@":
    case "*":
      return state.positional.length > 0 ? state.positional.join(" ") : undefined;
    default:
      return state.positional[Number(name) - 1];
  }
}
