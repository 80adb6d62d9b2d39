/** Numbers of the signals of Linux, by name. */
const numbers: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGSTKFLT: 16,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGTTIN: 21,
  SIGTTOU: 22,
  SIGURG: 23,
  SIGXCPU: 24,
  SIGXFSZ: 25,
  SIGVTALRM: 26,
  SIGPROF: 27,
  SIGWINCH: 28,
  SIGIO: 29,
  SIGPWR: 30,
  SIGSYS: 31,
};

const names = new Map(Object.entries(numbers).map(([name, number]) => [number, name]));

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
