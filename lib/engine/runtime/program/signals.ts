import { Signal } from "../../../types/signal.js";

/** Numbers of the signals of Linux, by name. */
const numbers: Readonly<Record<string, number>> = Signal;

/** Names by number. Of several names, the first is the usual one. */
const names = new Map(
  Object.entries(numbers)
    .reverse()
    .map(([name, number]) => [number, name]),
);

/** The number of the last real-time signal. */
const lastSignal = 64;

/** What a signal does to a process that does not handle it. */
export type DefaultAction = "end" | "ignore" | "stop" | "continue";

const otherActions: Readonly<Record<string, DefaultAction>> = {
  SIGCHLD: "ignore",
  SIGURG: "ignore",
  SIGWINCH: "ignore",
  SIGCONT: "continue",
  SIGSTOP: "stop",
  SIGTSTP: "stop",
  SIGTTIN: "stop",
  SIGTTOU: "stop",
};

/** Returns what a signal does to a process that does not handle it. */
export const defaultAction = (signal: string): DefaultAction => otherActions[signal] ?? "end";

/** Returns the name of a signal, such as `SIGTERM`; `SIG34` for one without a name. */
export const signalName = (number: number): string => names.get(number) ?? `SIG${number}`;

/**
 * Returns the number of a signal.
 *
 * @param name - its name with or without `SIG`, in any case, or its number.
 * @returns undefined for an unknown signal.
 */
export function signalNumber(name: string): number | undefined {
  const upper = name.toUpperCase();
  const known = numbers[upper] ?? numbers[`SIG${upper}`];
  if (known !== undefined) return known;
  const number = /^(?:SIG)?(\d{1,2})$/.exec(upper)?.[1];
  return number !== undefined && Number(number) <= lastSignal ? Number(number) : undefined;
}
