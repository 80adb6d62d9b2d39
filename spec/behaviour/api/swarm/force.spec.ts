import { expect, it, onTestFinished } from "vitest";
import { client, useEngine } from "../../../support/engine.js";
import { alone, outsideSwarm, ownSwarm } from "../../../support/swarm.js";
import { needsTestbed, testbed } from "../../../support/testbed.js";

useEngine();

it("A swarm goes on with one manager when it is forced to", async (context) => {
  needsTestbed(context);
  await outsideSwarm(context);
  // no engine gets over it wholly: from then on each swarm takes it five seconds to leave, and some get no networks
  onTestFinished(async () => {
    await testbed("stop");
    await testbed("up");
  });
  const nodeId = await ownSwarm();
  const { ID } = await client.inspectSwarm();
  // engines may not have let go of the port yet on which they listened
  const again = { ...alone, listenAddr: "127.0.0.1:2378", forceNewCluster: true };
  expect(await client.initSwarm(again)).toBe(nodeId);
  expect((await client.inspectSwarm()).ID).toBe(ID);
});
