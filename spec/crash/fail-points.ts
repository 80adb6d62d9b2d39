import { rm } from "node:fs/promises";
import type { FailPoint } from "./fail-point.js";
import { Ledger } from "./ledger.js";
import { leftovers } from "./leftovers.js";
import { observe } from "./observe.js";
import { EngineProcess } from "./process.js";
import { startRegistry } from "./registry.js";
import type { Report } from "./report.js";
import { script } from "./script.js";

/**
 * Kills an engine before, amid and after each of its changes of the data root, from its start on, and checks what the next one shows.
 *
 * @param part - which of how many parts of the points are tried: `[0, 1]` for all.
 */
export async function failPoints(dataRoot: string, [part, parts]: readonly [number, number], report: Report): Promise<void> {
  const { registry, repositories } = await startRegistry(["s"]);
  const pulled = `${registry.address}/${repositories[0] ?? ""}:latest`;
  const whole = await EngineProcess.start(dataRoot, { counts: true });
  for (const refusal of await script(whole, new Ledger(), pulled)) report.fault(`refused without need: ${refusal}`);
  const changes = await whole.changes();
  await whole.kill();
  await rm(dataRoot, { recursive: true });
  report.note(`${changes.length} changes of the data root: ${countsOf(changes)}`);
  const points = changes.flatMap((change, index): FailPoint[] =>
    (["before", "amid", "after"] as const)
      .filter((when) => when !== "amid" || change.startsWith("write"))
      .map((when) => ({ at: index + 1, when })),
  );
  for (const [index, fail] of points.entries()) {
    if (index % parts !== part) continue;
    const place = `${fail.when} ${changes[fail.at - 1] ?? ""} ${fail.at}`;
    await failPoint(dataRoot, fail, pulled, (fault) => report.fault(`${place}: ${fault}`), report);
    report.progress(`${index + 1} of ${points.length}`);
    report.count("points");
    await rm(dataRoot, { recursive: true, force: true });
  }
  await registry.close();
}

async function failPoint(
  dataRoot: string,
  fail: FailPoint,
  pulled: string,
  fault: (text: string) => void,
  report: Report,
): Promise<void> {
  const ledger = new Ledger();
  const engine = await EngineProcess.start(dataRoot, { fail }).catch(() => undefined); // it ended amid its start
  if (engine) {
    await script(engine, ledger, pulled);
    if (ledger.interrupted === 0) report.count("points that another order of events left out");
    await engine.kill();
  }
  const again = await EngineProcess.start(dataRoot);
  report.restarted(again.start);
  const left = await leftovers(again.client, dataRoot);
  const { states, faults } = await observe(again.client, ledger);
  for (const text of [...left, ...faults, ...ledger.settle(states)]) fault(text);
  await again.kill();
}

function countsOf(changes: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const change of changes) counts.set(change, (counts.get(change) ?? 0) + 1);
  return [...counts].map(([change, count]) => `${change} ${count}`).join(", ");
}
