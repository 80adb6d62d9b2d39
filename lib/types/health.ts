/**
 * Health status of a container.
 *
 * @enum
 * @category Containers
 */
export const HealthStatus = {
  /** The container has no health check. */
  None: "none",
  /** No check has succeeded yet, but the container still has time to become healthy. */
  Starting: "starting",
  /** The last check succeeded. */
  Healthy: "healthy",
  /** The last `Retries` checks failed. */
  Unhealthy: "unhealthy",
} as const;

/** Health status of a container. @category Containers */
export type HealthStatus = (typeof HealthStatus)[keyof typeof HealthStatus];

/**
 * Health check settings of a container. Omitted or `0` values are inherited from the image.
 *
 * @category Containers
 */
export interface HealthConfig {
  /**
   * The check: `["CMD", executable, …]`, `["CMD-SHELL", command]`, or `["NONE"]` to disable it. Empty to
   * inherit it from the image.
   */
  Test?: string[] | null;
  /** Time between checks, in nanoseconds; at least one millisecond. */
  Interval?: number;
  /** Time after which a check counts as failed, in nanoseconds; at least one millisecond. */
  Timeout?: number;
  /** Number of consecutive failures that make the container unhealthy. */
  Retries?: number;
  /**
   * Initial period in which failures do not count, in nanoseconds; at least one millisecond. Added in API
   * 1.29.
   */
  StartPeriod?: number;
  /** Time between checks during the start period, in nanoseconds; at least one millisecond. Added in API 1.44. */
  StartInterval?: number;
}

/** Result of a health check. @category Containers */
export interface HealthcheckResult {
  /** Start time, in RFC 3339 format. */
  Start: string;
  /** End time, in RFC 3339 format. */
  End: string;
  /** Exit code: `0` if healthy, `1` if unhealthy; any other value means that the check itself failed. */
  ExitCode: number;
  /** Output of the check, truncated. */
  Output: string;
}

/** Health of a container, without the results of individual checks. @category Containers */
export interface HealthSummary {
  /** Health status. */
  Status: HealthStatus | (string & {});
  /** Number of consecutive failures. */
  FailingStreak: number;
}

/** Health of a container. @category Containers */
export interface Health extends HealthSummary {
  /** Results of the most recent checks, oldest first. */
  Log: HealthcheckResult[];
}
