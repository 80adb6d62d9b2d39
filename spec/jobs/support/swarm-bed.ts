import { afterAll, beforeAll, onTestFinished, type TestContext } from "vitest";
import { Client } from "../../../lib/client.js";
import { NodeAlreadyInSwarmError } from "../../../lib/errors/swarm-membership-errors.js";
import { Dispatcher, type DispatcherOptions } from "../../../lib/jobs/dispatcher.js";
import { swarmBackEnd, type SwarmBackEndOptions } from "../../../lib/jobs/swarm/swarm-back-end.js";
import { alone, leaveSwarm } from "../../support/swarm.js";
import { type JobsBed, later } from "./jobs-bed.js";

/** The engine that is the manager of a swarm, or becomes one. The embedded engine has no swarm. */
const manager = process.env["SERVICE_SPEC_ENGINE"];

/** Provides a file of specs with a swarm: that of the engine, or one of one node that it leaves after the file. */
export function useJobsSwarm(): void {
  let isOwn = false;
  beforeAll(async () => {
    if (manager === undefined) return;
    await using client = new Client({ endpoint: manager });
    try {
      await client.initSwarm({ ...alone });
      isOwn = true;
    } catch (error) {
      if (!(error instanceof NodeAlreadyInSwarmError)) throw error;
    }
  });
  afterAll(async () => {
    if (manager === undefined || !isOwn) return;
    await using client = new Client({ endpoint: manager });
    await leaveSwarm(client);
  });
}

/** Options of {@link startSwarmJobs}. */
export type SwarmBedOptions = Partial<Omit<DispatcherOptions, "backEnd">> & Partial<Omit<SwarmBackEndOptions, "client">>;

/**
 * Starts a dispatcher of jobs on a swarm for the rest of the test, which is skipped on an engine without one. Services are found
 * under the addresses of their tasks: not every kernel has IPVS.
 */
export function startSwarmJobs(context: TestContext, { store, ports, patience, ...rest }: SwarmBedOptions = {}): JobsBed {
  if (manager === undefined) return context.skip("the embedded engine has no swarm");
  const client = new Client({ endpoint: manager });
  const backEnd = swarmBackEnd({ client, store, ports, patience, endpointMode: "dnsrr", monitor: 300 });
  const dispatcher = new Dispatcher({ backEnd, slowQueue: 100, now: later(), ...rest });
  // what the test has begun is removed with this client
  onTestFinished(() => client.close());
  onTestFinished(() => dispatcher.close(0));
  return { client, backEnd, dispatcher };
}
