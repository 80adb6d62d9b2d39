/**
 * Signals by their Linux names. The numbers are those of x86 and ARM Linux, where the containers run; the machine that
 * runs this code may number them otherwise.
 *
 * @enum
 * @category Containers
 */
export const Signal = {
  /** The terminal of the process is gone; many servers read their configuration again. */
  SIGHUP: 1,
  /** Ctrl-C. */
  SIGINT: 2,
  /** Ctrl-\, with a core dump. */
  SIGQUIT: 3,
  /** Illegal instruction. */
  SIGILL: 4,
  /** Breakpoint of a debugger. */
  SIGTRAP: 5,
  /** Raised by `abort()`. */
  SIGABRT: 6,
  /** Old name of {@link Signal.SIGABRT}. */
  SIGIOT: 6,
  /** Access to memory that does not exist. */
  SIGBUS: 7,
  /** Arithmetic that has no result. */
  SIGFPE: 8,
  /** Ends the process at once; it can neither catch nor ignore it. */
  SIGKILL: 9,
  /** Free for the program's own use. */
  SIGUSR1: 10,
  /** Access to memory that the process may not touch. */
  SIGSEGV: 11,
  /** Free for the program's own use. */
  SIGUSR2: 12,
  /** A write to a pipe that nobody reads. */
  SIGPIPE: 13,
  /** A timer of real time ran out. */
  SIGALRM: 14,
  /** Asks the process to end; what the engine sends first to stop a container. */
  SIGTERM: 15,
  /** Fault of the coprocessor's stack; unused. */
  SIGSTKFLT: 16,
  /** A child has ended or stopped. */
  SIGCHLD: 17,
  /** Old name of {@link Signal.SIGCHLD}. */
  SIGCLD: 17,
  /** Lets a stopped process go on. */
  SIGCONT: 18,
  /** Stops the process; it can neither catch nor ignore it. */
  SIGSTOP: 19,
  /** Ctrl-Z. */
  SIGTSTP: 20,
  /** A background process wanted to read from the terminal. */
  SIGTTIN: 21,
  /** A background process wanted to write to the terminal. */
  SIGTTOU: 22,
  /** Urgent data at a socket. */
  SIGURG: 23,
  /** The process used up its CPU time. */
  SIGXCPU: 24,
  /** The process wrote a file larger than it may. */
  SIGXFSZ: 25,
  /** A timer of the process's own time ran out. */
  SIGVTALRM: 26,
  /** A timer of profiling ran out. */
  SIGPROF: 27,
  /** The terminal has another size. */
  SIGWINCH: 28,
  /** A descriptor can be read or written again. */
  SIGIO: 29,
  /** Another name of {@link Signal.SIGIO}. */
  SIGPOLL: 29,
  /** The power fails. */
  SIGPWR: 30,
  /** A system call that does not exist or is forbidden. */
  SIGSYS: 31,
  /** Old name of {@link Signal.SIGSYS}. */
  SIGUNUSED: 31,
} as const;

/** The number of a signal. @category Containers */
export type Signal = (typeof Signal)[keyof typeof Signal];

/** The name of a signal, with or without its `SIG`: `SIGTERM`, `TERM`. @category Containers */
export type SignalName = keyof typeof Signal | (keyof typeof Signal extends `SIG${infer Short}` ? Short : never);
