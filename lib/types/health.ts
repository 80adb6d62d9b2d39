/**
 * What the health checks of a container say.
 *
 * @enum
 * @category Containers
 */
export const HealthStatus = {
  /** The container has no health check. */
  None: "none",
  /** No check has succeeded yet, and there is still time. */
  Starting: "starting",
  /** The last check succeeded. */
  Healthy: "healthy",
  /** As many checks as `Retries` says have failed in a row. */
  Unhealthy: "unhealthy",
} as const;

/** What the health checks of a container say. @category Containers */
export type HealthStatus = (typeof HealthStatus)[keyof typeof HealthStatus];

/** How a container's health is checked. What is left out, or `0`, comes from the image. @category Containers */
export interface HealthConfig {
  /**
   * The check: `["CMD", program, …]`, `["CMD-SHELL", line]`, or `["NONE"]` to have none. Empty to take the image's.
   */
  Test?: string[] | null;
  /** Time from one check to the next, in nanoseconds; at least a millisecond. */
  Interval?: number;
  /** Time after which a check counts as failed, in nanoseconds; at least a millisecond. */
  Timeout?: number;
  /** Failures in a row that make a container unhealthy. */
  Retries?: number;
  /** Time from the start during which failures do not count, in nanoseconds; at least a millisecond. API 1.29+. */
  StartPeriod?: number;
  /** Time from one check to the next during that period, in nanoseconds; at least a millisecond. API 1.44+. */
  StartInterval?: number;
}

/** One health check that was made. @category Containers */
export interface HealthcheckResult {
  /** When it began, in RFC 3339. */
  Start: string;
  /** When it ended, in RFC 3339. */
  End: string;
  /** Exit code: `0` healthy, `1` unhealthy, anything else a failure of the check itself. */
  ExitCode: number;
  /** The beginning of what it printed. */
  Output: string;
}

/** Health of a container, without the checks that were made. @category Containers */
export interface HealthSummary {
  /** What the checks say. */
  Status: HealthStatus | (string & {});
  /** How many checks have failed in a row. */
  FailingStreak: number;
}

/** Health of a container. @category Containers */
export interface Health extends HealthSummary {
  /** The last few checks, the oldest first. */
  Log: HealthcheckResult[] | null;
}
