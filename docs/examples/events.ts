/** Listens to the engine's events: many listeners on one stream, and a loop over a time that has passed. */
import { Client, type EventMessage, isGap } from "ts-dockerclient";

const client = Client.fromEnv();
const began = new Date(Date.now() - 1000);
const { Id: id } = await client.createContainer({ config: { Image: "busybox", Cmd: ["true"] } });

// #region readme
const listener = (event: EventMessage) => {
  if (isGap(event)) console.log("events were lost: read the engine's state anew");
  else console.log(event.Type, event.Action, event.Actor.Attributes.image);
};
await client.addEventListener(listener, { filters: { container: id, event: ["start", "die", "destroy"] } });
// #endregion

// a second listener, on the same connection
let destroyed: (event: EventMessage) => void = () => undefined;
const gone = new Promise<EventMessage>((resolve) => (destroyed = resolve));
await client.addEventListener(destroyed, { filters: { container: id, event: "destroy" } });

await client.startContainer({ id });
await client.waitContainer({ id });
await client.removeContainer({ id });
await gone;
client.removeEventListener(listener);
client.removeEventListener(destroyed);

// what the engine still has of an interval
const actions: string[] = [];
for await (const event of client.streamEvents({ filters: { container: id }, since: began, until: new Date() })) {
  actions.push(event.Action);
}
console.log(`again: ${actions.join(", ")}`);
await client.close();
