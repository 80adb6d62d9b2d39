import { controlGroups, machineState } from "../../support/machine-state.js";
import { EngineProcess, StartFailure } from "../process.js";
import { Random } from "../random.js";
import type { Report } from "../report.js";
import { checkEnd, checkLog, checkRunning } from "./checks.js";
import { startCrew } from "./crew.js";

/** The longest time from the start of one engine to its end, in milliseconds. */
const LONGEST_LIFE = 1_500;

/** Kills an engine under containers that are processes of the machine, and checks that the next one has them as they were. */
export async function adoption(dataRoot: string, kills: number, seed: number, report: Report): Promise<void> {
  const random = new Random(seed);
  const state = (): string => JSON.stringify({ ...machineState(), groups: controlGroups() });
  const before = state();
  const start = (): Promise<EngineProcess> => EngineProcess.start(dataRoot, { executor: "oci" });
  let engine: EngineProcess;
  try {
    engine = await start();
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error;
    report.note(`left out: ${error.message}`);
    return;
  }
  try {
    const members = await startCrew(engine.client);
    for (let round = 1; round <= kills; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, random.below(LONGEST_LIFE)));
      await engine.kill();
      engine = await start();
      report.restarted(engine.start);
      const since = Date.now();
      const { client } = engine;
      const found = await Promise.all(
        members.map(async (member) => ({ member, faults: await checkRunning(client, member, round, since) })),
      );
      for (const { member, faults } of found)
        for (const fault of faults) report.fault(`kill ${round}: a container that ${member.duty} ${fault}`);
      report.progress(`kill ${round}: ${members.length} containers`);
    }
    let [lines, lost, widest] = [0, 0, 0];
    for (const member of members) {
      const faults = await checkEnd(engine.client, member);
      if (member.duty === "writes") {
        const checked = await checkLog(engine.client, member.id, kills);
        faults.push(...checked.faults);
        lines += checked.count.lines;
        lost += checked.count.lost;
        widest = Math.max(widest, checked.count.widest);
      }
      for (const fault of faults) report.fault(`a container that ${member.duty} ${fault}`);
      await engine.client.removeContainer({ id: member.id, force: true, removeVolumes: true });
    }
    report.note(`${members.length} containers adopted after each of ${kills} kills`);
    report.note(`${lines} lines in the logs, ${lost} lost between pipe and log, at most ${widest} bytes of a container at once`);
    if (engine.stderr !== "") report.fault(engine.stderr);
  } finally {
    await engine.kill("SIGTERM"); // ends the containers too
  }
  const after = state();
  if (after !== before) report.fault(`the machine is not as it was: ${after}`);
}
