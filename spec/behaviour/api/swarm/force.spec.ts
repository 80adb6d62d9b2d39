import { expect, it, onTestFinished } from "vitest";
import { client, useEngine } from "../../../support/engine.js";
import { alone, outsideSwarm, ownSwarm } from "../../../support/swarm.js";
import { needsTestbed, testbed } from "../../../support/testbed.js";

useEngine();

it("recovers a swarm with one manager when forceNewCluster is set", async (context) => {
  needsTestbed(context);
  await outsideSwarm(context);
  // Docker does not fully recover: leaving a swarm then takes five seconds, and some swarms get no networks
  onTestFinished(async () => {
    await testbed("stop");
    await testbed("up");
  });
  const nodeId = await ownSwarm(context);
  const { ID } = await client.inspectSwarm();
  // Docker may still hold the previous listen port
  const again = { ...alone, listenAddr: "127.0.0.1:2378", forceNewCluster: true };
  expect(await client.initSwarm(again)).toBe(nodeId);
  expect((await client.inspectSwarm()).ID).toBe(ID);
});
