import { request } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { type EventFilters, eventMatcher } from "../../../../lib/api/events/event-filters.js";
import { isGap } from "../../../../lib/api/events/gap.js";
import { normalizeEvent } from "../../../../lib/api/events/normalize.js";
import type { EventMessage } from "../../../../lib/types/event.js";
import { client, IMAGE, podmanVersion, uniqueName, useEngine } from "../../../support/engine.js";
import { needsTestbed, testbed } from "../../../support/testbed.js";

useEngine();

const { TESTBED_RESTARTS = "2" } = process.env;
const rounds = Number(TESTBED_RESTARTS);

/** The events that the engine has now, fetched over a separate connection without this package. */
async function engineEvents(): Promise<EventMessage[]> {
  const socketPath = client.endpoint.replace("unix://", "");
  const path = `/v${client.apiVersion ?? ""}/events?since=0&until=${Date.now() / 1000}`;
  const body = await new Promise<string>((resolve, reject) => {
    request({ socketPath, path, headers: { Host: "docker" } }, (response) => void text(response).then(resolve, reject))
      .on("error", reject)
      .end();
  });
  return body
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => normalizeEvent(JSON.parse(line)) as EventMessage);
}

/** Creates and removes containers in a loop, even while the engine is down. */
function busyness(): { pause: () => Promise<void>; resume: () => void } {
  let isWanted = true;
  let work: Promise<void> = Promise.resolve();
  const run = async () => {
    while (isWanted) {
      const name = uniqueName("restart");
      try {
        const { Id } = await client.createContainer({
          name,
          config: { Image: IMAGE, Cmd: ["true"], Labels: { "tsdc.restart": "yes" } },
        });
        await client.startContainer({ id: Id });
        await client.removeContainer({ id: Id, force: true });
      } catch {
        // the engine is down: the next iteration completes the work
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  };
  return {
    pause: () => {
      isWanted = false;
      return work;
    },
    resume: () => {
      isWanted = true;
      work = run();
    },
  };
}

/** Removes what a killed engine has left behind. */
async function tidy(): Promise<void> {
  const left = await client.listContainers({ all: true, filters: { label: "tsdc.restart=yes" } });
  for (const { Id } of left) await client.removeContainer({ id: Id, force: true });
}

const shown = ({ Type, Action, Actor, timeNano }: EventMessage) => `${Type} ${Action} ${Actor.ID} ${timeNano}`;

const wanted: Record<string, EventFilters> = {
  everything: {},
  "creation and removal": { type: "container", event: ["create", "destroy"] },
  "with a label": { label: "tsdc.restart=yes", event: ["start", "die", "kill"] },
};

describe("an engine that is killed and restarted", () => {
  it(
    `keeps its event listeners (${rounds} times)`,
    async (context) => {
      needsTestbed(context);
      context.skip(podmanVersion !== undefined, "Podman's events outlive its service, so that none are missed");
      const heard = Object.entries(wanted).map(([name, filters]) => ({ name, filters, events: [] as EventMessage[] }));
      for (const { filters, events } of heard) {
        const listener = (event: EventMessage) => events.push(event);
        await client.addEventListener(listener, { filters });
        onTestFinished(() => client.removeEventListener(listener));
      }
      const work = busyness();
      onTestFinished(async () => {
        await work.pause();
        await tidy();
      });
      const figures: string[] = [];
      for (let round = 1; round <= rounds; round += 1) {
        work.resume();
        const enough = Math.min(...heard.map(({ events }) => events.length)) + 10;
        await expect.poll(() => heard.every(({ events }) => events.length >= enough), { timeout: 60_000 }).toBe(true);
        await testbed("kill");
        await testbed("up");
        const gaps = () => heard.map(({ events }) => events.filter(isGap).length);
        await expect.poll(gaps, { timeout: 60_000 }).toEqual(heard.map(() => round));
        const since = () => heard.map(({ events }) => events.slice(events.findLastIndex(isGap) + 1));
        await expect.poll(() => since().every((events) => events.length >= 10), { timeout: 60_000 }).toBe(true);
        await work.pause();

        // the last events arrive shortly after the calls that cause them
        let before = -1;
        let kept: EventMessage[] = [];
        await expect
          .poll(
            async () => {
              before = kept.length;
              kept = await engineEvents();
              return kept.length === before && heard[0]?.events.at(-1)?.timeNano === kept.at(-1)?.timeNano;
            },
            { interval: 300, timeout: 20_000 },
          )
          .toBe(true);
        for (const [n, { name, filters, events }] of heard.entries()) {
          const expected = kept.filter(eventMatcher(filters)).map(shown);
          const got = since()[n]?.map(shown) ?? [];
          // the engine itself stores only the last 256 events
          expect(got.slice(-expected.length), name).toEqual(expected);
          expect(new Set(events.map(shown)).size, name).toBe(events.length);
          figures.push(
            `round ${round}, ${name}: ${got.length} events since the gap, ${expected.length} of them still with the engine`,
          );
        }
        expect(gaps()).toEqual(heard.map(() => round));
      }
      console.info(figures.join("\n"));
    },
    60_000 + rounds * 60_000,
  );
});
