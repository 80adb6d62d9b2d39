/** Listens to the engine's events: several listeners on one stream, and a loop over a past interval. */
import { Client, type EventMessage, isGap } from "ts-dockerclient";

const client = Client.fromEnv();
const began = new Date(Date.now() - 1000);
const { Id: id } = await client.createContainer({ config: { Image: "busybox", Cmd: ["true"] } });

// #region readme
const listener = (event: EventMessage) => {
  if (isGap(event)) console.log("events were lost: reload the engine's state");
  else console.log(event.Type, event.Action, event.Actor.Attributes.image);
};
await client.addEventListener(listener, { filters: { container: id, event: ["start", "die"] } });
// #endregion

// a second listener, on the same connection
let died: (event: EventMessage) => void = () => undefined;
const end = new Promise<EventMessage>((resolve) => (died = resolve));
await client.addEventListener(died, { filters: { container: id, event: "die" } });

await client.startContainer({ id });
console.log(`exit status ${(await end).Actor.Attributes.exitCode ?? "unknown"}`);
client.removeEventListener(listener);
client.removeEventListener(died);
await client.removeContainer({ id });

// the stored events of an interval, rounded up to a full second: Podman ignores fractions
const until = Math.ceil(Date.now() / 1000);
const actions: string[] = [];
for await (const event of client.streamEvents({ filters: { container: id }, since: began, until })) {
  actions.push(event.Action);
}
console.log(`again: ${actions.join(", ")}`);
await client.close();
