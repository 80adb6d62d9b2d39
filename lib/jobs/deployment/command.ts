import { Client } from "../../index.js";
import { chooseBackEnd } from "../choose-back-end.js";
import type { DeployCommand } from "../command-line.js";
import { Dispatcher } from "../dispatcher.js";
import { JobError } from "../errors.js";
import { JobClient } from "../job-client.js";
import { listContainersRequest } from "../requests/lists.js";
import { fileStore, memoryStore } from "../store.js";
import { portPairsText } from "../values/ports.js";
import { applyDeployment, type DeploymentProgress, type DeploymentResult, type JobRunner, removeDeployment } from "./apply.js";
import { planDeployment, planText } from "./plan.js";

/** Does what a command line asks for with a deployment, and prints what comes of it. */
export async function deploy(command: DeployCommand, print: (text: string) => void): Promise<void> {
  await withJobs(command, async (jobs) => {
    const { deployment } = command;
    if (command.deploy === "plan") {
      const { data } = await jobs.run(listContainersRequest({ includeInactive: true }));
      print(planText(planDeployment(deployment, data.containers)));
      return;
    }
    const begun = { isOpen: false };
    const onProgress = (progress: DeploymentProgress): void => {
      begun.isOpen = !progress.isDone;
      print(progressText(progress));
    };
    try {
      const result =
        command.deploy === "apply"
          ? await applyDeployment(jobs, deployment, { onProgress })
          : await removeDeployment(jobs, deployment.name, { onProgress });
      print(resultText(result));
    } catch (error) {
      if (begun.isOpen) print("failed\n");
      throw explained(error);
    }
  });
}

/** Adds the reason to the message of a failure: people see only the message. */
function explained(error: unknown): unknown {
  if (!(error instanceof JobError)) return error;
  const { engineMessage, port, container = "another program" } = error.data ?? {};
  const reason = port === undefined ? engineMessage : `Port ${port} belongs to ${container}.`;
  return reason === undefined ? error : new Error(`${error.message} ${reason}`, { cause: error });
}

/** Runs work with a server, or with jobs of this process. */
async function withJobs({ by, on }: DeployCommand, work: (jobs: JobRunner) => Promise<void>): Promise<void> {
  if (by) {
    await using jobs = new JobClient(by);
    await work(jobs);
    return;
  }
  await using client = on.endpoint === undefined ? Client.fromEnv() : new Client({ endpoint: on.endpoint });
  const store = on.stateDirectory === undefined ? memoryStore() : await fileStore(on.stateDirectory);
  try {
    const backEnd = chooseBackEnd({ client, store, ports: on.ports, swarm: on.swarm });
    await backEnd.reconcile(new AbortController().signal);
    const dispatcher = new Dispatcher({ backEnd });
    await work(dispatcher);
    await dispatcher.close();
  } finally {
    await store.close();
  }
}

const doing = { install: "installing", replace: "replacing", keep: "keeping", remove: "removing" };

function progressText({ step, isDone, current, total }: DeploymentProgress): string {
  return isDone ? "done\n" : `[${current}/${total}] ${doing[step.action]} ${step.id} … `;
}

function resultText({ steps, ports }: DeploymentResult): string {
  const kept = steps.filter(({ action }) => action === "keep").length;
  const published = [...ports].map(([id, pairs]) => `${id}: ${portPairsText(pairs)}\n`).join("");
  return `${published}${steps.length - kept} changed, ${kept} unchanged\n`;
}
