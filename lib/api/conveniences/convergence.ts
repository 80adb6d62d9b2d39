import type { FailedTask, NotConvergedReason } from "../../errors/wait-errors.js";
import { type Service, UpdateState } from "../../types/service.js";
import { type Task, TaskState } from "../../types/task.js";
import { RestartCondition } from "../../types/task-spec.js";

/** Default of `UpdateConfig.Monitor`, for which managers watch the tasks of an update. In milliseconds. */
const MONITOR = 5000;

/** A snapshot of a service. */
export interface ServiceLook {
  /** The service. */
  service: Service;
  /** Its tasks that match the current spec, including ended ones. */
  current: readonly Task[];
  /** All of its tasks if the spec does not set their number; otherwise the same as `current`. */
  all: readonly Task[];
}

/** The verdict on a snapshot: a failure, the tasks of a converged service, or undefined while undecided. */
export type Verdict = { failure: NotConvergedReason } | { tasks: readonly Task[] } | undefined;

/** Whether a service is a job, whose tasks end. */
export const isJob = ({ Spec: { Mode } }: Service): boolean => Mode?.ReplicatedJob !== undefined || Mode?.GlobalJob !== undefined;

/** Whether a service has one task on each suitable node. */
export const isGlobal = ({ Spec: { Mode } }: Service): boolean => Mode?.Global !== undefined || Mode?.GlobalJob !== undefined;

/** The slot of a task in its service, in which one task replaces another. */
const placeOf = (service: Service, { Slot = 0, NodeID = "" }: Task): string => (isGlobal(service) ? NodeID : String(Slot));

/** Whether a task has failed; a task that is not of a job fails by completing, too. */
function hasFailed(service: Service, { Status: { State } }: Task): boolean {
  if (State === TaskState.Complete) return !isJob(service);
  return State === TaskState.Failed || State === TaskState.Rejected;
}

/** Whether a task should run, now or once its predecessor has ended. */
const isWanted = ({ DesiredState }: Task): boolean => DesiredState === TaskState.Running || DesiredState === TaskState.Ready;

const isLater = (one: Task, other: Task): boolean => one.CreatedAt > other.CreatedAt;

/** Tasks that newer tasks have replaced. */
function replaced({ service, current }: ServiceLook): Task[] {
  return current.filter((task) =>
    current.some((other) => placeOf(service, other) === placeOf(service, task) && isLater(other, task)),
  );
}

/** The number of tasks required: as the service says, or one for each node that should have one. */
function wantedTasks(look: ServiceLook): number {
  const { service, current, all } = look;
  const { Replicated, ReplicatedJob } = service.Spec.Mode ?? {};
  if (ReplicatedJob) return ReplicatedJob.TotalCompletions ?? ReplicatedJob.MaxConcurrent ?? 1;
  if (!isGlobal(service)) return Replicated?.Replicas ?? 1;
  // a node whose task failed and was not replaced should have one, too
  const past = replaced(look);
  const gaps = current.filter((task) => hasFailed(service, task) && !past.includes(task));
  return new Set((isJob(service) ? current : [...all.filter(isWanted), ...gaps]).map(({ NodeID }) => NodeID)).size;
}

/** The tasks that count: running ones or, for a job, completed ones. */
function goodTasks({ service, current }: ServiceLook): Task[] {
  if (isJob(service)) return current.filter(({ Status }) => Status.State === TaskState.Complete);
  return current.filter(({ Status, DesiredState }) => Status.State === TaskState.Running && DesiredState === TaskState.Running);
}

/** The failures in one slot that mean failure: fewer than `most` when the swarm does not replace that many tasks. */
function failuresAllowed(service: Service, failed: readonly Task[], most: number): number {
  const { Condition, MaxAttempts } = service.Spec.TaskTemplate?.RestartPolicy ?? {};
  const isReplaced = ({ Status }: Task): boolean =>
    Condition !== RestartCondition.None && !(Condition === RestartCondition.OnFailure && Status.State === TaskState.Complete);
  if (!failed.every(isReplaced)) return 1;
  return MaxAttempts ? Math.min(most, MaxAttempts + 1) : most;
}

/**
 * Returns the task that best explains why a service has not converged: the last one that failed, or else a pending one with
 * an error.
 *
 * @param tasks - the candidates.
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

/** Decides from successive snapshots whether a service has converged or failed to. */
export class Convergence {
  readonly #maxFailures: number;
  readonly #stableFor: number | undefined;
  /** Tasks that were replaced before the first snapshot. */
  #replacedBefore: ReadonlySet<string> | undefined;
  #wasUpdating = false;
  /** The tasks with which the service meets its spec, and since when. */
  #stable: { tasks: string; since: number } | undefined;

  /**
   * @param maxFailures - number of failures in one slot that means failure.
   * @param stableFor - how long the tasks must run, in milliseconds; by default as long as managers watch an update.
   */
  constructor(maxFailures: number, stableFor: number | undefined) {
    this.#maxFailures = maxFailures;
    this.#stableFor = stableFor;
  }

  /**
   * Judges the next snapshot.
   *
   * @param now - the time in milliseconds, on any monotonic clock.
   */
  judge(look: ServiceLook, now: number): Verdict {
    const { service } = look;
    this.#replacedBefore ??= new Set(replaced(look).map(({ ID }) => ID));
    // an automatic rollback leaves no previous spec; one by hand does
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
        // the managers handle failures
        this.#wasUpdating = true;
        return undefined;
    }
    const tasks = goodTasks(look);
    if (tasks.length === wantedTasks(look)) return this.#isStable(look, tasks, now) ? { tasks } : undefined;
    this.#stable = undefined;
    return this.#failsTooOften(look) ? { failure: "tasks-failed" } : undefined;
  }

  #isStable({ service }: ServiceLook, tasks: readonly Task[], now: number): boolean {
    // a complete job is final, and an update ends only after the managers have watched its tasks
    if (tasks.length > 0 && (isJob(service) || this.#wasUpdating)) return true;
    const names = tasks.map(({ ID }) => ID).join();
    if (this.#stable?.tasks !== names) this.#stable = { tasks: names, since: now };
    const { Monitor } = service.Spec.UpdateConfig ?? {};
    const watched = Monitor ? Monitor / 1e6 : MONITOR;
    // a global service has no tasks either before the managers have scheduled it
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
