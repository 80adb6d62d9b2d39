import type { FailedTask, NotConvergedReason } from "../../errors/wait-errors.js";
import { type Service, UpdateState } from "../../types/service.js";
import { type Task, TaskState } from "../../types/task.js";
import { RestartCondition } from "../../types/task-spec.js";

/** For how long managers watch the tasks of an update, in milliseconds, where the service does not say. */
const MONITOR = 5000;

/** One look at a service. */
export interface ServiceLook {
  /** The service. */
  service: Service;
  /** Its tasks that are as it now wants them, those that have ended among them. */
  current: readonly Task[];
  /** All of its tasks, where their number is not that of the spec; else the same. */
  all: readonly Task[];
}

/** What a look at a service comes to: what is wrong, the tasks that make it what it is to be, or nothing yet. */
export type Verdict = { failure: NotConvergedReason } | { tasks: readonly Task[] } | undefined;

/** Whether a service is a job, whose tasks end. */
export const isJob = ({ Spec: { Mode } }: Service): boolean => Mode?.ReplicatedJob !== undefined || Mode?.GlobalJob !== undefined;

/** Whether a service has one task for each node that suits. */
export const isGlobal = ({ Spec: { Mode } }: Service): boolean => Mode?.Global !== undefined || Mode?.GlobalJob !== undefined;

/** The place of a task in its service: where one task takes the place of another. */
const placeOf = (service: Service, { Slot = 0, NodeID = "" }: Task): string => (isGlobal(service) ? NodeID : String(Slot));

/** Whether a task has ended as it was not to. */
function hasFailed(service: Service, { Status: { State } }: Task): boolean {
  if (State === TaskState.Complete) return !isJob(service);
  return State === TaskState.Failed || State === TaskState.Rejected;
}

/** Whether a task is to run, or will be when the one before it in its place has ended. */
const isWanted = ({ DesiredState }: Task): boolean => DesiredState === TaskState.Running || DesiredState === TaskState.Ready;

const isLater = (one: Task, other: Task): boolean => one.CreatedAt > other.CreatedAt;

/** Tasks whose place another one has taken. */
function replaced({ service, current }: ServiceLook): Task[] {
  return current.filter((task) =>
    current.some((other) => placeOf(service, other) === placeOf(service, task) && isLater(other, task)),
  );
}

/** How many tasks there must be: what the service says, else one for each node that is to have some. */
function wantedTasks(look: ServiceLook): number {
  const { service, current, all } = look;
  const { Replicated, ReplicatedJob } = service.Spec.Mode ?? {};
  if (ReplicatedJob) return ReplicatedJob.TotalCompletions ?? ReplicatedJob.MaxConcurrent ?? 1;
  if (!isGlobal(service)) return Replicated?.Replicas ?? 1;
  // where one has failed and none takes its place there should be one all the same
  const past = replaced(look);
  const gaps = current.filter((task) => hasFailed(service, task) && !past.includes(task));
  return new Set((isJob(service) ? current : [...all.filter(isWanted), ...gaps]).map(({ NodeID }) => NodeID)).size;
}

/** The tasks that count: those that run, or of a job those that have succeeded. */
function goodTasks({ service, current }: ServiceLook): Task[] {
  if (isJob(service)) return current.filter(({ Status }) => Status.State === TaskState.Complete);
  return current.filter(({ Status, DesiredState }) => Status.State === TaskState.Running && DesiredState === TaskState.Running);
}

/** How many tasks of one place may fail: fewer than the caller has said where the swarm does not replace as many. */
function failuresAllowed(service: Service, failed: readonly Task[], most: number): number {
  const { Condition, MaxAttempts } = service.Spec.TaskTemplate?.RestartPolicy ?? {};
  const isReplaced = ({ Status }: Task): boolean =>
    Condition !== RestartCondition.None && !(Condition === RestartCondition.OnFailure && Status.State === TaskState.Complete);
  if (!failed.every(isReplaced)) return 1;
  return MaxAttempts ? Math.min(most, MaxAttempts + 1) : most;
}

/**
 * The task that tells best why a service is not as it was to be: the one that failed last, else one that waits for a reason.
 *
 * @param tasks - those that come into question.
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

/** Looks at a service again and again, and says when it is what it is to be, or when it will not be. */
export class Convergence {
  readonly #maxFailures: number;
  readonly #stableFor: number | undefined;
  /** Tasks that had failed and been replaced before the first look. */
  #replacedBefore: ReadonlySet<string> | undefined;
  #wasUpdating = false;
  /** Since when which tasks have made the service what it is to be. */
  #stable: { tasks: string; since: number } | undefined;

  /**
   * @param maxFailures - after how many failures in one place it will not be.
   * @param stableFor - for how many milliseconds it must be; by default for as long as updates of the service are watched.
   */
  constructor(maxFailures: number, stableFor: number | undefined) {
    this.#maxFailures = maxFailures;
    this.#stableFor = stableFor;
  }

  /**
   * Judges by one more look.
   *
   * @param now - the time in milliseconds, from any point on.
   */
  judge(look: ServiceLook, now: number): Verdict {
    const { service } = look;
    this.#replacedBefore ??= new Set(replaced(look).map(({ ID }) => ID));
    // what the managers undo by themselves has nothing to go back to afterwards
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
        // the managers decide what failures mean
        this.#wasUpdating = true;
        return undefined;
    }
    const tasks = goodTasks(look);
    if (tasks.length === wantedTasks(look)) return this.#isStable(look, tasks, now) ? { tasks } : undefined;
    this.#stable = undefined;
    return this.#failsTooOften(look) ? { failure: "tasks-failed" } : undefined;
  }

  #isStable({ service }: ServiceLook, tasks: readonly Task[], now: number): boolean {
    // jobs are done; an update is only over when the managers have watched its tasks for a while
    if (tasks.length > 0 && (isJob(service) || this.#wasUpdating)) return true;
    const names = tasks.map(({ ID }) => ID).join();
    if (this.#stable?.tasks !== names) this.#stable = { tasks: names, since: now };
    const { Monitor } = service.Spec.UpdateConfig ?? {};
    const watched = Monitor ? Monitor / 1e6 : MONITOR;
    // a service that is to have a task on every node has none, too, before the managers have seen it
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
