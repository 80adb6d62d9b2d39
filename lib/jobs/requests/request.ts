import type { JobBackEnd } from "../back-end.js";
import type { RequestIdentifier } from "../request-identifier.js";
import type { JobResponse } from "../response/job-response.js";
import type { Transitions } from "../transitions.js";

/** What a job runs with. @category Jobs */
export interface JobContext {
  /** Identity of the request. */
  readonly id: RequestIdentifier;
  /** Name of the caller, if it is known. */
  readonly user?: string | undefined;
  /** Where the job works. */
  readonly backEnd: JobBackEnd;
  /** Decides whether a container may be started, stopped or restarted now. */
  readonly transitions: Transitions;
  /** Decides whether the source of an environment may be read. */
  readonly mayFetch: (url: URL) => boolean;
  /** Aborted when the work must end. */
  readonly signal: AbortSignal;
}

/** A unit of work: a request, and how it is answered. @category Jobs */
export interface JobRequest<Data extends object | undefined = undefined> {
  /** Name of the request in geard, such as `InstallContainerRequest`. */
  readonly name: string;
  /** What is asked for. */
  readonly options: object;
  /**
   * Checks the request by itself.
   *
   * @throws {@link InvalidJobError} that says what is wrong with it.
   */
  check(): void;
  /** Does the work, and answers. What goes wrong is answered with `response.failure`. */
  execute(response: JobResponse, context: JobContext): Promise<void>;
  /** What the job is about, for people; undefined for jobs about nothing in particular. */
  label(): string | undefined;
  /** Whether the job never waits for the engine, and therefore not for other jobs either. */
  readonly isFast: boolean;
  /** What a second request with the same identifier gets: the outcome of the first, a run of its own, or neither. */
  readonly join: "attach" | "again" | "never";
  /** The value of the response: no request has this member, which types alone see. */
  readonly data?: Data;
}
