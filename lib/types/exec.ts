/** Request body for creating an exec instance. @category Exec */
export interface ExecCreateRequest {
  /** Command and its arguments, one array element each. */
  Cmd?: string[];
  /** Whether standard input is attached. */
  AttachStdin?: boolean;
  /** Whether standard output is attached. */
  AttachStdout?: boolean;
  /** Whether standard error is attached. */
  AttachStderr?: boolean;
  /** Key sequence for detaching. Defaults to `ctrl-p,ctrl-q`. */
  DetachKeys?: string;
  /** Whether the command runs in a terminal. If so, its output is a single raw stream. */
  Tty?: boolean;
  /** Additional environment variables, as `NAME=value`. Added in API 1.25. */
  Env?: string[] | null;
  /** Whether the command has all the privileges of root on the host. */
  Privileged?: boolean;
  /** User that runs the command: `user`, `user:group`, or numeric IDs. Defaults to the container's user. */
  User?: string;
  /** Working directory of the command. Defaults to the container's working directory. Added in API 1.35. */
  WorkingDir?: string;
  /** Initial terminal size: rows, columns. Added in API 1.42. */
  ConsoleSize?: [height: number, width: number] | null;
}

/** Request body for starting an exec instance. @category Exec */
export interface ExecStartRequest {
  /** Whether to return immediately, without attaching. */
  Detach?: boolean;
  /** Whether the command runs in a terminal; must match the setting at creation. */
  Tty?: boolean;
  /** Initial terminal size: rows, columns. Added in API 1.42. */
  ConsoleSize?: [height: number, width: number] | null;
}

/** Process of an exec instance. @category Exec */
export interface ProcessConfig {
  /** Whether the process has all the privileges of root on the host. */
  privileged?: boolean;
  /** User that runs the process. Empty or absent for the container's user. */
  user?: string;
  /** Whether the process runs in a terminal. */
  tty: boolean;
  /** Path of the executable. */
  entrypoint: string;
  /** Arguments of the executable. */
  arguments: string[];
}

/** Detailed information about an exec instance. @category Exec */
export interface ExecInspect {
  /** ID of the exec instance. */
  ID: string;
  /** ID of the container. */
  ContainerID: string;
  /** Whether the command is running. */
  Running: boolean;
  /** Exit code. Null until the command exits. */
  ExitCode: number | null;
  /** Process of the exec instance. */
  ProcessConfig: ProcessConfig;
  /** Whether standard input is attached. */
  OpenStdin: boolean;
  /** Whether standard error is attached. */
  OpenStderr: boolean;
  /** Whether standard output is attached. */
  OpenStdout: boolean;
  /** Process ID on the host. `0` before the start. Added in API 1.25. */
  Pid?: number;
  /** Whether the engine can discard the exec instance. */
  CanRemove?: boolean;
  /** Key sequence for detaching, as the bytes that a terminal sends, encoded in base64. */
  DetachKeys?: string | null;
}
