import type { FailedTask, NotConvergedReason } from "../../errors/wait-errors.js";
import { type Service, UpdateState } from "../../types/service.js";
import { type Task, TaskState } from "../../types/task.js";
import { RestartCondition } from "../../types/task-spec.js";

/** Default of `UpdateConfig.Monitor`, the time for which managers monitor the tasks of an update, in milliseconds. */
const MONITOR = 5000;

/** A snapshot of a service. */
export interface ServiceLook {
  /** The service. */
  service: Service;
  /** The tasks of the service that match its current spec, including tasks that have ended. */
  current: readonly Task[];
  /** All tasks of the service if its spec does not set their number; otherwise the same as `current`. */
  all: readonly Task[];
}

/** The result of judging a snapshot: a failure, the tasks of a converged service, or undefined if it is too early to decide. */
export type Verdict = { failure: NotConvergedReason } | { tasks: readonly Task[] } | undefined;

/** Whether a service is a job, so that its tasks are expected to complete. */
export const isJob = ({ Spec: { Mode } }: Service): boolean => Mode?.ReplicatedJob !== undefined || Mode?.GlobalJob !== undefined;

/** Whether a service runs one task on each suitable node. */
export const isGlobal = ({ Spec: { Mode } }: Service): boolean => Mode?.Global !== undefined || Mode?.GlobalJob !== undefined;

/** Identifies the slot of a task, which is the node for a global service. A task replaces the previous task in its slot. */
const placeOf = (service: Service, { Slot = 0, NodeID = "" }: Task): string => (isGlobal(service) ? NodeID : String(Slot));

/** Whether a task has failed. Completing is a failure too, unless the service is a job. */
function hasFailed(service: Service, { Status: { State } }: Task): boolean {
  if (State === TaskState.Complete) return !isJob(service);
  return State === TaskState.Failed || State === TaskState.Rejected;
}

/** Whether a task is supposed to run, now or after the task that it replaces has ended. */
const isWanted = ({ DesiredState }: Task): boolean => DesiredState === TaskState.Running || DesiredState === TaskState.Ready;

const isLater = (one: Task, other: Task): boolean => one.CreatedAt > other.CreatedAt;

/** Returns the tasks that have been replaced by newer tasks. */
function replaced({ service, current }: ServiceLook): Task[] {
  return current.filter((task) =>
    current.some((other) => placeOf(service, other) === placeOf(service, task) && isLater(other, task)),
  );
}

/** Returns the required number of tasks: the number in the spec, or the number of nodes that should run a task. */
function wantedTasks(look: ServiceLook): number {
  const { service, current, all } = look;
  const { Replicated, ReplicatedJob } = service.Spec.Mode ?? {};
  if (ReplicatedJob) return ReplicatedJob.TotalCompletions ?? ReplicatedJob.MaxConcurrent ?? 1;
  if (!isGlobal(service)) return Replicated?.Replicas ?? 1;
  // a node whose task failed and was not replaced also counts
  const past = replaced(look);
  const gaps = current.filter((task) => hasFailed(service, task) && !past.includes(task));
  return new Set((isJob(service) ? current : [...all.filter(isWanted), ...gaps]).map(({ NodeID }) => NodeID)).size;
}

/** Returns the tasks that count towards the required number: running tasks or, for a job, completed tasks. */
function goodTasks({ service, current }: ServiceLook): Task[] {
  if (isJob(service)) return current.filter(({ Status }) => Status.State === TaskState.Complete);
  return current.filter(({ Status, DesiredState }) => Status.State === TaskState.Running && DesiredState === TaskState.Running);
}

/**
 * Returns the number of failed tasks in one slot at which the service counts as failed. This is less than `most` if the restart
 * policy allows fewer replacements.
 */
function failuresAllowed(service: Service, failed: readonly Task[], most: number): number {
  const { Condition, MaxAttempts } = service.Spec.TaskTemplate?.RestartPolicy ?? {};
  const isReplaced = ({ Status }: Task): boolean =>
    Condition !== RestartCondition.None && !(Condition === RestartCondition.OnFailure && Status.State === TaskState.Complete);
  if (!failed.every(isReplaced)) return 1;
  return MaxAttempts ? Math.min(most, MaxAttempts + 1) : most;
}

