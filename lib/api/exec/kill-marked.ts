import { setTimeout as sleep } from "node:timers/promises";
import type { CallOptions } from "../../core/call-options.js";
import { ContainerNotRunningError, NoSuchContainerError } from "../../errors/container-errors.js";
import type { ExecInspect } from "../../types/exec.js";
import type ExecStartMixin from "./start.js";

/** Name of the variable that marks a command and its children, so that they can be found among a container's processes. */
export const MARKER = "TSDC_EXEC";

/** Exit status of the script when there was nothing to kill. */
const NOTHING_FOUND = 3;

/**
 * Kills every process of a container that carries a marker in its environment, and what came of such a process, for a child
 * may have emptied its environment: its children, and what is in the session that it leads. The marker is the script's
 * first argument.
 *
 * An engine tells of a command's process only the number on the host, which means nothing in the container. The shell alone
 * does the work, since an image may have no other program; its `read` drops the zeros between variables. Processes are
 * stopped as they are found, so that they cannot fork while others are looked for.
 */
const killScript = `
marker=$1 killed=
status_of() {
  read -r line < "/proc/$1/stat" && set -- \${line##*) } && state=$1 parent=$2 session=$4 && [ "$state" != Z ]
}
is_marked() {
  while IFS= read -r text || [ -n "$text" ]; do
    case $text in *"$marker"*) return 0;; esac
  done < "/proc/$1/environ"
  return 1
}
came_of_one() {
  case $leaders in *" $session "*) return 0;; esac
  case $found in *" $parent "*) return 0;; esac
  return 1
}
for round in 1 2 3 4 5; do
  found=" " leaders=" "
  for folder in /proc/[0-9]*; do
    pid=\${folder#/proc/}
    if status_of "$pid" && is_marked "$pid"; then
      kill -STOP "$pid"
      found="$found$pid "
      if [ "$session" = "$pid" ]; then leaders="$leaders$pid "; fi
    fi
  done
  [ "$found" != " " ] || break
  more=1
  while [ -n "$more" ]; do
    more=
    for folder in /proc/[0-9]*; do
      pid=\${folder#/proc/}
      case $found in *" $pid "*) continue;; esac
      if status_of "$pid" && came_of_one; then
        kill -STOP "$pid"
        found="$found$pid "
        more=1
      fi
    done
  done
  kill -KILL $found
  killed=1
done 2>/dev/null
[ -n "$killed" ] || exit ${NOTHING_FOUND}
`;

/** Milliseconds that killing may take. */
const KILL_TIME = 5000;

/**
 * Waits until a command whose output has ended has an exit code: its process may go on, and the engine takes a moment to
 * learn of its end.
 */
export async function waitForExit(client: ExecStartMixin, id: string, call: CallOptions): Promise<ExecInspect> {
  for (let pause = 10; ; pause = Math.min(pause * 2, 1000)) {
    const found = await client.inspectExec({ id }, call);
    if (!found.Running && found.ExitCode !== null) return found;
    await sleep(pause, undefined, { signal: call.signal });
  }
}

/**
 * Kills a command by its marker, with another command in the same container that runs as the same user.
 *
 * @param command - the command.
 * @param marker - the marker, as it stands in the command's environment.
 * @param id - ID of the command's exec instance, whose connection should still stand.
 * @returns undefined when it does not run any more; otherwise why it may still run.
 */
export async function killMarked(
  client: ExecStartMixin,
  command: { container: string; user?: string | undefined; privileged?: boolean | undefined },
  marker: string,
  id: string,
): Promise<string | undefined> {
  const { container, user, privileged } = command;
  const call = { signal: AbortSignal.timeout(KILL_TIME) };
  try {
    const created = await client.createExec({ container, user, privileged, cmd: ["sh", "-c", killScript, "sh", marker] }, call);
    await client.startExec({ id: created.Id, tty: false }, call);
    const { ExitCode } = await waitForExit(client, created.Id, call);
    if (ExitCode === 0) return undefined;
    if (ExitCode !== NOTHING_FOUND) return "the container has no shell to kill it with";
    return (await client.inspectExec({ id }, call)).Running ? "it was not found among the container's processes" : undefined;
  } catch (error) {
    // with its container it is gone too
    if (error instanceof ContainerNotRunningError || error instanceof NoSuchContainerError) return undefined;
    if (call.signal.aborted) return `killing it took longer than ${KILL_TIME} ms`;
    return error instanceof Error ? error.message : String(error);
  }
}
