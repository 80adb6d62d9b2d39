import { describe, expectTypeOf, it } from "vitest";
import {
  body,
  filters,
  type FilterValue,
  flag,
  integer,
  member,
  notSent,
  pathParam,
  type QueryFields,
  repeated,
  text,
  timestamp,
} from "../../../lib/core/fields/fields.js";
import { operation } from "../../../lib/core/operation.js";

interface Options {
  id: string;
  all?: boolean | undefined;
  limit?: number | undefined;
  signal?: AbortSignal | undefined;
}

const complete = { id: pathParam, all: flag("all"), limit: integer("limit"), signal: notSent };

describe("a table of fields", () => {
  it("compiles with a field for each option", () => {
    expectTypeOf(complete).toExtend<QueryFields<Options>>();
    operation<Options>({ name: "typeComplete", method: "GET", path: "/{id}", fields: complete });
  });

  it("does not compile with a missing field", () => {
    const { limit: _limit, ...forgotten } = complete;
    // @ts-expect-error limit is missing
    operation<Options>({ name: "typeForgotten", method: "GET", path: "/{id}", fields: forgotten });
    // @ts-expect-error limit is missing
    const table: QueryFields<Options> = { id: pathParam, all: flag("all"), signal: notSent };
    expectTypeOf(table).toBeObject();
  });

  it("does not compile with a misspelled field", () => {
    // @ts-expect-error there is no option lmit
    operation<Options>({ name: "typeMisspelt", method: "GET", path: "/{id}", fields: { ...complete, lmit: integer("limit") } });
  });

  it("does not compile with a field of another type", () => {
    // @ts-expect-error limit is a number
    operation<Options>({ name: "typeText", method: "GET", path: "/{id}", fields: { ...complete, limit: text("limit") } });
    // @ts-expect-error all is a boolean
    operation<Options>({ name: "typeInteger", method: "GET", path: "/{id}", fields: { ...complete, all: integer("all") } });
    // @ts-expect-error id is a string
    operation<Options>({ name: "typeFlag", method: "GET", path: "/{id}", fields: { ...complete, id: flag("id") } });
    // @ts-expect-error signal is not a string
    operation<Options>({ name: "typeSignal", method: "GET", path: "/{id}", fields: { ...complete, signal: text("signal") } });
  });

  it("does not compile when the field accepts less than the option", () => {
    operation<{ names?: string | readonly string[] }>({
      name: "typeMany",
      method: "GET",
      path: "/",
      fields: { names: repeated("name") },
    });
    operation<{ names?: string | readonly string[] }>({
      name: "typeOne",
      method: "GET",
      path: "/",
      // @ts-expect-error a list is not a string
      fields: { names: text("name") },
    });
    operation<{ since?: Date }>({ name: "typeSince", method: "GET", path: "/", fields: { since: timestamp("since") } });
  });

  it("accepts only the Engine API's HTTP methods", () => {
    // @ts-expect-error there is no such method in the Engine API
    operation<{ id: string }>({ name: "typeMethod", method: "PATCH", path: "/{id}", fields: { id: pathParam } });
  });

  it("compiles only when the body is an object with its members", () => {
    interface Config {
      Image: string;
    }
    operation<{ config: Config; extra?: number }>({
      name: "typeBody",
      method: "POST",
      path: "/",
      fields: { config: body<Config>({ members: { Image: "value" } }), extra: member<number>("Extra") },
    });
    operation<{ config: string }>({
      name: "typeBodyText",
      method: "POST",
      path: "/",
      // @ts-expect-error a string cannot be spread into the body
      fields: { config: body<Config>({ members: { Image: "value" } }) },
    });
  });
});

describe("filters", () => {
  // an interface has no index signature, unlike the constraint of filters
  type Known = { label?: FilterValue; until?: FilterValue };

  it("accept one or more values for known names", () => {
    const field = filters<Known>({ label: true, until: "1.44" });
    field.encode({ label: "a" });
    field.encode({ label: ["a", "b"], until: 5 });
    field.encode({});
  });

  it("do not compile with an unknown name", () => {
    const field = filters<Known>({ label: true, until: "1.44" });
    // @ts-expect-error there is no filter labels
    field.encode({ labels: "a" });
    // @ts-expect-error there is no filter untill
    filters<Known>({ label: true, untill: "1.44" });
    operation<{ filters?: { label?: FilterValue; name?: FilterValue } }>({
      name: "typeFilters",
      method: "GET",
      path: "/",
      // @ts-expect-error the option has a filter that the field lacks
      fields: { filters: filters<{ label: FilterValue; until: FilterValue }>({ label: true, until: true }) },
    });
  });

  it("do not compile with an invalid value", () => {
    const field = filters<Known>({ label: true, until: true });
    // @ts-expect-error null is not a value
    field.encode({ label: null });
    // @ts-expect-error an object is not a value
    field.encode({ label: { a: true } });
  });
});

describe("versions", () => {
  it("are strings", () => {
    flag("all", { since: "1.30", removed: "1.40" });
    // @ts-expect-error as a number, 1.40 would equal 1.4
    flag("all", { since: 1.4 });
    // @ts-expect-error there is no such property
    flag("all", { until: "1.40" });
  });
});
