/**
 * Signals by their Linux names. The numbers are those of Linux on x86 and ARM, where containers run. The local machine may use
 * other numbers.
 *
 * @enum
 * @category Containers
 */
export const Signal = {
  /** Hangup; many servers reload their configuration. */
  SIGHUP: 1,
  /** Interrupt from the keyboard (Ctrl-C). */
  SIGINT: 2,
  /** Quit from the keyboard (Ctrl-\), with a core dump. */
  SIGQUIT: 3,
  /** Illegal instruction. */
  SIGILL: 4,
  /** Trace or breakpoint trap. */
  SIGTRAP: 5,
  /** Abort, raised by `abort()`. */
  SIGABRT: 6,
  /** Synonym of {@link Signal.SIGABRT}. */
  SIGIOT: 6,
  /** Bus error: bad memory access. */
  SIGBUS: 7,
  /** Arithmetic error. */
  SIGFPE: 8,
  /** Terminates the process immediately; cannot be caught or ignored. */
  SIGKILL: 9,
  /** User-defined signal 1. */
  SIGUSR1: 10,
  /** Segmentation fault: invalid memory reference. */
  SIGSEGV: 11,
  /** User-defined signal 2. */
  SIGUSR2: 12,
  /** Write to a pipe without readers. */
  SIGPIPE: 13,
  /** Expired real-time timer. */
  SIGALRM: 14,
  /** Termination request; the default signal for stopping a container. */
  SIGTERM: 15,
  /** Coprocessor stack fault; unused. */
  SIGSTKFLT: 16,
  /** Child process exited or stopped. */
  SIGCHLD: 17,
  /** Synonym of {@link Signal.SIGCHLD}. */
  SIGCLD: 17,
  /** Resumes a stopped process. */
  SIGCONT: 18,
  /** Stops the process; cannot be caught or ignored. */
  SIGSTOP: 19,
  /** Stop from the keyboard (Ctrl-Z). */
  SIGTSTP: 20,
  /** Terminal read by a background process. */
  SIGTTIN: 21,
  /** Terminal write by a background process. */
  SIGTTOU: 22,
  /** Urgent data on a socket. */
  SIGURG: 23,
  /** CPU time limit exceeded. */
  SIGXCPU: 24,
  /** File size limit exceeded. */
  SIGXFSZ: 25,
  /** Expired virtual timer. */
  SIGVTALRM: 26,
  /** Expired profiling timer. */
  SIGPROF: 27,
  /** Terminal window resized. */
  SIGWINCH: 28,
  /** I/O is possible on a file descriptor. */
  SIGIO: 29,
  /** Synonym of {@link Signal.SIGIO}. */
  SIGPOLL: 29,
  /** Power failure. */
  SIGPWR: 30,
  /** Invalid or forbidden system call. */
  SIGSYS: 31,
  /** Synonym of {@link Signal.SIGSYS}. */
  SIGUNUSED: 31,
} as const;

/** Number of a signal. @category Containers */
export type Signal = (typeof Signal)[keyof typeof Signal];

/** Name of a signal, with or without the `SIG` prefix, such as `SIGTERM` or `TERM`. @category Containers */
export type SignalName = keyof typeof Signal | (keyof typeof Signal extends `SIG${infer Short}` ? Short : never);
