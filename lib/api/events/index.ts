import { Connection } from "../../core/connection.js";
import { type Merged, mixin } from "../../core/mixin.js";
import EventListenersMixin from "./listeners.js";

export * from "./event-channel.js";
export type { EventFilters } from "./event-filters.js";
export type { EventListener } from "./event-subscription.js";
export { isGap } from "./gap.js";
export * from "./listeners.js";

const parts = [EventListenersMixin] as const;

/** The operations on events. Mixed into {@link Client}. */
abstract class EventApi extends Connection {}
interface EventApi extends Merged<typeof parts> {}
mixin(EventApi, parts);

export default EventApi;
