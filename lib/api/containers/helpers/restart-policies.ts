import { type RestartPolicy, RestartPolicyName } from "../../../types/host-config.js";

/**
 * Returns the policy that always restarts a container, including when the engine starts.
 *
 * @category Helpers
 */
export function alwaysRestart(): RestartPolicy {
  return { Name: RestartPolicyName.Always };
}

/**
 * Returns the policy that restarts a container, including when the engine starts, unless the container was stopped manually.
 *
 * @category Helpers
 */
export function restartUnlessStopped(): RestartPolicy {
  return { Name: RestartPolicyName.UnlessStopped };
}

/**
 * Returns the policy that restarts a container when it exits with an error.
 *
 * @param maximumRetryCount - maximum number of restarts. Defaults to 0, which means no limit.
 * @category Helpers
 */
export function restartOnFailure(maximumRetryCount = 0): RestartPolicy {
  return { Name: RestartPolicyName.OnFailure, MaximumRetryCount: maximumRetryCount };
}

/**
 * Returns the policy that never restarts a container.
 *
 * @category Helpers
 */
export function neverRestart(): RestartPolicy {
  return { Name: RestartPolicyName.No };
}
