import { readAnswer } from "../../core/answers/read.js";
import type { CallOptions } from "../../core/call-options.js";
import { Deadline } from "../../core/deadline.js";
import { ContainerNotRunningError, NoSuchContainerError } from "../../errors/container-errors.js";
import type { ExecInspect } from "../../types/exec.js";
import { sleep } from "../../wire/clock.js";
import { errorMessage } from "../../wire/realm.js";
import type ExecStartMixin from "./start.js";

/** Environment variable that identifies a command and its children among a container's processes. */
export const MARKER = "TSDC_EXEC";

/** Exit code of the script if there was nothing to kill. */
const NOTHING_FOUND = 3;

/**
 * Kills all processes in a container that have the marker in their environment. Also kills their child processes and the
 * members of sessions that they lead, because those may have cleared their environment. The marker is the script's first
 * argument.
 *
 * The script searches for processes because engines report only the process ID on the host, which does not apply inside the
 * container. It uses only shell built-ins, because an image may have no other programs; `read` drops the zero bytes between
 * variables. Each process is stopped when it is found, so that it cannot fork during the search.
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
is_descendant() {
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
      if status_of "$pid" && is_descendant; then
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

/** Timeout for killing a command, in milliseconds. */
const KILL_TIME = 5000;

/**
 * Waits for the exit code of a command whose output has ended. The process may still be running, and the engine needs a moment
 * to notice that it has exited.
 */
export async function waitForExit(client: ExecStartMixin, id: string, call: CallOptions): Promise<ExecInspect> {
  for (let pause = 10; ; pause = Math.min(pause * 2, 1000)) {
    const found = await client.inspectExec({ id }, call);
    const hasEnded = readAnswer("inspectExec", client.endpoint, () => !found.Running && found.ExitCode !== null);
    if (hasEnded) return found;
    await sleep(pause, undefined, { signal: call.signal });
  }
}

/**
 * Kills a command by its marker, using a second command that runs in the same container as the same user.
 *
 * @param command - the command to kill.
 * @param marker - the marker in the command's environment.
 * @param id - ID of the command's exec instance. Its connection should still be open, because otherwise engines report that the
 * command has exited.
 * @returns undefined if the command is no longer running; otherwise the reason why it may still be running.
 */
export async function killMarked(
  client: ExecStartMixin,
  command: { container: string; user?: string | undefined; privileged?: boolean | undefined },
  marker: string,
  id: string,
): Promise<string | undefined> {
  const { container, user, privileged } = command;
  using deadline = new Deadline(KILL_TIME, undefined);
  const call = { signal: deadline.signal };
  try {
    const created = await client.createExec({ container, user, privileged, cmd: ["sh", "-c", killScript, "sh", marker] }, call);
    await (await client.startExecNonBlocking({ id: created.Id, tty: false }, call)).ended();
    const { ExitCode } = await waitForExit(client, created.Id, call);
    if (ExitCode === 0) return undefined;
    if (ExitCode !== NOTHING_FOUND) return "the container has no shell to kill it with";
    const found = await client.inspectExec({ id }, call);
    const isRunning = readAnswer("inspectExec", client.endpoint, () => found.Running);
    return isRunning ? "it was not found among the container's processes" : undefined;
  } catch (error) {
    // the command ended when its container stopped
    if (error instanceof ContainerNotRunningError || error instanceof NoSuchContainerError) return undefined;
    if (call.signal.aborted) return `killing it took longer than ${KILL_TIME} ms`;
    return errorMessage(error);
  }
}
