import { type RestartPolicy, RestartPolicyName } from "../../../types/host-config.js";

/**
 * Makes the policy by which a container starts again whenever it ends, and when the engine starts.
 *
 * @category Containers
 */
export function alwaysRestart(): RestartPolicy {
  return { Name: RestartPolicyName.Always };
}

/**
 * Makes the policy by which a container starts again whenever it ends, and when the engine starts unless it was stopped before.
 *
 * @category Containers
 */
export function restartUnlessStopped(): RestartPolicy {
  return { Name: RestartPolicyName.UnlessStopped };
}

/**
 * Makes the policy by which a container starts again when it has failed.
 *
 * @param maximumRetryCount - after how many restarts the engine gives up; 0, the default, for never.
 * @category Containers
 */
export function restartOnFailure(maximumRetryCount = 0): RestartPolicy {
  return { Name: RestartPolicyName.OnFailure, MaximumRetryCount: maximumRetryCount };
}

/**
 * Makes the policy by which a container never starts again by itself.
 *
 * @category Containers
 */
export function neverRestart(): RestartPolicy {
  return { Name: RestartPolicyName.No };
}
