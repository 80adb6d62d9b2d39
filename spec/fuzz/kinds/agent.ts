import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { inspect } from "node:util";
import fc from "fast-check";
import { Agent } from "../../../lib/agent/agent.js";
import { Client } from "../../../lib/client.js";
import { EmbeddedEngine } from "../../../lib/engine/embedded-engine.js";
import { silentLogger } from "../../../lib/service/log.js";
import { boxArchive } from "../../support/box-archive.js";
import { checkAnswer, kindOf } from "../agent-answers.js";
import { bodies, encoded, headers } from "../agent-calls.js";
import { watchHeld } from "../held.js";
import { Finding, type KindFactory, Outcomes } from "../kind.js";
import { send } from "../send.js";

/** Random bodies and headers for every method of an agent. */
export const agent: KindFactory = async () => {
  const outcomes = new Outcomes();
  const faults: string[] = [];
  const escaped: unknown[] = [];
  const escapes = (error: unknown): void => void escaped.push(error);
  process.on("uncaughtException", escapes).on("unhandledRejection", escapes);
  const held = watchHeld();
  const folder = await mkdtemp(join(tmpdir(), "tsdc-fuzz-agent-"));
  const engine = await EmbeddedEngine.start({ standardImages: [] });
  const client = new Client({ endpoint: engine.endpoint, auth: false });
  await client.loadImage({ inputStream: Readable.from([await boxArchive()]) });
  const socketPath = join(folder, "agent.sock");
  const started = await Agent.start({
    listen: `unix://${socketPath}`,
    client,
    imageService: ":9",
    limits: { callTimeout: 2_000 },
    logger: { ...silentLogger, error: (facts) => faults.push(JSON.stringify(facts)) },
  });
  const property = fc.asyncProperty(bodies, headers, async (body, extra) => {
    const shown = `${body.toString("latin1").slice(0, 1_000)} with ${JSON.stringify(extra)}`;
    const answer = await send({ socketPath, method: "POST", path: "/_mistify_RPC_", headers: extra }, encoded(body, extra));
    outcomes.count(kindOf(answer));
    try {
      checkAnswer(answer, body);
    } catch (error) {
      throw error instanceof Finding ? new Finding(`${shown}: ${error.message}`) : error;
    }
    const fault = faults.splice(0)[0] ?? escaped.splice(0)[0];
    if (fault !== undefined) throw new Finding(`${shown} is a fault: ${inspect(fault)}`);
  });
  return {
    about: "hostile calls of an agent",
    property,
    outcomes,
    close: async () => {
      await started.close(0);
      await client.close();
      await engine.close();
      await rm(folder, { recursive: true });
      process.off("uncaughtException", escapes).off("unhandledRejection", escapes);
      const left = await held();
      if (left.length > 0) throw new Finding(`the agent has left ${left.join("; ")}`);
    },
  };
};
