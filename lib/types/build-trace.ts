/** A step of a BuildKit build. @category Progress */
export interface BuildVertex {
  /** Digest that identifies the step in the build. */
  digest: string;
  /** Digests of the steps that it depends on. */
  inputs: string[];
  /** Description, such as `[2/3] RUN make`. */
  name: string;
  /** Whether the result came from the cache. */
  cached: boolean;
  /** When it started; undefined if it has not. A step may start several times. */
  started: Date | undefined;
  /** When it completed; undefined if it has not. */
  completed: Date | undefined;
  /** Why it failed; empty if it has not. A step may fail without failing the build, such as an import of a cache. */
  error: string;
}

/** A part of a step of a BuildKit build, such as the download of a layer. @category Progress */
export interface BuildVertexStatus {
  /** Its name, unique in the step. */
  id: string;
  /** Digest of the step. */
  vertex: string;
  /** Its activity. Often empty. */
  name: string;
  /** Completed amount, usually in bytes. */
  current: number;
  /** Total amount; 0 if unknown. */
  total: number;
  /** When it started; undefined if it has not. */
  started: Date | undefined;
  /** When it completed; undefined if it has not. */
  completed: Date | undefined;
}

/** Output of a step of a BuildKit build. @category Progress */
export interface BuildVertexLog {
  /** Digest of the step. */
  vertex: string;
  /** When it was written. */
  timestamp: Date | undefined;
  /** The stream that it was written to: 1 for the standard output, 2 for the standard error. */
  stream: number;
  /** The output. It may begin and end anywhere in a line, or in a character. */
  data: Buffer;
}

/** A warning about a Dockerfile. @category Progress */
export interface BuildWarning {
  /** Digest of the step. */
  vertex: string;
  /** The warning in a sentence. */
  message: string;
  /** Explanations. */
  detail: string[];
  /** Address of the documentation. Empty if there is none. */
  url: string;
  /** Name of the Dockerfile; undefined if the warning is not about a place in it. */
  file: string | undefined;
  /** First line, starting at 1; undefined if it is not about a place in the Dockerfile. */
  line: number | undefined;
}

/** The changes of a BuildKit build since the previous message. Merge steps by `digest`, and their parts by `id`. @category Progress */
export interface BuildTrace {
  /** The steps that changed. */
  vertexes: BuildVertex[];
  /** The parts of steps that changed. */
  statuses: BuildVertexStatus[];
  /** New output. */
  logs: BuildVertexLog[];
  /** New warnings. */
  warnings: BuildWarning[];
}

/** The place in a Dockerfile where a build failed. @category Progress */
export interface BuildSourcePlace {
  /** Name of the Dockerfile. */
  readonly file: string;
  /** First line, starting at 1. */
  readonly line: number;
  /** Last line. */
  readonly endLine: number;
  /** The lines and some around them, as the docker command prints them. */
  readonly excerpt: string;
}
