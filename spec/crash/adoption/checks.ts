import type { Client } from "../../../lib/client.js";
import type { Member } from "./crew.js";
import { countLines, type LineCount } from "./numbered-lines.js";

/** The longest time that something of a container may take on a busy machine, in milliseconds. */
const PATIENCE = 60_000;

/** Matches no text. */
const NEVER = /$^/;

/** The bytes that a pipe holds, which is what may be lost between it and the log. */
const PIPE = 65_536;

/** Waits until something holds. Returns whether it ever did. */
async function holds(check: () => Promise<boolean>): Promise<boolean> {
  const end = performance.now() + PATIENCE;
  while (!(await check())) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}

/** Returns the log of a container. */
async function logOf(client: Client, id: string): Promise<string> {
  const { stdout } = await (await client.logs({ id, stdout: true, stderr: true })).collect();
  return stdout.toString();
}

/** Attaches to a container, sends a line if there is one, and waits for an answer. Returns whether it came. */
async function answers(client: Client, id: string, line: string | undefined, expected: RegExp): Promise<boolean> {
  await using attached = await client.attachToContainerNonBlocking({ container: id, stdin: line !== undefined });
  const timer = setTimeout(() => void attached.close(), PATIENCE);
  try {
    if (line !== undefined) attached.stdin.write(`${line}\n`);
    let text = "";
    for await (const { data } of attached) {
      text += data.toString();
      if (expected.test(text)) return true;
    }
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Checks that a container runs as it did, and that a client reaches it. Returns what is wrong.
 *
 * @param since - when the engine was started again.
 */
export async function checkRunning(client: Client, member: Member, round: number, since: number): Promise<string[]> {
  const { id, duty, pid, port } = member;
  const faults: string[] = [];
  const { State, NetworkSettings } = await client.inspectContainer({ id });
  if (!State.Running || State.Pid !== pid) return [`is ${State.Status} as process ${State.Pid}, and was ${pid}`];
  if (duty === "writes") {
    if (!(await answers(client, id, undefined, /line \d+ of many\n/))) faults.push("its output does not come");
    const known = NetworkSettings.Ports?.["80/tcp"]?.[0]?.HostPort;
    if (known !== port) faults.push(`has port ${known}, and had ${port}`);
    const page = await fetch(`http://127.0.0.1:${port}/page`).then((answer) => answer.text(), String);
    if (page !== "page\n") faults.push(`answers ${page} on its port`);
    const checked = await holds(async () => {
      const { Health } = (await client.inspectContainer({ id })).State;
      return Health?.Status === "healthy" && Health.Log.some(({ Start }) => Date.parse(Start) > since);
    });
    if (!checked) faults.push("its health is not checked any more");
  } else if (duty === "reads") {
    if (!(await answers(client, id, `word ${round}`, new RegExp(`got word ${round}\n`)))) faults.push("does not answer");
  } else {
    const rows = 20 + (round % 50);
    await client.resizeContainerTty({ id, height: rows, width: 70 });
    const expected = new RegExp(`got word ${round} at ${rows} 70\r\n`);
    if (!(await answers(client, id, `word ${round}`, expected))) faults.push("does not answer from its terminal");
  }
  return faults;
}

/** Tells a container to end and checks how it ended. Returns what is wrong. */
export async function checkEnd(client: Client, { id, duty, code, isRestarted }: Member): Promise<string[]> {
  const ended = async (): Promise<number> => {
    const end = duty === "writes" ? client.killContainer({ id, signal: "SIGTERM" }) : answers(client, id, "end", NEVER);
    const [{ statusCode }] = await Promise.all([client.waitContainer({ id }), end]);
    return statusCode;
  };
  const faults: string[] = [];
  for (let run = 0; run < (isRestarted ? 2 : 1); run += 1) {
    const status = await ended();
    if (status !== code) faults.push(`ended with ${status}, not ${code}`);
    if (run > 0 || !isRestarted) continue;
    const again = await holds(async () => {
      const { State, RestartCount } = await client.inspectContainer({ id });
      return State.Status === "running" && RestartCount === 1; // while it waits, it counts as running
    });
    if (!again) return [...faults, "is not started again"];
  }
  return faults;
}

/** Checks what the log of a container has, after a number of kills. Returns what it has lost, and what is wrong. */
export async function checkLog(client: Client, id: string, kills: number): Promise<{ count: LineCount; faults: string[] }> {
  const log = await logOf(client, id);
  const count = countLines(log);
  const faults: string[] = [];
  if (count.misplaced > 0) faults.push(`has ${count.misplaced} lines twice or in another order`);
  if (count.gaps > kills) faults.push(`has lost lines in ${count.gaps} places`);
  if (count.widest > PIPE) faults.push(`has lost ${count.widest} bytes at once`);
  const wrote = Number(/^wrote (\d+)$/m.exec(log)?.[1]);
  // told to end between counting and writing, it has written one line less
  const missing = wrote - count.lines - count.lost;
  if (missing !== 0 && missing !== 1) faults.push(`has lost its end: ${missing} of ${wrote} lines`);
  return { count, faults };
}