/**
 * Returns the task that best explains why a service has not converged: the last failed task or, if no task has failed, the last
 * task with an error.
 *
 * @param tasks - the tasks to choose from.
 */
export function mostRelevantTask(service: Service, tasks: readonly Task[]): FailedTask | undefined {
  const failed = tasks.filter((task) => hasFailed(service, task));
  const waiting = tasks.filter(({ Status }) => Status.Err);
  const [task] = (failed.length > 0 ? failed : waiting).toSorted((one, other) => (isLater(one, other) ? -1 : 1));
  if (task === undefined) return undefined;
  const { State = "", Err, Message = "", ContainerStatus } = task.Status;
  const exitCode = State === TaskState.Complete ? 0 : ContainerStatus?.ExitCode || undefined;
  return { id: task.ID, state: State, error: Err || Message, exitCode };
}

/** Decides from successive snapshots whether a service has converged or has failed to converge. */
export class Convergence {
  readonly #maxFailures: number;
  readonly #stableFor: number | undefined;
  /** Tasks that were replaced before the first snapshot. */
  #replacedBefore: ReadonlySet<string> | undefined;
  #wasUpdating = false;
  /** The tasks that currently satisfy the spec, and the time at which they were first seen. */
  #stable: { tasks: string; since: number } | undefined;

  /**
   * @param maxFailures - number of failed tasks in one slot at which the service counts as failed.
   * @param stableFor - how long the tasks must run, in milliseconds. Defaults to the time for which managers monitor an update.
   */
  constructor(maxFailures: number, stableFor: number | undefined) {
    this.#maxFailures = maxFailures;
    this.#stableFor = stableFor;
  }

  /**
   * Evaluates the next snapshot.
   *
   * @param now - the time of the snapshot in milliseconds, from a monotonic clock.
   */
  judge(look: ServiceLook, now: number): Verdict {
    const { service } = look;
    this.#replacedBefore ??= new Set(replaced(look).map(({ ID }) => ID));
    // an automatic rollback removes the previous spec; a requested rollback keeps one
    const isUndone = service.PreviousSpec === undefined;
    switch (service.UpdateStatus?.State) {
      case UpdateState.Paused:
        return { failure: "update-paused" };
      case UpdateState.RollbackPaused:
        return { failure: "rollback-paused" };
      case UpdateState.RollbackCompleted:
        if (isUndone) return { failure: "rolled-back" };
        break;
      case UpdateState.Updating:
      case UpdateState.RollbackStarted:
        // during an update, the managers handle failures
        this.#wasUpdating = true;
        return undefined;
    }
    const tasks = goodTasks(look);
    if (tasks.length === wantedTasks(look)) return this.#isStable(look, tasks, now) ? { tasks } : undefined;
    this.#stable = undefined;
    return this.#failsTooOften(look) ? { failure: "tasks-failed" } : undefined;
  }

  #isStable({ service }: ServiceLook, tasks: readonly Task[], now: number): boolean {
    // a completed job cannot change any more, and an update ends only after the managers have monitored its tasks
    if (tasks.length > 0 && (isJob(service) || this.#wasUpdating)) return true;
    const names = tasks.map(({ ID }) => ID).join();
    if (this.#stable?.tasks !== names) this.#stable = { tasks: names, since: now };
    const { Monitor } = service.Spec.UpdateConfig ?? {};
    const watched = Monitor ? Monitor / 1e6 : MONITOR;
    // a global service without tasks may not have been scheduled yet
    const time = tasks.length === 0 && isGlobal(service) ? Math.max(watched, MONITOR) : (this.#stableFor ?? watched);
    return now - this.#stable.since >= time;
  }

  #failsTooOften({ service, current }: ServiceLook): boolean {
    const failed = current.filter((task) => hasFailed(service, task) && !this.#replacedBefore?.has(task.ID));
    const inPlaces = new Map<string, Task[]>();
    for (const task of failed) {
      const place = placeOf(service, task);
      inPlaces.set(place, [...(inPlaces.get(place) ?? []), task]);
    }
    return [...inPlaces.values()].some((some) => some.length >= failuresAllowed(service, some, this.#maxFailures));
  }
}
