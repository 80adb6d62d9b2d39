/** Leaves functions and loops up to where it is caught. These are not errors: they only travel like ones. */
export abstract class Departure extends Error {
  constructor(name: string) {
    super(name);
    this.name = name;
  }
}

/** The shell exits. */
export class ExitDeparture extends Departure {
  /** Its exit code. */
  readonly code: number;

  constructor(code: number) {
    super("ExitDeparture");
    this.code = code & 0xff;
  }
}

/** A function or a script that was read by `.` returns. */
export class ReturnDeparture extends Departure {
  /** Its status. */
  readonly code: number;

  constructor(code: number) {
    super("ReturnDeparture");
    this.code = code & 0xff;
  }
}

/** `break` or `continue`. */
export class LoopDeparture extends Departure {
  /** Which of the two. */
  readonly kind: "break" | "continue";
  /** How many loops to leave; 1 is the innermost. */
  levels: number;

  constructor(kind: "break" | "continue", levels: number) {
    super("LoopDeparture");
    this.kind = kind;
    this.levels = levels;
  }
}

/** `^C` was typed: an interactive shell gives up the line. */
export class InterruptDeparture extends Departure {
  constructor() {
    super("InterruptDeparture");
  }
}

/** An error that is printed after the name of the shell. */
export class ShellError extends Error {
  /** The exit status. */
  readonly code: number;
  /** Whether a shell that is not interactive exits. */
  readonly fatal: boolean;

  constructor(message: string, { code = 2, fatal = true }: { code?: number; fatal?: boolean } = {}) {
    super(message);
    this.name = "ShellError";
    this.code = code;
    this.fatal = fatal;
  }
}

/** Refuses what `sh` has not. */
export function refuse(what: string): never {
  throw new ShellError(`syntax error: ${what} is not supported by sh`);
}
