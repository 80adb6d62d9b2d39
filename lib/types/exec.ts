/** A command to run in a container. @category Exec */
export interface ExecCreateRequest {
  /** Program and arguments, one word each. */
  Cmd?: string[];
  /** Whether standard input is attached. */
  AttachStdin?: boolean;
  /** Whether standard output is attached. */
  AttachStdout?: boolean;
  /** Whether standard error is attached. */
  AttachStderr?: boolean;
  /** Keys that detach, such as `ctrl-p,ctrl-q`, the engine's default. */
  DetachKeys?: string;
  /** Whether the command has a terminal. Its output is then one raw stream. */
  Tty?: boolean;
  /** Further environment, as `NAME=value`. API 1.25+. */
  Env?: string[] | null;
  /** Whether the command may do all that the host's root may. */
  Privileged?: boolean;
  /** Who runs the command: `user`, `user:group`, or their numbers. By default the container's. */
  User?: string;
  /** Directory in which it starts. By default the container's. API 1.35+. */
  WorkingDir?: string;
  /** Size of the terminal: rows, columns. API 1.42+. */
  ConsoleSize?: [height: number, width: number] | null;
}

/** How a command that was prepared is started. @category Exec */
export interface ExecStartRequest {
  /** Whether the engine answers at once and nothing is attached. */
  Detach?: boolean;
  /** Whether the command has a terminal; as it was prepared. */
  Tty?: boolean;
  /** Size of the terminal: rows, columns. API 1.42+. */
  ConsoleSize?: [height: number, width: number] | null;
}

/** The process of a command in a container. @category Exec */
export interface ProcessConfig {
  /** Whether it may do all that the host's root may. */
  privileged?: boolean;
  /** Who runs it. Empty, or left out, for the container's user. */
  user?: string;
  /** Whether it has a terminal. */
  tty: boolean;
  /** Program. */
  entrypoint: string;
  /** Arguments. */
  arguments: string[];
}

/** A command in a container: what was asked for, and what came of it. @category Exec */
export interface ExecInspect {
  /** ID. */
  ID: string;
  /** ID of the container. */
  ContainerID: string;
  /** Whether it runs. */
  Running: boolean;
  /** Exit code. `null` until it has ended. */
  ExitCode: number | null;
  /** Its process. */
  ProcessConfig: ProcessConfig;
  /** Whether standard input is attached. */
  OpenStdin: boolean;
  /** Whether standard error is attached. */
  OpenStderr: boolean;
  /** Whether standard output is attached. */
  OpenStdout: boolean;
  /** ID of its process on the engine's host. `0` before the start. API 1.25+. */
  Pid?: number;
  /** Whether the engine may forget it. */
  CanRemove?: boolean;
  /** Keys that detach: the bytes that a terminal sends for them, in base64. */
  DetachKeys?: string | null;
}
